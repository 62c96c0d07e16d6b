import { describe, expect, it } from 'vitest'
import { deployWorker, recordsOf, startMs, workerTemplate } from '../../stack.testing.ts'

const minuteMs = 60_000

/** One at a time may run; a second message comes while the first is worked on. */
const contended = (workMs: number, visibilitySeconds: number) => {
  const template = workerTemplate({
    function: { ReservedConcurrentExecutions: 1, Timeout: 30 },
    mapping: { BatchSize: 1 },
    queue: { VisibilityTimeout: visibilitySeconds },
  })
  const watched = deployWorker(template, ({ clock }) => async (event) => {
    if (recordsOf(event)[0]?.body === 'first') await clock.sleep(workMs)
  })
  watched.send('first')
  watched.stack.kernel.at(startMs + 1000, () => watched.send('second'))
  const receivesOf = (body: string) =>
    watched.invocations
      .flatMap(({ event }) => recordsOf(event))
      .filter((record) => record.body === body)
      .map(({ attributes }) => attributes['ApproximateReceiveCount'])
  return { ...watched, receivesOf }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html (read 2026-11-25) */
describe('a throttled batch', () => {
  it('is tried again while its messages are hidden, and received once', async () => {
    const { stack, receivesOf, throttles } = contended(10_000, 60)
    await stack.kernel.run(startMs + 5 * minuteMs)
    expect(receivesOf('second')).toEqual(['1'])
    expect(throttles.length).toBeGreaterThan(2)
    expect(throttles.length).toBeLessThan(8)
    expect(stack.depths().get('JobQueue')).toBe(0)
  })

  it('is let go before its messages come back, which are then received again', async () => {
    const template = workerTemplate({
      function: { ReservedConcurrentExecutions: 0 },
      queue: { VisibilityTimeout: 30 },
    })
    const watched = deployWorker(template, () => async () => undefined)
    watched.send('x')
    await watched.stack.kernel.run(startMs + 100_000)
    const received = watched.calls.filter(({ action }) => action === 'ReceiveMessage')
    expect(received.map(({ startedMs }) => Math.floor((startedMs - startMs) / 1000))).toEqual([0, 30, 60, 90])
    for (const { startedMs } of received) {
      const tries = watched.throttles.filter(({ atMs }) => atMs >= startedMs && atMs < startedMs + 30_000)
      expect(tries.length).toBeGreaterThan(2)
    }
    expect(watched.stack.depths().get('JobQueue')).toBe(1)
  })

  it('of a function that may never run waits longer and longer, and stays in the queue', async () => {
    const template = workerTemplate({
      function: { ReservedConcurrentExecutions: 0 },
      queue: { VisibilityTimeout: 600 },
    })
    const watched = deployWorker(template, () => async () => undefined)
    watched.send('x')
    await watched.stack.kernel.run(startMs + 10 * minuteMs - 1)
    const times = watched.throttles.map(({ atMs }) => atMs)
    const waits = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0))
    for (const [index, wait] of waits.entries()) {
      const whole = Math.min(1000 * 2 ** index, 60_000)
      expect(wait).toBeGreaterThanOrEqual(whole / 2)
      expect(wait).toBeLessThanOrEqual(whole)
    }
    expect(waits.length).toBeGreaterThan(10)
    expect(watched.invocations).toEqual([])
    expect(watched.stack.depths().get('JobQueue')).toBe(1)
  })

  it('keeps its poller: no more batches wait than the maximum concurrency', async () => {
    const template = workerTemplate({
      function: { ReservedConcurrentExecutions: 0 },
      mapping: { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } },
    })
    const watched = deployWorker(template, () => async () => undefined)
    for (let index = 0; index < 10; index += 1) watched.send(`${index}`)
    await watched.stack.kernel.run(startMs + 30_000)
    const received = watched.calls.filter(({ action }) => action === 'ReceiveMessage')
    expect(received).toHaveLength(2)
  })
})
