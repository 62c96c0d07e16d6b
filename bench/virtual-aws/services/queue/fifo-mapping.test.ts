import { SendMessageCommand } from '@aws-sdk/client-sqs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from '../../sha256.ts'
import { deployWorker, pollerActions, recordsOf, startMs, workerTemplate } from '../../stack.testing.ts'

const template = workerTemplate({
  actions: pollerActions,
  queue: { QueueName: 'Jobs.fifo', FifoQueue: true, ContentBasedDeduplication: true },
})

interface Job {
  readonly group: number
  readonly afterMs: number
  readonly failures: number
}

/** Works off jobs, each of which fails so often before it succeeds; a body is `group/index`. */
class Worker {
  readonly done = new Map<string, number[]>()
  readonly #failuresLeft: number[]
  readonly #running = new Set<string>()
  overlaps = 0

  constructor(jobs: readonly Job[]) {
    this.#failuresLeft = jobs.map(({ failures }) => failures)
  }

  /** Several batches may be at work, of a group only one. */
  async work(bodies: readonly string[], pause: () => Promise<void>): Promise<void> {
    const groups = new Set(bodies.map(groupOf))
    for (const group of groups) this.#begin(group)
    await pause()
    for (const group of groups) this.#running.delete(group)
    if (bodies.map(indexOf).some((index) => this.#fails(index))) throw new Error('not this time')
    for (const body of bodies)
      this.done.set(groupOf(body), [...(this.done.get(groupOf(body)) ?? []), indexOf(body)])
  }

  #begin(group: string): void {
    if (this.#running.has(group)) this.overlaps += 1
    this.#running.add(group)
  }

  #fails(index: number): boolean {
    const left = this.#failuresLeft[index] ?? 0
    this.#failuresLeft[index] = left - 1
    return left > 0
  }
}

const groupOf = (body: string): string => body.split('/')[0] ?? ''
const indexOf = (body: string): number => Number(body.split('/')[1])

const run = async (jobs: readonly Job[]) => {
  const worker = new Worker(jobs)
  const { stack } = deployWorker(
    template,
    ({ clock }) =>
      (event) =>
        worker.work(
          recordsOf(event).map(({ body }) => body),
          () => clock.sleep(20),
        ),
  )
  let atMs = startMs
  for (const [index, { group, afterMs }] of jobs.entries()) {
    atMs += afterMs
    stack.kernel.at(atMs, () => {
      const message = new SendMessageCommand({
        QueueUrl: stack.outputs['QueueUrl'],
        MessageBody: `g${group}/${index}`,
        MessageGroupId: `g${group}`,
      })
      void stack.clients.sqs.send(message)
    })
  }
  await stack.kernel.run(startMs + 48 * 3_600_000)
  return { done: worker.done, overlaps: worker.overlaps, left: stack.depths().get('JobQueue') }
}

describe('a function that is fed by a FIFO queue', () => {
  it('is told group, deduplication id and sequence number of each record', async () => {
    const attributes: Record<string, string>[] = []
    const { stack } = deployWorker(template, () => async (event) => {
      attributes.push(...recordsOf(event).map((record) => record.attributes))
    })
    const QueueUrl = stack.outputs['QueueUrl']
    void stack.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'a', MessageGroupId: 'g' }))
    await stack.kernel.run(startMs + 60_000)
    expect(attributes).toEqual([
      expect.objectContaining({
        MessageGroupId: 'g',
        MessageDeduplicationId: sha256Hex('a'),
        SequenceNumber: expect.stringMatching(/^\d{20}$/),
      }),
    ])
  })

  it('gets each group in order and one batch of it at a time, and in the end everything, whatever fails', async () => {
    const job = fc.record({ group: fc.nat(3), afterMs: fc.nat(200), failures: fc.nat(2) })
    await fc.assert(
      fc.asyncProperty(fc.array(job, { minLength: 1, maxLength: 40 }), async (jobs) => {
        const { done, overlaps, left } = await run(jobs)
        expect(overlaps).toBe(0)
        expect(left).toBe(0)
        expect([...done.values()].flat()).toHaveLength(jobs.length)
        for (const indexes of done.values()) expect(indexes).toEqual(indexes.toSorted((a, b) => a - b))
      }),
      { seed: 20260111, numRuns: 20 },
    )
  })
})
