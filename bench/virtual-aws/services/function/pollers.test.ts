import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deployWorker, startMs, workerTemplate } from '../../stack.testing.ts'
import { concurrencyMaxDefault, growthMs, Pollers, pollersAtFirst } from './pollers.ts'

const minuteMs = 60_000

/** Messages that take 45 s each, as many as asked for at each of these times, one to a batch. */
const burst = async (
  bursts: readonly { readonly atMs: number; readonly count: number }[],
  mapping: Readonly<Record<string, unknown>>,
  untilMs: number,
) => {
  let active = 0
  const started: { readonly atMs: number; readonly active: number }[] = []
  const watched = deployWorker(
    workerTemplate({
      function: { Timeout: 60 },
      mapping: { BatchSize: 1, ScalingConfig: undefined, ...mapping },
      queue: { VisibilityTimeout: 3600 },
    }),
    ({ clock }) =>
      async () => {
        active += 1
        started.push({ atMs: clock.nowMs() - startMs, active })
        await clock.sleep(45_000)
        active -= 1
      },
  )
  for (const { atMs, count } of bursts) {
    watched.stack.kernel.at(startMs + atMs, () => {
      for (let index = 0; index < count; index += 1) watched.send(`${index}`)
    })
  }
  await watched.stack.kernel.run(startMs + untilMs)
  const activeAt = (atMs: number) => started.findLast((seen) => seen.atMs <= atMs)?.active ?? 0
  return { started, activeAt }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html (read 2026-11-22) */
describe('the pollers of a mapping', () => {
  it('are five at first, and up to 300 more a minute while messages wait', async () => {
    const { started, activeAt } = await burst([{ atMs: 0, count: 1000 }], {}, 40_000)
    expect(activeAt(650)).toBeGreaterThanOrEqual(pollersAtFirst)
    for (const { atMs, active } of started) {
      expect(active).toBeLessThanOrEqual(pollersAtFirst + Math.ceil(atMs / growthMs))
    }
    expect(activeAt(40_000)).toBeGreaterThan(pollersAtFirst + 40_000 / growthMs - 5)
  })

  it.each([2, 4, 20])('are never more than the maximum concurrency of %d', async (maximum) => {
    const mapping = { ScalingConfig: { MaximumConcurrency: maximum } }
    const { started } = await burst([{ atMs: 0, count: 100 }], mapping, 5 * minuteMs)
    expect(Math.max(...started.map(({ active }) => active))).toBe(maximum)
  })

  it('do not become more as long as no message waits', async () => {
    const pollers = new Pollers(pollersAtFirst, concurrencyMaxDefault)
    const { started } = await burst([{ atMs: 0, count: 5 }], {}, minuteMs)
    expect(Math.max(...started.map(({ active }) => active))).toBe(5)
    expect(pollers.allowed(0, startMs + minuteMs)).toBe(5)
  })

  it('are five again after a quiet time, which a second burst starts from', async () => {
    const { activeAt } = await burst(
      [
        { atMs: 0, count: 150 },
        { atMs: 3 * minuteMs, count: 1000 },
      ],
      {},
      3 * minuteMs + 20_000,
    )
    const second = activeAt(3 * minuteMs + 10_000)
    expect(second).toBeGreaterThan(45)
    expect(second).toBeLessThanOrEqual(pollersAtFirst + Math.ceil(10_000 / growthMs))
  })

  it('grow to 1,250 and no further', () => {
    const pollers = new Pollers(pollersAtFirst, concurrencyMaxDefault)
    let nowMs = startMs
    while (pollers.canGrow) {
      nowMs += growthMs
      pollers.grow(nowMs)
    }
    expect(pollers.allowed(1250, nowMs)).toBe(1250)
    expect(nowMs - startMs).toBe(1245 * growthMs)
  })

  it('are never fewer than those that are busy nor than five, unless they backed off, and never above the maximum', () => {
    const anyStep = fc.record({
      passMs: fc.integer({ min: 0, max: 3000 }),
      busyShare: fc.double({ min: 0, max: 1, noNaN: true }),
      grows: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), fc.integer({ min: 2, max: 40 }), (steps, maximum) => {
        const pollers = new Pollers(pollersAtFirst, maximum)
        let nowMs = startMs
        let allowed = pollers.allowed(0, nowMs)
        for (const { passMs, busyShare, grows } of steps) {
          nowMs += passMs
          const busy = Math.floor(busyShare * allowed)
          if (grows) pollers.grow(nowMs)
          const next = pollers.allowed(busy, nowMs)
          expect(next).toBeGreaterThanOrEqual(Math.max(busy, Math.min(pollersAtFirst, maximum)))
          expect(next).toBeLessThanOrEqual(Math.min(maximum, allowed + 1))
          allowed = next
        }
      }),
      { seed: 20_261_125, numRuns: 200 },
    )
  })

  it('halve with each error of a function that reports no failures, down to one', () => {
    const pollers = new Pollers(pollersAtFirst, 40)
    for (let second = 0; second < 35; second += 1) pollers.grow(startMs)
    const seen: number[] = []
    for (let error = 0; error < 7; error += 1) {
      pollers.backOff(startMs)
      seen.push(pollers.allowed(0, startMs))
    }
    expect(seen).toEqual([20, 10, 5, 2, 1, 1, 1])
  })
})
