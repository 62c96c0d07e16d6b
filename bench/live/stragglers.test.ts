import { describe, expect, it } from 'vitest'
import { testClock } from './clock.testing.ts'
import { untilEnded } from './stragglers.ts'

const submission = (orderId: string, error?: string) => ({
  orderId,
  intendedMs: 0,
  sentMs: 0,
  answeredMs: 0,
  error,
  attempts: 1,
})

/** Waits for orders that end at these times, and gives when it waited no longer. */
const waited = async (
  endsMs: Readonly<Record<string, number>>,
  letIn: readonly string[],
  refused: string,
) => {
  const clock = testClock()
  const ended = new Map<string, number>()
  const hear = (): void => {
    for (const [orderId, atMs] of Object.entries(endsMs)) if (atMs <= clock.nowMs()) ended.set(orderId, atMs)
  }
  hear()
  const submissions = [...letIn.map((orderId) => submission(orderId)), submission(refused, 'TimeoutError')]
  await untilEnded(ended, submissions, 60_000, hear, clock)
  return clock.nowMs()
}

describe('orders that were let in', () => {
  it('are waited for until the last has ended', async () => {
    expect(await waited({ 'o-1': 0, 'o-2': 4_000 }, ['o-1', 'o-2'], 'o-3')).toBe(4_000)
  })

  it('are waited for although one ended whose answer was lost', async () => {
    expect(await waited({ 'o-1': 0, 'o-2': 4_000, 'o-3': 0 }, ['o-1', 'o-2'], 'o-3')).toBe(4_000)
  })

  it('are waited for no longer than patience lasts', async () => {
    expect(await waited({ 'o-1': 0 }, ['o-1', 'o-2'], 'o-3')).toBe(60_000)
  })

  it('are not waited for where none was', async () => {
    expect(await waited({}, [], 'o-3')).toBe(0)
  })

  it('are waited for no longer once the run is stopped', async () => {
    const stopped = new Error('stopped')
    const stop = (): never => {
      throw stopped
    }
    await expect(untilEnded(new Map(), [submission('o-1')], 60_000, stop, testClock())).rejects.toBe(stopped)
  })
})
