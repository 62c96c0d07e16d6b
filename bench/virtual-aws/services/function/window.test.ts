import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deployWorker, recordsOf, startMs, workerTemplate } from '../../stack.testing.ts'

const minuteMs = 60_000

interface Batch {
  readonly atMs: number
  readonly bodies: readonly string[]
}

const windowed = (mapping: Readonly<Record<string, unknown>>, more: { readonly workMs?: number } = {}) => {
  const batches: Batch[] = []
  const watched = deployWorker(
    workerTemplate({ mapping: { MaximumBatchingWindowInSeconds: 5, ...mapping } }),
    ({ clock }) =>
      async (event) => {
        batches.push({ atMs: clock.nowMs() - startMs, bodies: recordsOf(event).map(({ body }) => body) })
        if (more.workMs !== undefined) await clock.sleep(more.workMs)
      },
  )
  const sendAt = (times: readonly number[], body = 'x'): void => {
    for (const time of times) watched.stack.kernel.at(startMs + time, () => watched.send(body))
  }
  return { ...watched, batches, sendAt }
}

/**
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (read 2026-11-22): a batch ends with its
 * window, with its size, or with the payload, whichever comes first.
 */
describe('a batching window', () => {
  it('gathers what comes for so long after the first message', async () => {
    const { batches, sendAt, stack } = windowed({ BatchSize: 100 })
    sendAt([0, 1000, 2000, 4800, 8000])
    await stack.kernel.run(startMs + minuteMs)
    expect(batches.map(({ bodies }) => bodies.length)).toEqual([4, 1])
    const [first] = batches
    expect(first?.atMs).toBeGreaterThan(5000)
    // The hop that brings the first message, and a cold start.
    expect(first?.atMs).toBeLessThan(6000)
  })

  it('ends early when the batch is full', async () => {
    const { batches, sendAt, stack } = windowed({ BatchSize: 3 })
    sendAt([0, 100, 200, 300])
    await stack.kernel.run(startMs + minuteMs)
    expect(batches.map(({ bodies }) => bodies.length)).toEqual([3, 1])
    expect(batches[0]?.atMs).toBeLessThan(2000)
    expect(batches[1]?.atMs).toBeGreaterThan(5300)
  })

  it('allows batches of up to 10,000, which are received and deleted ten to a request', async () => {
    const { batches, sendAt, stack, calls } = windowed({ BatchSize: 10_000 })
    sendAt(Array.from({ length: 2500 }, (_, index) => index))
    await stack.kernel.run(startMs + minuteMs)
    expect(batches.map(({ bodies }) => bodies.length)).toEqual([2500])
    expect(calls.find(({ action }) => action === 'DeleteMessageBatch')?.units).toBe(250)
  })

  it('ends early when one more message would exceed the payload of 6 MB', async () => {
    const { batches, sendAt, stack } = windowed({ BatchSize: 1000 })
    sendAt(
      Array.from({ length: 30 }, (_, index) => index),
      'x'.repeat(250_000),
    )
    await stack.kernel.run(startMs + minuteMs)
    expect(batches.map(({ bodies }) => bodies.length)).toEqual([25, 5])
    expect(batches[0]?.atMs).toBeLessThan(3000)
    expect(stack.depths().get('JobQueue')).toBe(0)
  })

  it('opens for a new batch only when a poller is free', async () => {
    const { batches, sendAt, stack } = windowed(
      { BatchSize: 5, ScalingConfig: { MaximumConcurrency: 2 }, MaximumBatchingWindowInSeconds: 1 },
      { workMs: 9000 },
    )
    sendAt(Array.from({ length: 20 }, (_, index) => index * 10))
    await stack.kernel.run(startMs + minuteMs)
    expect(batches.map(({ bodies }) => bodies.length)).toEqual([5, 5, 5, 5])
    expect(batches[2]?.atMs).toBeGreaterThan(9000)
  })

  it('needs no list of response types: an empty one reports nothing', async () => {
    const { batches, sendAt, stack } = windowed({ FunctionResponseTypes: [] })
    sendAt([0])
    await stack.kernel.run(startMs + minuteMs)
    expect(batches).toHaveLength(1)
    expect(stack.depths().get('JobQueue')).toBe(0)
  })

  it.each([
    { name: 'is the default', mapping: { MaximumBatchingWindowInSeconds: undefined } },
    { name: 'may be said', mapping: { MaximumBatchingWindowInSeconds: 0 } },
  ])('of 0 s $name: a message alone is handed over at once', async ({ mapping }) => {
    const { batches, sendAt, stack } = windowed(mapping)
    sendAt([0])
    await stack.kernel.run(startMs + minuteMs)
    expect(batches[0]?.atMs).toBeLessThan(1000)
  })
})

describe('a batch without a window', () => {
  it('is parted when its payload exceeds 6 MB', async () => {
    const { batches, stack, sendAt } = windowed(
      {
        MaximumBatchingWindowInSeconds: undefined,
        BatchSize: 10,
        ScalingConfig: { MaximumConcurrency: 2 },
      },
      { workMs: 100 },
    )
    // Escaped in JSON, each of these characters takes two.
    sendAt(new Array(10).fill(0), '"'.repeat(500_000))
    await stack.kernel.run(startMs + 5 * minuteMs)
    expect(batches.reduce((sum, { bodies }) => sum + bodies.length, 0)).toBe(10)
    expect(Math.max(...batches.map(({ bodies }) => bodies.length))).toBeLessThanOrEqual(6)
    expect(stack.depths().get('JobQueue')).toBe(0)
  })
})

describe('batches of any load', () => {
  const anyLoad = fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 80 })
  const anySettings = fc.record({
    BatchSize: fc.integer({ min: 1, max: 15 }),
    window: fc.integer({ min: 1, max: 6 }),
    MaximumConcurrency: fc.integer({ min: 2, max: 4 }),
    workMs: fc.integer({ min: 0, max: 4000 }),
    failEvery: fc.integer({ min: 2, max: 5 }),
  })

  it('are never larger nor later than they may be, never more at once, and lose nothing', async () => {
    await fc.assert(
      fc.asyncProperty(anyLoad, anySettings, async (times, given) => {
        const { BatchSize, window, MaximumConcurrency, workMs, failEvery } = given
        let count = 0
        let active = 0
        const done = new Set<string>()
        const watched = deployWorker(
          workerTemplate({
            mapping: {
              BatchSize,
              MaximumBatchingWindowInSeconds: window,
              ScalingConfig: { MaximumConcurrency },
            },
          }),
          ({ clock }) =>
            async (event) => {
              const records = recordsOf(event)
              active += 1
              expect(active).toBeLessThanOrEqual(MaximumConcurrency)
              expect(records.length).toBeLessThanOrEqual(BatchSize)
              await clock.sleep(workMs)
              active -= 1
              count += 1
              if (count % failEvery === 0) throw new Error('no')
              for (const { body } of records) done.add(body)
            },
        )
        for (const [index, time] of times.entries()) {
          watched.stack.kernel.at(startMs + time, () => watched.send(`${index}`))
        }
        await watched.stack.kernel.run(Number.POSITIVE_INFINITY)
        expect(done.size).toBe(times.length)
        expect(watched.stack.depths().get('JobQueue')).toBe(0)
        const starts = watched.invocations.map(({ startedMs, event }) => ({ startedMs, event }))
        for (const { startedMs, event } of starts) {
          for (const { attributes } of recordsOf(event)) {
            if (attributes['ApproximateReceiveCount'] !== '1') continue
            const gatheredMs = startedMs - Number(attributes['ApproximateFirstReceiveTimestamp'])
            // Beside the window, only the placing of a new environment.
            expect(gatheredMs).toBeLessThan(window * 1000 + 1000)
          }
        }
      }),
      { seed: 20_261_125, numRuns: 60 },
    )
  })
})

describe('a mapping is refused', () => {
  it.each([
    {
      name: 'a batch of 10,001',
      mapping: { BatchSize: 10_001 },
      says: 'expected an integer from 1 to 10000',
    },
    {
      name: 'a batch of 11 without a window',
      mapping: { BatchSize: 11, MaximumBatchingWindowInSeconds: 0 },
      says: 'Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10',
    },
    {
      name: 'a window of 301 s',
      mapping: { MaximumBatchingWindowInSeconds: 301 },
      says: 'expected an integer from 0 to 300',
    },
    {
      name: 'a maximum concurrency of 1',
      mapping: { ScalingConfig: { MaximumConcurrency: 1 } },
      says: 'expected an integer from 2 to 1000',
    },
    {
      name: 'a maximum concurrency of 1,001',
      mapping: { ScalingConfig: { MaximumConcurrency: 1001 } },
      says: 'expected an integer from 2 to 1000',
    },
    {
      name: 'a window on a FIFO queue',
      mapping: { EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:Q.fifo' },
      says: 'Batching window is not supported for FIFO queues',
    },
    {
      name: 'a batch of 11 from a FIFO queue',
      mapping: { EventSourceArn: 'arn:aws:sqs:eu-west-1:111122223333:Q.fifo', BatchSize: 11 },
      says: 'expected an integer from 1 to 10, got 11',
    },
  ])('for $name', ({ mapping, says }) => {
    expect(() => windowed(mapping)).toThrow(says)
  })
})
