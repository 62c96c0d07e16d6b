import { describe, expect, it } from 'vitest'
import {
  hasRunOut,
  isOutage,
  patienceMs,
  receivesMax,
  retryDelayMs,
  retrySchedule,
  TableUnavailable,
} from './patience.ts'
import { ProviderUnavailable } from './providers.ts'

describe('patience', () => {
  const time = '2026-01-05T00:00:00.000Z'
  it.each([
    { name: 'one millisecond before 30 minutes', afterMs: patienceMs - 1, hasEnded: false },
    { name: '30 minutes after', afterMs: patienceMs, hasEnded: true },
  ])('has run out $name: $hasEnded', ({ afterMs, hasEnded }) => {
    expect(hasRunOut(time, Date.parse(time) + afterMs)).toBe(hasEnded)
  })

  it('is tried by outages, not by defects', () => {
    expect(
      [new ProviderUnavailable('p'), new TableUnavailable('t'), new TypeError('d')].map(isOutage),
    ).toEqual([true, true, false])
  })
})

describe('the delay before a retry', () => {
  const delaysMs = (failedAttempts: number) =>
    Array.from({ length: 4_000 }, (_, index) => retryDelayMs(failedAttempts, `message-${index}`))

  it.each([
    { failedAttempts: 1, boundMs: 1_000 },
    { failedAttempts: 2, boundMs: 2_000 },
    { failedAttempts: 6, boundMs: 32_000 },
    { failedAttempts: 7, boundMs: 60_000 },
    { failedAttempts: 99, boundMs: 60_000 },
  ])(
    'after $failedAttempts failed attempts is spread evenly up to $boundMs ms',
    ({ failedAttempts, boundMs }) => {
      const delays = delaysMs(failedAttempts)
      const mean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length
      expect(Math.max(...delays)).toBeLessThan(boundMs)
      expect(mean / boundMs).toBeCloseTo(0.5, 1)
    },
  )

  /** How long that many attempts take on average, from the first to the last. */
  const meanMs = (attempts: number): number =>
    Array.from({ length: attempts - 1 }, (_, index) =>
      Math.min(retrySchedule.delayMsMax, retrySchedule.intervalMs * retrySchedule.backoffRate ** index),
    ).reduce((sum, boundMs) => sum + boundMs / 2, 0)

  it('lets a step be tried until its patience ends', () => {
    expect(meanMs(retrySchedule.retriesMax + 1)).toBeGreaterThan(1.4 * patienceMs)
  })

  it('leaves as many receives for the compensation as for the step', () => {
    expect(receivesMax).toBe(2 * (retrySchedule.retriesMax + 1))
    expect(meanMs(receivesMax)).toBeGreaterThan(3 * patienceMs)
  })
})
