import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { FunctionRuntime, Template } from '../../deploy.ts'
import { deployWorker, recordsOf, startMs, workerTemplate } from '../../stack.testing.ts'

/** Ways in which one attempt at a batch may end. */
type Fate = 'succeeds' | 'throws' | 'hangs' | 'crashes' | 'reports'

const anySettings = fc.record({
  batchSize: fc.integer({ min: 1, max: 10 }),
  windowSeconds: fc.integer({ min: 0, max: 2 }),
  reports: fc.boolean(),
  filters: fc.boolean(),
  maximum: fc.option(fc.integer({ min: 2, max: 7 }), { nil: undefined }),
  reserved: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  workMs: fc.integer({ min: 0, max: 3000 }),
})
type Settings = typeof anySettings extends fc.Arbitrary<infer Value> ? Value : never

const anyLoad = fc.array(
  fc.record({ afterMs: fc.nat(500), burst: fc.integer({ min: 1, max: 12 }), isWanted: fc.boolean() }),
  { minLength: 1, maxLength: 15 },
)
const anyFates = fc.array(
  fc.constantFrom<Fate>('succeeds', 'succeeds', 'throws', 'hangs', 'crashes', 'reports'),
  { maxLength: 20 },
)

const timeoutMs = 5000
const onlyWanted = { Filters: [{ Pattern: JSON.stringify({ body: [{ prefix: 'wanted' }] }) }] }

const templateOf = (given: Settings): Template =>
  workerTemplate({
    function: {
      Timeout: timeoutMs / 1000,
      ...(given.reserved !== undefined && { ReservedConcurrentExecutions: given.reserved }),
    },
    mapping: {
      BatchSize: given.batchSize,
      MaximumBatchingWindowInSeconds: given.windowSeconds,
      FunctionResponseTypes: given.reports ? ['ReportBatchItemFailures'] : undefined,
      ScalingConfig: given.maximum === undefined ? undefined : { MaximumConcurrency: given.maximum },
      FilterCriteria: given.filters ? onlyWanted : undefined,
    },
    queue: { VisibilityTimeout: 30 },
  })

/** A function whose attempts meet one fate after the other, and which remembers what it has done. */
class Worker {
  readonly succeeded = new Set<string>()
  activeMax = 0
  readonly #given: Settings
  readonly #fates: readonly Fate[]
  readonly #dying = new Set<unknown>()
  #attempts = 0
  #active = 0

  constructor(given: Settings, fates: readonly Fate[]) {
    this.#given = given
    this.#fates = fates
  }

  async work(event: unknown, { clock }: FunctionRuntime, after: (ms: number, run: () => void) => void) {
    const fate = this.#fates[this.#attempts] ?? 'succeeds'
    this.#attempts += 1
    this.#begin(event)
    if (fate === 'hangs') {
      // The timeout ends it, and what it awaits never settles.
      after(timeoutMs, () => this.#end())
      await clock.sleep(2 * timeoutMs)
    }
    await clock.sleep(this.#given.workMs)
    this.#end()
    if (fate === 'throws') throw new Error('no')
    return this.#answer(event, fate)
  }

  isDying(event: unknown): boolean {
    return this.#dying.has(event)
  }

  #begin(event: unknown): void {
    this.#active += 1
    this.activeMax = Math.max(this.activeMax, this.#active)
    expect(recordsOf(event).length).toBeLessThanOrEqual(this.#given.batchSize)
  }

  #end(): void {
    this.#active -= 1
  }

  #answer(event: unknown, fate: Fate) {
    const failed = fate === 'reports' && this.#given.reports ? recordsOf(event).slice(0, 1) : []
    if (fate === 'crashes') this.#dying.add(event)
    else {
      for (const record of recordsOf(event)) if (!failed.includes(record)) this.succeeded.add(record.body)
    }
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) }
  }
}

it('a message leaves the queue only after a success or by a filter, and no more batches run than may', async () => {
  await fc.assert(
    fc.asyncProperty(anySettings, anyLoad, anyFates, async (given, load, fates) => {
      const worker = new Worker(given, fates)
      const watched = deployWorker(
        templateOf(given),
        (runtime) => (event) => worker.work(event, runtime, (ms, run) => watched.stack.kernel.after(ms, run)),
        { faults: { beforeReturn: ({ event }) => (worker.isDying(event) ? 'crash' : undefined) } },
      )
      const bodies: string[] = []
      let atMs = startMs
      for (const { afterMs, burst, isWanted } of load) {
        atMs += afterMs
        for (let index = 0; index < burst; index += 1) {
          const body = `${isWanted ? 'wanted' : 'other'} ${bodies.length}`
          bodies.push(body)
          watched.stack.kernel.at(atMs, () => watched.send(body))
        }
      }
      await watched.stack.kernel.run(Number.POSITIVE_INFINITY)
      const expected = bodies.filter((body) => !given.filters || body.startsWith('wanted'))
      expect([...worker.succeeded].toSorted()).toEqual(expected.toSorted())
      expect(watched.stack.depths().get('JobQueue')).toBe(0)
      expect(worker.activeMax).toBeLessThanOrEqual(Math.min(given.maximum ?? 1250, given.reserved ?? 1000))
    }),
    { seed: 20_261_125, numRuns: 120 },
  )
})
