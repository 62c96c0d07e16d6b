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

  it.each([
    { name: 'a throttle', error: named('ThrottlingException') },
    { name: 'a throttle of Lambda', error: named('TooManyRequestsException') },
    { name: 'a connection that was cut', error: Object.assign(new Error('cut'), { code: 'ECONNRESET' }) },
    { name: 'a name that was not found', error: new Error('no', { cause: named('ENOTFOUND') }) },
    { name: 'an outage', error: Object.assign(named('X'), { $metadata: { httpStatusCode: 503 } }) },
  ])('are made again after $name, for minutes', async ({ error }) => {
    let left = 300
    const answer = await paced(
      10,
      testClock(),
    )(async () => {
      left -= 1
      if (left > 0) throw error
      return 'answer'
    })
    expect(answer).toBe('answer')
  })

  it('give up after an hour that was lost piece by piece, however many calls there are', async () => {
    const clock = testClock()
    const pace = paced(10, clock)
    const throttled = named('ThrottlingException')
    const twoMinutesEach = async (): Promise<void> => {
      for (let call = 0; call < 100; call += 1) {
        const untilMs = clock.nowMs() + 120_000
        await pace(() => (clock.nowMs() < untilMs ? Promise.reject(throttled) : Promise.resolve()))
      }
    }
    await expect(twoMinutesEach()).rejects.toBe(throttled)
    expect(clock.nowMs()).toBeLessThan(3_700_000)
  })

  it('give up when they are throttled for ten minutes on end', async () => {
    const clock = testClock()
    const throttled = named('ThrottlingException')
    await expect(paced(10, clock)(() => Promise.reject(throttled))).rejects.toBe(throttled)
    expect(clock.nowMs()).toBeGreaterThanOrEqual(600_000)
    expect(clock.nowMs()).toBeLessThan(602_000)
  })

  it.each([
    { name: 'are not allowed', error: named('AccessDeniedException') },
    { name: 'are wrong', error: Object.assign(named('X'), { $metadata: { httpStatusCode: 400 } }) },
  ])('are not repeated where they $name', async ({ error }) => {
    let calls = 0
    const call = (): Promise<never> => {
      calls += 1
      return Promise.reject(error)
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
