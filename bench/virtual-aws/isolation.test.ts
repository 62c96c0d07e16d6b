import { describe, expect, it } from 'vitest'
import type { Deployment } from './deploy.ts'
import type { Observer } from './observer.ts'
import { putEvent, sendMessage, start, travel } from './paths.testing.ts'

/** Everything that a run tells, a line each. */
const recorder = (): { readonly lines: string[]; readonly observer: Observer } => {
  const lines: string[] = []
  const note =
    (kind: string) =>
    (...heard: readonly unknown[]) =>
      void lines.push(`${kind} ${JSON.stringify(heard)}`)
  const kinds = ['call', 'invocation', 'transition', 'execution', 'metered', 'lost', 'throttled', 'duplicate']
  return { lines, observer: Object.fromEntries(kinds.map((kind) => [kind, note(kind)])) }
}

const everyPath = (stack: Deployment): void => {
  for (const send of [start('Direct'), start('Asking'), sendMessage, putEvent]) send(stack)
}

const traced = async (seed: number, everyMs: number): Promise<readonly string[]> => {
  const { lines, observer } = recorder()
  await travel({ count: 30, everyMs, send: everyPath, seed, observer })
  return lines
}

describe('two deployments in one process', () => {
  it('do not see each other: each tells what it tells alone, to the last id and token', async () => {
    const alone = await traced(1, 700)
    const [beside, other] = await Promise.all([traced(1, 700), traced(2, 130)])
    expect(beside).toEqual(alone)
    expect(other).toEqual(await traced(2, 130))
    expect(other).not.toEqual(alone)
  })
})
