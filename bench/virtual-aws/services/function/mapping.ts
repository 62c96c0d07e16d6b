import type { InvocationAnswer, ReceivedMessage, World } from '../../world.ts'
import { InvalidTemplate } from '../properties.ts'
import { batchBytesMax, batchesOf, emptyBatchBytes, recordBytes, surelyFits } from './batch.ts'
import { compileFilter, type MessageFilter } from './filter.ts'
import type { LambdaFunction } from './function.ts'
import { IdlePolls } from './idle-polls.ts'
import type { MappingSettings } from './mapping-settings.ts'
import { concurrencyMaxDefault, growthMs, Pollers, pollersAtFirst } from './pollers.ts'
import { failuresIn, noFailures, sqsEvent } from './sqs-event.ts'

/**
 * Pollers of a quiet mapping; setting a maximum concurrency turns off the scaling down to 2. Source:
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html (read 2026-11-22).
 */
const pollersMin = 2
const pollersMinWithMaximum = 5

/**
 * Bounds of the wait before a throttled batch is tried again, doubling, of which a random share between a half and
 * the whole. AWS: "Lambda continues to retry the message until the message's timestamp exceeds your queue's visibility
 * timeout" (services-sqs-errorhandling.html, read 2026-11-25), with no figure: an assumption.
 */
const throttleWaitMsMin = 1000
const throttleWaitMsMax = 60_000

/** A batch that is being gathered while its window is open. It holds one of the pollers. */
interface OpenBatch {
  readonly messages: ReceivedMessage[]
  readonly openedMs: number
  readonly timer: number
  bytes: number
}

/**
 * An event source mapping: polls a queue and invokes a function with what it finds.
 *
 *     visible ── sqs.deliver ──▶ receive ──▶ filter ──▶ (window) ──▶ invoke ──▶ delete what succeeded
 *
 * What becomes visible at one time is delivered together, after a hop of its own: at any rate below saturation a
 * message takes as long as a message alone. (Rejected: to take whatever is visible, since then each message has the
 * shortest of all hops under way, and the queue becomes faster with its load, below anything that was measured.)
 * What finds all pollers busy is overdue, and is taken in full batches as invocations end, or as pollers are added.
 * A FIFO queue has no more pollers than groups; that they are added one by one is said of standard queues only.
 */
export class EventSourceMapping {
  readonly #world: World
  readonly #id: string
  readonly #settings: MappingSettings
  readonly #function: LambdaFunction
  /** How what is visible reaches the function. */
  readonly #hop: 'sqs.deliver' | 'sqs.deliverFifo'
  readonly #pollers: Pollers
  readonly #idlePolls: IdlePolls
  readonly #filter: MessageFilter | undefined
  /** Deliveries of overdue messages under way, and pollers that are busy with a batch. */
  #catchingUp = 0
  #active = 0
  #isOverdue = false
  #isGrowing = false
  #open: OpenBatch | undefined
  /** Batches that were received together with others, and were too large to be invoked with them. */
  readonly #carried: (readonly ReceivedMessage[])[] = []

  constructor(world: World, id: string, settings: MappingSettings, target: LambdaFunction) {
    const { concurrencyMax = concurrencyMaxDefault, filters, isFifo, queueArn } = settings
    this.#world = world
    this.#id = id
    this.#settings = settings
    this.#function = target
    this.#hop = isFifo ? 'sqs.deliverFifo' : 'sqs.deliver'
    this.#pollers = new Pollers(isFifo ? concurrencyMax : pollersAtFirst, concurrencyMax)
    this.#idlePolls = new IdlePolls(
      settings.concurrencyMax === undefined ? pollersMin : pollersMinWithMaximum,
    )
    const where = `AWS::Lambda::EventSourceMapping "${id}"`
    this.#filter =
      filters.length === 0 ? undefined : compileFilter(filters, { queueArn, region: world.region, where })
  }

  get queueArn(): string {
    return this.#settings.queueArn
  }

  /** Refuses what AWS refuses when a mapping is created, then listens, and polls for what lay there before. */
  start(): void {
    const { queueArn, enabled } = this.#settings
    this.#checkVisibility()
    this.#checkPermissions()
    if (!enabled) return
    this.#world.queues.onVisible(queueArn, () => this.#schedule())
    this.#isOverdue = this.#world.queues.visibleCount(queueArn) > 0
    this.#catchUp()
  }

  #checkVisibility(): void {
    const visibilityMs = this.#world.queues.visibilityTimeoutMs(this.#settings.queueArn)
    const { timeoutMs } = this.#function.identity.settings
    if (timeoutMs <= visibilityMs) return
    throw new InvalidTemplate(
      `AWS::Lambda::EventSourceMapping "${this.#id}": Queue visibility timeout: ${visibilityMs / 1000} seconds is less than Function timeout: ${timeoutMs / 1000} seconds`,
    )
  }

  #checkPermissions(): void {
    const { roleArn } = this.#function.identity.settings
    for (const action of ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']) {
      if (this.#world.permits({ kind: 'role', arn: roleArn }, `sqs:${action}`, this.queueArn)) continue
      throw new InvalidTemplate(
        `AWS::Lambda::EventSourceMapping "${this.#id}": The function execution role does not have permissions to call ${action} on SQS`,
      )
    }
  }

  /** A delivery of what has just become visible; of a FIFO queue, of whatever its order lets through by then. */
  #schedule(): void {
    const { kernel } = this.#world
    const sinceMs = this.#settings.isFifo ? undefined : kernel.nowMs
    kernel.after(this.#world.latencyMs(this.#hop), () => {
      if (this.#open !== undefined || this.#free() > 0) this.#deliver(sinceMs)
      if (!this.#isOverdue) this.#isOverdue = this.#world.queues.visibleCount(this.queueArn, sinceMs) > 0
      this.#catchUp()
    })
  }

  #deliver(sinceMs: number | undefined): void {
    const { queueArn, batchSize } = this.#settings
    const room = this.#open === undefined ? batchSize : batchSize - this.#open.messages.length
    const received = this.#world.queues.receive(queueArn, room, this.#id, sinceMs)
    if (received.length === 0) return
    this.#idlePolls.countBusy(this.#world.kernel.nowMs)
    const messages = this.#filter === undefined ? received : this.#wanted(received, this.#filter)
    if (messages.length === 0) return
    if (this.#settings.windowMs > 0) this.#gather(messages)
    else if (messages.length === 1 || surelyFits(messages)) this.#invoke(messages)
    else this.#invokeInParts(messages)
  }

  /** What no filter lets through is deleted. */
  #wanted(received: readonly ReceivedMessage[], filter: MessageFilter): readonly ReceivedMessage[] {
    const messages = received.filter(filter)
    if (messages.length < received.length) {
      this.#delete(received.filter((message) => !messages.includes(message)))
    }
    return messages
  }

  /** The first part has a poller; the others wait for one. */
  #invokeInParts(messages: readonly ReceivedMessage[]): void {
    const [first, ...others] = batchesOf(messages, this.queueArn, this.#world.region)
    if (first !== undefined) this.#invoke(first)
    this.#carry(others)
  }

  #carry(batches: readonly (readonly ReceivedMessage[])[]): void {
    if (batches.length === 0) return
    this.#carried.push(...batches)
    this.#isOverdue = true
  }

  /** Adds to the open batch, which ends when it is full, when it would exceed the payload, or with its window. */
  #gather(messages: readonly ReceivedMessage[]): void {
    for (const [index, message] of messages.entries()) {
      const bytes = recordBytes(message, this.queueArn, this.#world.region)
      if (this.#open !== undefined && this.#open.bytes + bytes > batchBytesMax) this.#close(this.#open)
      if (this.#open === undefined && this.#free() <= 0) {
        this.#carry([messages.slice(index)])
        return
      }
      this.#open ??= this.#opened()
      this.#open.messages.push(message)
      this.#open.bytes += bytes
      if (this.#open.messages.length === this.#settings.batchSize) this.#close(this.#open)
    }
  }

  #opened(): OpenBatch {
    const { kernel } = this.#world
    this.#active += 1
    const batch: OpenBatch = {
      messages: [],
      openedMs: kernel.nowMs,
      timer: kernel.after(this.#settings.windowMs, () => this.#close(batch)),
      bytes: emptyBatchBytes,
    }
    return batch
  }

  #close(batch: OpenBatch): void {
    this.#world.kernel.cancel(batch.timer)
    this.#open = undefined
    this.#attempt(batch.messages, batch.openedMs, 0)
  }

  #invoke(messages: readonly ReceivedMessage[]): void {
    this.#active += 1
    this.#attempt(messages, this.#world.kernel.nowMs, 0)
  }

  #attempt(messages: readonly ReceivedMessage[], receivedMs: number, retries: number): void {
    const event = sqsEvent(messages, this.#settings.queueArn, this.#world.region)
    this.#function.invoke(event, 0, (answer) => {
      if (!answer.ok && answer.refused && this.#triesAgain(messages, receivedMs, retries)) return
      this.#free()
      this.#active -= 1
      this.#settle(messages, answer)
      this.#catchUp()
    })
  }

  /** A throttled batch keeps its poller, and is tried again as long as its messages are hidden. */
  #triesAgain(messages: readonly ReceivedMessage[], receivedMs: number, retries: number): boolean {
    const { kernel, queues } = this.#world
    const share = 0.5 + this.#world.random('lambda/mapping-retry').next() / 2
    const waitMs = share * Math.min(throttleWaitMsMin * 2 ** retries, throttleWaitMsMax)
    if (kernel.nowMs + waitMs >= receivedMs + queues.visibilityTimeoutMs(this.queueArn)) return false
    kernel.after(waitMs, () => this.#attempt(messages, receivedMs, retries + 1))
    return true
  }

  /** Polls for what is overdue, until a poll leaves nothing. */
  #catchUp(): void {
    if (!this.#isOverdue) return
    for (let batch = this.#nextCarried(); batch !== undefined; batch = this.#nextCarried())
      this.#invoke(batch)
    const free = this.#free() + (this.#open === undefined ? 0 : 1)
    if (free <= this.#catchingUp) {
      this.#growLater()
      return
    }
    this.#catchingUp += 1
    this.#pollLater()
  }

  /** For itself, since whoever may poll seldom has to. */
  #pollLater(): void {
    this.#world.kernel.after(this.#world.latencyMs(this.#hop), () => {
      this.#catchingUp -= 1
      if (this.#open !== undefined || this.#free() > 0) this.#deliver(undefined)
      this.#isOverdue = this.#world.queues.visibleCount(this.queueArn) > 0 || this.#carried.length > 0
      this.#catchUp()
    })
  }

  /** Pollers that are not busy; below zero when there are fewer than there were. */
  #free(): number {
    return this.#pollers.allowed(this.#active + this.#catchingUp, this.#world.kernel.nowMs) - this.#active
  }

  #nextCarried(): readonly ReceivedMessage[] | undefined {
    return this.#free() > 0 ? this.#carried.shift() : undefined
  }

  /** As long as messages wait for a poller, there is one more at a time. */
  #growLater(): void {
    if (this.#isGrowing || !this.#pollers.canGrow) return
    this.#isGrowing = true
    this.#world.kernel.after(growthMs, () => {
      this.#isGrowing = false
      if (!this.#isOverdue) return
      if (this.#free() <= this.#catchingUp) this.#pollers.grow(this.#world.kernel.nowMs)
      this.#growLater()
      this.#catchUp()
    })
  }

  /** What is not deleted comes back when its visibility timeout ends. */
  #settle(messages: readonly ReceivedMessage[], answer: InvocationAnswer): void {
    const { reportsFailures } = this.#settings
    if (!answer.ok) {
      if (!reportsFailures && !answer.refused) this.#pollers.backOff(this.#world.kernel.nowMs)
      return
    }
    const failures = reportsFailures ? failuresIn(answer.payload, messages) : noFailures
    if (failures === 'all') return
    this.#delete(
      failures.size === 0 ? messages : messages.filter(({ messageId }) => !failures.has(messageId)),
    )
  }

  #delete(messages: readonly ReceivedMessage[]): void {
    if (messages.length === 0) return
    this.#world.queues.remove(
      this.#settings.queueArn,
      messages.map(({ receiptHandle }) => receiptHandle),
      this.#id,
    )
  }

  /** Empty receives between two times. They cost money and are not simulated. */
  idlePolls(fromMs: number, toMs: number): number {
    return this.#settings.enabled ? this.#idlePolls.between(fromMs, toMs) : 0
  }
}
