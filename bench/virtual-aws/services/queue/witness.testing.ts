import { expect } from 'vitest'
import type { ReceivedMessage } from '../../world.ts'
import type { Properties } from '../properties.ts'
import { queueArn, type SmallWorld, smallWorld } from '../small-world.ts'
import { fifoWithDlq, on, outputOf, withDlq } from './queue.testing.ts'

/** What a consumer, a producer and an operator may do to a queue. */
export type Action =
  | { readonly kind: 'send'; readonly group: number; readonly token: number; readonly delay: number }
  | { readonly kind: 'receive'; readonly max: number }
  | { readonly kind: 'delete'; readonly which: number }
  | { readonly kind: 'change'; readonly which: number; readonly seconds: number }
  | { readonly kind: 'pass'; readonly ms: number }
  | { readonly kind: 'configure'; readonly visibility: number; readonly retention: number }
  | { readonly kind: 'purge' }
  | { readonly kind: 'move' }

const deduplicationMs = 300_000

interface Held {
  readonly body: string
  readonly handle: string
}

/**
 * Uses a queue and its dead-letter queue, and checks at every step what must hold of both kinds, and of a FIFO queue
 * beside. Each body is sent once, so that it tells its message through every queue.
 */
export class Witness {
  readonly world: SmallWorld
  readonly #kind: 'standard' | 'fifo'
  readonly #names: readonly [string, string]
  readonly #received: Held[] = []
  /** Bodies of each group that are in the queue, as they were sent. */
  readonly #order = new Map<string, string[]>()
  /** When what was received becomes visible again. */
  readonly #hiddenUntilMs = new Map<string, number>()
  readonly #receives = new Map<string, number>()
  readonly #tokens = new Map<string, { readonly id: unknown; readonly atMs: number }>()
  readonly #sent = new Set<string>()
  readonly #gone = new Set<string>()
  readonly #seen = new Set<string>()
  #visibilityMs = 10_000
  #lossesRead = 0
  #hasMoved = false

  constructor(kind: 'standard' | 'fifo', receivesMax: number, listened: boolean) {
    this.#kind = kind
    this.#names = kind === 'fifo' ? ['Q.fifo', 'D.fifo'] : ['Q', 'D']
    this.world = smallWorld(kind === 'fifo' ? fifoWithDlq(receivesMax) : withDlq(receivesMax))
    if (listened) this.world.queues.onVisible(queueArn(this.#names[0]), () => undefined)
  }

  async do(action: Action): Promise<void> {
    await this.#act(action)
    this.nothingIsLost()
  }

  /** Sent = deleted, expired or purged + in one of the queues. */
  nothingIsLost(): void {
    const left = this.#left()
    this.#readLosses()
    expect(left).toBe(this.#sent.size - this.#gone.size)
  }

  /** Waits longer than any timeout or delay, often enough to use up every receive: then each has been seen or is gone. */
  async nothingStaysInvisible(): Promise<void> {
    for (let round = 0; round < 6; round += 1) {
      await this.world.pass(60_000)
      for (const name of this.#names) while (this.#receive(name, 10) > 0);
    }
    this.#readLosses()
    for (const body of this.#sent) expect(this.#seen.has(body) || this.#gone.has(body)).toBe(true)
  }

  async #act(action: Action): Promise<void> {
    const name = on(this.#names[0])
    switch (action.kind) {
      case 'send':
        return this.#send(`g${action.group}`, `t${action.token}`, action.delay)
      case 'receive':
        this.#receive(this.#names[0], action.max)
        return
      case 'delete':
        return this.#delete(action.which)
      case 'change':
        return this.#change(action.which, action.seconds)
      case 'pass':
        return this.world.pass(action.ms)
      case 'configure':
        this.#visibilityMs = action.visibility * 1000
        await this.#call('SetQueueAttributes', {
          ...name,
          Attributes: {
            VisibilityTimeout: String(action.visibility),
            MessageRetentionPeriod: String(action.retention),
          },
        })
        return
      case 'purge':
        await this.#call('PurgeQueue', name)
        return
      case 'move':
        this.#hasMoved = true
        await this.#call('StartMessageMoveTask', { SourceArn: queueArn(this.#names[1]) })
    }
  }

  async #send(group: string, token: string, delay: number): Promise<void> {
    const body = `m${this.#sent.size}`
    const isFifo = this.#kind === 'fifo'
    const more = isFifo ? { MessageGroupId: group, MessageDeduplicationId: token } : { DelaySeconds: delay }
    const answer = await this.#call('SendMessage', { ...on(this.#names[0]), MessageBody: body, ...more })
    const id = outputOf(answer)['MessageId']
    const { nowMs } = this.world.kernel
    const earlier = isFifo ? this.#tokens.get(token) : undefined
    if (earlier !== undefined && nowMs - earlier.atMs < deduplicationMs) {
      expect(id).toBe(earlier.id)
      return
    }
    expect(id).not.toBe(earlier?.id)
    this.#tokens.set(token, { id, atMs: nowMs })
    this.#sent.add(body)
    this.#order.set(group, [...(this.#order.get(group) ?? []), body])
  }

  #receive(name: string, max: number): number {
    const messages = this.world.queues.receive(queueArn(name), max, 'witness')
    this.#readLosses()
    expect(messages.length).toBeLessThanOrEqual(max)
    if (this.#kind === 'fifo' && name === this.#names[0] && !this.#hasMoved) this.#isInOrder(messages)
    for (const message of messages) this.#note(message, name)
    return messages.length
  }

  /** Of each group the first that are there, and nothing while any of the group is hidden. */
  #isInOrder(messages: readonly ReceivedMessage[]): void {
    const groups = new Set(messages.map(({ attributes }) => attributes['MessageGroupId'] ?? ''))
    for (const group of groups) {
      const given = messages.filter(({ attributes }) => attributes['MessageGroupId'] === group)
      const remaining = this.#order.get(group) ?? []
      expect(given.map(({ body }) => body)).toEqual(remaining.slice(0, given.length))
      for (const body of remaining) expect(this.#isHidden(body)).toBe(false)
    }
  }

  #note({ body, receiptHandle, attributes }: ReceivedMessage, name: string): void {
    expect(this.#gone.has(body)).toBe(false)
    expect(this.#isHidden(body)).toBe(false)
    const receives = (this.#receives.get(body) ?? 0) + 1
    if (!this.#hasMoved) expect(attributes['ApproximateReceiveCount']).toBe(String(receives))
    this.#receives.set(body, receives)
    this.#seen.add(body)
    const visibilityMs = name === this.#names[0] ? this.#visibilityMs : 30_000
    this.#hiddenUntilMs.set(body, this.world.kernel.nowMs + visibilityMs)
    if (name === this.#names[0]) this.#received.push({ body, handle: receiptHandle })
  }

  #isHidden(body: string): boolean {
    return (this.#hiddenUntilMs.get(body) ?? 0) > this.world.kernel.nowMs
  }

  async #delete(which: number): Promise<void> {
    const chosen = this.#chosen(which)
    if (chosen === undefined) return
    const before = this.#left()
    await this.#call('DeleteMessage', { ...on(this.#names[0]), ReceiptHandle: chosen.handle })
    if (this.#left() < before) this.#leaves(chosen.body)
  }

  async #change(which: number, VisibilityTimeout: number): Promise<void> {
    const chosen = this.#chosen(which)
    if (chosen === undefined) return
    const answer = await this.#call('ChangeMessageVisibility', {
      ...on(this.#names[0]),
      ReceiptHandle: chosen.handle,
      VisibilityTimeout,
    })
    if (answer.ok) this.#hiddenUntilMs.set(chosen.body, this.world.kernel.nowMs + VisibilityTimeout * 1000)
  }

  /** 0 is what was received last. */
  #chosen(which: number): Held | undefined {
    return this.#received.at(-1 - (which % Math.max(1, this.#received.length)))
  }

  #leaves(body: string): void {
    this.#gone.add(body)
    this.#forget(body)
  }

  #forget(body: string): void {
    for (const [group, remaining] of this.#order) {
      if (remaining.includes(body))
        this.#order.set(
          group,
          remaining.filter((each) => each !== body),
        )
    }
    this.#hiddenUntilMs.delete(body)
  }

  #readLosses(): void {
    const { lost } = this.world
    for (const { how, body } of lost.slice(this.#lossesRead)) {
      if (how === 'dead-lettered') this.#forget(String(body))
      else this.#leaves(String(body))
    }
    this.#lossesRead = lost.length
  }

  #left(): number {
    return [...this.world.queues.depths().values()].reduce((sum, depth) => sum + depth, 0)
  }

  #call(action: string, input: Properties) {
    return this.world.call('sqs', action, input)
  }
}
