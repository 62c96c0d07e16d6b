import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Deadlines } from './deadlines.ts'

const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('after the last' as const), ms: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('at any time' as const), ms: fc.nat(200) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('drop' as const), ms: fc.constant(0) }) },
)

interface Deadline {
  readonly atMs: number
  readonly thing: number
}

const insertInto = (deadlines: Deadline[], added: Deadline): void => {
  const later = deadlines.findIndex(({ atMs }) => atMs > added.atMs)
  deadlines.splice(later < 0 ? deadlines.length : later, 0, added)
}

it('deadlines come in the order of their times, those of one time in the order of their making', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 6000, size: 'max' }), (steps) => {
      const deadlines = new Deadlines<number>()
      const expected: Deadline[] = []
      let lastMs = 0
      let thing = 0
      for (const { kind, ms } of steps) {
        if (kind === 'drop') {
          if (expected.shift() !== undefined) deadlines.dropFirst()
        } else {
          lastMs = kind === 'after the last' ? lastMs + ms : ms
          thing += 1
          deadlines.push(lastMs, thing)
          insertInto(expected, { atMs: lastMs, thing })
        }
        expect(deadlines.firstMs).toBe(expected[0]?.atMs)
        expect(deadlines.first).toBe(expected[0]?.thing)
      }
    }),
    { seed: 20260105, numRuns: 20 },
  )
})
