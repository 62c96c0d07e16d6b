import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { queueArn, smallWorld } from '../small-world.ts'
import { fifo, on, one } from './queue.testing.ts'

interface Sent {
  readonly afterMs: number
  readonly group: number
  /** How often it is received and not deleted, before it is. */
  readonly failures: number
}

interface Consumer {
  readonly max: number
  /** How long after it was told it looks. */
  readonly waitMs: number
}

const anySent: fc.Arbitrary<Sent> = fc.record({
  afterMs: fc.nat(3_000),
  group: fc.nat(2),
  failures: fc.nat(3),
})
const anyConsumer: fc.Arbitrary<Consumer> = fc.record({
  max: fc.integer({ min: 1, max: 10 }),
  waitMs: fc.nat(2_000),
})

/** Looks only when it was told, until it finds nothing; what fails comes back by itself. */
const consumed = async (
  name: 'Q' | 'Q.fifo',
  messages: readonly Sent[],
  { max, waitMs }: Consumer,
): Promise<readonly number[]> => {
  const properties = { VisibilityTimeout: 5 }
  const world = smallWorld(name === 'Q' ? one(properties) : fifo('Q', properties))
  const { kernel, queues } = world
  const failuresLeft = messages.map(({ failures }) => failures)
  const done: number[] = []
  const look = (): void => {
    for (;;) {
      const given = queues.receive(queueArn(name), max, 'consumer')
      if (given.length === 0) return
      const settled = given.filter(({ body }) => {
        const left = failuresLeft[Number(body)] ?? 0
        failuresLeft[Number(body)] = left - 1
        return left <= 0
      })
      done.push(...settled.map(({ body }) => Number(body)))
      queues.remove(
        queueArn(name),
        settled.map(({ receiptHandle }) => receiptHandle),
        'consumer',
      )
    }
  }
  queues.onVisible(queueArn(name), () => kernel.after(waitMs, look))
  let atMs = kernel.nowMs
  for (const [index, { afterMs, group }] of messages.entries()) {
    atMs += afterMs
    const ids = { MessageGroupId: `g${group}`, MessageDeduplicationId: `d${index}` }
    kernel.at(atMs, () =>
      world.world.call(
        {
          by: 'producer',
          principal: { kind: 'outside' },
          service: 'sqs',
          action: 'SendMessage',
          input: { ...on(name), MessageBody: String(index), ...(name === 'Q' ? {} : ids) },
        },
        () => undefined,
      ),
    )
  }
  expect(await kernel.run(atMs + 3_600_000)).toBe('idle')
  expect(queues.depths().get('Q')).toBe(0)
  return done
}

const many = fc.array(anySent, { minLength: 1, maxLength: 40 })

describe('whoever looks only when told that something is visible', () => {
  it('gets every message of a standard queue, and then nothing is left to do', () =>
    fc.assert(
      fc.asyncProperty(many, anyConsumer, async (messages, consumer) => {
        const done = await consumed('Q', messages, consumer)
        expect(done.toSorted((a, b) => a - b)).toEqual(messages.map((_, index) => index))
      }),
      { seed: 20260112, numRuns: 100 },
    ))

  it('gets every message of a FIFO queue once, those of a group in order if they go one by one', () =>
    fc.assert(
      fc.asyncProperty(many, anyConsumer, async (messages, consumer) => {
        const done = await consumed('Q.fifo', messages, consumer)
        expect(done.toSorted((a, b) => a - b)).toEqual(messages.map((_, index) => index))
        if (consumer.max > 1) return
        for (const group of [0, 1, 2]) {
          const ofGroup = done.filter((index) => messages[index]?.group === group)
          expect(ofGroup).toEqual(ofGroup.toSorted((a, b) => a - b))
        }
      }),
      { seed: 20260113, numRuns: 100 },
    ))
})
