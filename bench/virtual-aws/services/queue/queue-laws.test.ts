import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { queueArn, queueUrl, type SmallWorld, smallWorld } from '../small-world.ts'

type Action =
  | { readonly kind: 'send'; readonly delay: number }
  | { readonly kind: 'receive'; readonly max: number }
  | { readonly kind: 'delete'; readonly which: number }
  | { readonly kind: 'change'; readonly which: number; readonly seconds: number }
  | { readonly kind: 'pass'; readonly ms: number }

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant('send' as const), delay: fc.integer({ min: 0, max: 20 }) }),
  fc.record({ kind: fc.constant('receive' as const), max: fc.integer({ min: 1, max: 10 }) }),
  fc.record({ kind: fc.constant('delete' as const), which: fc.nat(1000) }),
  fc.record({
    kind: fc.constant('change' as const),
    which: fc.nat(1000),
    seconds: fc.integer({ min: 0, max: 30 }),
  }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 15_000 }) }),
)

/** Uses a queue with a dead-letter queue as consumers do, and remembers what it has seen. */
class Witness {
  readonly world: SmallWorld
  readonly sent = new Set<string>()
  readonly deleted = new Set<string>()
  readonly seen = new Set<string>()
  readonly #counts = new Map<string, number>()
  readonly #received: { readonly id: string; readonly handle: string }[] = []

  constructor(listened: boolean) {
    this.world = smallWorld({
      Q: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: 'Q',
          VisibilityTimeout: 10,
          RedrivePolicy: { deadLetterTargetArn: queueArn('D'), maxReceiveCount: 3 },
        },
      },
      D: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'D' } },
    })
    if (listened) this.world.queues.onVisible(queueArn('Q'), () => undefined)
  }

  async do(action: Action): Promise<void> {
    switch (action.kind) {
      case 'send':
        return this.#send(action.delay)
      case 'receive':
        this.receive('Q', action.max)
        return
      case 'delete':
        return this.#delete(action.which)
      case 'change':
        return this.#change(action.which, action.seconds)
      case 'pass':
        return this.world.pass(action.ms)
    }
  }

  receive(name: string, max: number): number {
    const messages = this.world.queues.receive(queueArn(name), max, 'witness')
    for (const { messageId, receiptHandle, attributes } of messages) {
      const count = Number(attributes['ApproximateReceiveCount'])
      expect(count).toBeGreaterThan(this.#counts.get(messageId) ?? 0)
      expect(this.deleted.has(messageId)).toBe(false)
      this.#counts.set(messageId, count)
      this.seen.add(messageId)
      this.#received.push({ id: messageId, handle: receiptHandle })
    }
    return messages.length
  }

  /** Waits longer than any timeout or delay, often enough to use up every receive. */
  async drain(): Promise<void> {
    for (let round = 0; round < 6; round += 1) {
      await this.world.pass(60_000)
      while (this.receive('Q', 10) > 0);
      while (this.receive('D', 10) > 0);
    }
  }

  left(): number {
    return [...this.world.queues.depths().values()].reduce((sum, depth) => sum + depth, 0)
  }

  async #send(delay: number): Promise<void> {
    const input = { QueueUrl: queueUrl('Q'), MessageBody: 'm', DelaySeconds: delay }
    const answer = await this.world.call('sqs', 'SendMessage', input)
    if (answer.ok) this.sent.add((answer.output as { readonly MessageId: string }).MessageId)
  }

  async #delete(which: number): Promise<void> {
    const chosen = this.#chosen(which)
    if (chosen === undefined) return
    const before = this.left()
    this.world.queues.remove(queueArn('Q'), [chosen.handle], 'witness')
    if (this.left() < before) this.deleted.add(chosen.id)
  }

  async #change(which: number, VisibilityTimeout: number): Promise<void> {
    const chosen = this.#chosen(which)
    if (chosen === undefined) return
    await this.world.call('sqs', 'ChangeMessageVisibility', {
      QueueUrl: queueUrl('Q'),
      ReceiptHandle: chosen.handle,
      VisibilityTimeout,
    })
  }

  #chosen(which: number): { readonly id: string; readonly handle: string } | undefined {
    return this.#received[which % Math.max(1, this.#received.length)]
  }
}

describe('whatever is done to a queue', () => {
  it('nothing is lost, nothing stays invisible for ever, and receive counts only rise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyAction, { maxLength: 60 }), fc.boolean(), async (actions, listened) => {
        const witness = new Witness(listened)
        for (const action of actions) await witness.do(action)
        await witness.drain()
        for (const id of witness.sent) expect(witness.seen.has(id)).toBe(true)
        expect(witness.left()).toBe(witness.sent.size - witness.deleted.size)
      }),
      { seed: 20260105, numRuns: 150 },
    )
  })
})
