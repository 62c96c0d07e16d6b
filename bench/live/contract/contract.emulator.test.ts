import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { connect, disconnect } from '../target.ts'
import { statements } from './all.ts'
import { emulatorDifferences } from './emulator-differences.ts'
import { unexplained } from './explained.ts'
import type { Verdict } from './verdict.ts'
import { checkOnWire } from './wire.ts'

const clients = connect({ kind: 'endpoint', url: inject('emulatorUrl'), region: 'us-east-1' })
let verdicts: readonly Verdict[] = []

beforeAll(async () => {
  verdicts = await checkOnWire(clients, statements, { prefix: 'Contract', atOnce: 24, settleMs: 0 })
}, 300_000)
afterAll(() => disconnect(clients))

describe('MiniStack keeps the contract, but for the differences that are listed', () => {
  it.each(statements)('$id: $statement', ({ id }) => {
    const verdict = verdicts.find((one) => one.id === id)
    if (verdict === undefined) throw new Error('It was not checked.')
    expect(unexplained(verdict, emulatorDifferences)).toBeUndefined()
  })
})
