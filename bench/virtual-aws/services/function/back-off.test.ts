import { describe, expect, it } from 'vitest'
import { deployWorker, recordsOf, startMs, workerTemplate } from '../../stack.testing.ts'
import { growthMs } from './pollers.ts'

const minuteMs = 60_000
const secondsMs = 1000

/** A function that fails for half a minute and then works again, fed more than it can take. */
const troubled = (mapping: Readonly<Record<string, unknown>>) => {
  let active = 0
  const actives: { readonly atMs: number; readonly active: number }[] = []
  const done: string[] = []
  const watched = deployWorker(
    workerTemplate({
      mapping: { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 40 }, ...mapping },
      queue: { VisibilityTimeout: 10 },
    }),
    ({ clock }) =>
      async (event) => {
        active += 1
        actives.push({ atMs: clock.nowMs() - startMs, active })
        await clock.sleep(500)
        active -= 1
        if (clock.nowMs() - startMs < 30_000) throw new Error('no')
        done.push(...recordsOf(event).map(({ body }) => body))
      },
  )
  const count = 400
  for (let index = 0; index < count; index += 1) watched.send(`${index}`)
  const activeMaxBetween = (fromMs: number, toMs: number) =>
    Math.max(...actives.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).map((seen) => seen.active))
  return { ...watched, activeMaxBetween, done, count }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html (read 2026-11-25) */
describe('a mapping whose function fails', () => {
  it('backs off, and comes back by 300 a minute', async () => {
    const { stack, activeMaxBetween, done, count } = troubled({ FunctionResponseTypes: undefined })
    await stack.kernel.run(startMs + 5 * minuteMs)
    expect(activeMaxBetween(5 * secondsMs, 29 * secondsMs)).toBeLessThan(8)
    const at = (seconds: number) => activeMaxBetween(seconds * secondsMs, (seconds + 1) * secondsMs)
    expect(at(36) - at(33)).toBeLessThanOrEqual(Math.ceil(3000 / growthMs) + 1)
    expect(activeMaxBetween(30 * secondsMs, 40 * secondsMs)).toBeGreaterThan(25)
    expect(new Set(done).size).toBe(count)
    expect(stack.depths().get('JobQueue')).toBe(0)
  })

  it('does not when it reports batch item failures', async () => {
    const { stack, activeMaxBetween, done, count } = troubled({})
    await stack.kernel.run(startMs + 5 * minuteMs)
    expect(activeMaxBetween(11 * secondsMs, 29 * secondsMs)).toBe(40)
    expect(new Set(done).size).toBe(count)
  })
})
