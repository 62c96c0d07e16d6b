import { describe, expect, it } from 'vitest'
import { testClock } from './clock.testing.ts'
import { paced } from './pace.ts'

const named = (name: string): Error => Object.assign(new Error('no'), { name })

describe('calls at a pace', () => {
  it('follow each other as fast as the quota refills, whoever makes them', async () => {
    const clock = testClock(1_000)
    const pace = paced(4, clock)
    const atMs: number[] = []
    await Promise.all(Array.from({ length: 5 }, () => pace(async () => atMs.push(clock.nowMs()))))
    expect(atMs).toEqual([1_000, 1_250, 1_500, 1_750, 2_000])
  })

  it.each(['ThrottlingException', 'TooManyRequestsException'])(
    'are made again after %s, however often',
    async (name) => {
      let left = 50
      const answer = await paced(
        10,
        testClock(),
      )(async () => {
        left -= 1
        if (left > 0) throw named(name)
        return 'answer'
      })
      expect(answer).toBe('answer')
    },
  )

  it('give up when they are throttled for ten minutes on end', async () => {
    const clock = testClock()
    const throttled = named('ThrottlingException')
    await expect(paced(10, clock)(() => Promise.reject(throttled))).rejects.toBe(throttled)
    expect(clock.nowMs()).toBeGreaterThanOrEqual(600_000)
    expect(clock.nowMs()).toBeLessThan(602_000)
  })

  it('are not repeated after another error', async () => {
    let calls = 0
    const call = (): Promise<never> => {
      calls += 1
      return Promise.reject(named('AccessDeniedException'))
    }
    await expect(paced(10, testClock())(call)).rejects.toThrow('no')
    expect(calls).toBe(1)
  })

  it('are not made once the signal is aborted', async () => {
    const controller = new AbortController()
    const stopped = new Error('stopped')
    const throttledOnce = (): Promise<never> => {
      controller.abort(stopped)
      return Promise.reject(named('ThrottlingException'))
    }
    await expect(paced(10, testClock())(throttledOnce, controller.signal)).rejects.toBe(stopped)
  })
})
