import { describe, expect, it } from 'vitest'
import { inBackground } from './background.ts'
import { testClock } from './clock.testing.ts'
import { watchOurs } from './run-live.ts'

describe('a step in the background', () => {
  it('is not told of when it fails because it was stopped', async () => {
    let told: unknown
    const step = (stopped: AbortSignal): Promise<never> =>
      new Promise((_, reject) => stopped.addEventListener('abort', () => reject(stopped.reason)))
    await inBackground(step, (error) => {
      told = error
    })()
    expect(told).toBeUndefined()
  })
})

describe('functions that a run has set', () => {
  it('are looked at every minute: when they are another run’s, it hears of it', async () => {
    const clock = testClock()
    const checkedMs: number[] = []
    const taken = new Error('taken')
    const checkOurs = async (): Promise<void> => {
      checkedMs.push(clock.nowMs())
      if (checkedMs.length === 3) throw taken
    }
    const told = await new Promise((resolve) => watchOurs({ checkOurs }, resolve, clock))
    expect(told).toBe(taken)
    expect(checkedMs).toEqual([500, 60_500, 120_500])
  })
})
