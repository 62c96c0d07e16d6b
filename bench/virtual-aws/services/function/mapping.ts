import type { InvocationAnswer, ReceivedMessage, World } from '../../world.ts'
import { InvalidTemplate } from '../properties.ts'
import type { LambdaFunction } from './function.ts'
import type { MappingSettings } from './mapping-settings.ts'
import { failuresIn, sqsEvent } from './sqs-event.ts'

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html (read 2026-11-22). */
const concurrencyMaxDefault = 1250
/** Pollers of a quiet mapping; setting a maximum concurrency turns off the scaling down to 2. Same source. */
const pollersMin = 2
const pollersMinWithMaximum = 5
/** A poll that finds nothing waits this long. */
const longPollMs = 20_000
const minuteMs = 60_000

/**
 * An event source mapping: polls a queue and invokes a function with what it finds.
 *
 *     visible ── sqs.deliver ──▶ receive up to a batch ──▶ invoke ──▶ delete what succeeded
 *
 * What becomes visible at one time is delivered together, after a hop of its own: at any rate below saturation a
 * message takes as long as a message alone. (Rejected: to take whatever is visible, since then each message has the
 * shortest of all hops under way, and the queue becomes faster with its load, below anything that was measured.)
 * What finds the concurrency used up is overdue, and is taken in full batches as invocations end.
 *
 * Models the pollers as `MaximumConcurrency` invocations at once, available from the start. AWS: starts with 5 and
 * adds up to 300 a minute. Effect on results: none below 5 at once; faster through a sudden burst.
 */
export class EventSourceMapping {
  readonly #world: World
  readonly #id: string
  readonly #settings: MappingSettings
  readonly #function: LambdaFunction
  readonly #concurrencyMax: number
  /** Deliveries of overdue messages under way, and invocations that run. */
  #catchingUp = 0
  #active = 0
  #isOverdue = false
  /** Minute → receives that found messages in it: polls that were not idle. */
  readonly #busyReceives = new Map<number, number>()

  constructor(world: World, id: string, settings: MappingSettings, target: LambdaFunction) {
    this.#world = world
    this.#id = id
    this.#settings = settings
    this.#function = target
    this.#concurrencyMax = settings.concurrencyMax ?? concurrencyMaxDefault
  }

  get queueArn(): string {
    return this.#settings.queueArn
  }

  /** Refuses what AWS refuses when a mapping is created, then listens. */
  start(): void {
    const { queueArn, enabled } = this.#settings
    this.#checkVisibility()
    this.#checkPermissions()
    if (enabled) this.#world.queues.onVisible(queueArn, () => this.#schedule())
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

  /** A delivery of what has just become visible. */
  #schedule(): void {
    const { kernel } = this.#world
    const sinceMs = kernel.nowMs
    kernel.after(this.#world.latencyMs('sqs.deliver'), () => {
      if (this.#active < this.#concurrencyMax) this.#deliver(sinceMs)
      if (!this.#isOverdue) this.#isOverdue = this.#world.queues.visibleCount(this.queueArn, sinceMs) > 0
      this.#catchUp()
    })
  }

  #deliver(sinceMs: number | undefined): void {
    const { queueArn, batchSize } = this.#settings
    const messages = this.#world.queues.receive(queueArn, batchSize, this.#id, sinceMs)
    if (messages.length === 0) return
    this.#countReceive()
    this.#active += 1
    this.#function.invoke(sqsEvent(messages, queueArn, this.#world.region), 0, (answer) => {
      this.#active -= 1
      this.#settle(messages, answer)
      this.#catchUp()
    })
  }

  /** Polls for what is overdue, until a poll leaves nothing. */
  #catchUp(): void {
    if (!this.#isOverdue || this.#active + this.#catchingUp >= this.#concurrencyMax) return
    this.#catchingUp += 1
    this.#world.kernel.after(this.#world.latencyMs('sqs.deliver'), () => {
      this.#catchingUp -= 1
      if (this.#active < this.#concurrencyMax) this.#deliver(undefined)
      this.#isOverdue = this.#world.queues.visibleCount(this.queueArn) > 0
      this.#catchUp()
    })
  }

  /** What is not deleted comes back when its visibility timeout ends. */
  #settle(messages: readonly ReceivedMessage[], answer: InvocationAnswer): void {
    if (!answer.ok) return
    const failures = this.#settings.reportsFailures ? failuresIn(answer.payload, messages) : new Set<string>()
    if (failures === 'all') return
    const done = messages.filter(({ messageId }) => !failures.has(messageId))
    if (done.length === 0) return
    this.#world.queues.remove(
      this.#settings.queueArn,
      done.map(({ receiptHandle }) => receiptHandle),
      this.#id,
    )
  }

  #countReceive(): void {
    const minute = Math.floor(this.#world.kernel.nowMs / minuteMs)
    this.#busyReceives.set(minute, (this.#busyReceives.get(minute) ?? 0) + 1)
  }

  /** Empty receives between two times, minute by minute. They cost money and are not simulated. */
  idlePolls(fromMs: number, toMs: number): number {
    if (!this.#settings.enabled) return 0
    const pollers = this.#settings.concurrencyMax === undefined ? pollersMin : pollersMinWithMaximum
    let polls = (pollers * (toMs - fromMs)) / longPollMs
    for (const [minute, receives] of this.#busyReceives) {
      const overlapMs = Math.min(toMs, (minute + 1) * minuteMs) - Math.max(fromMs, minute * minuteMs)
      if (overlapMs <= 0) continue
      const quiet = (pollers * overlapMs) / longPollMs
      polls -= quiet - emptyPolls(quiet, (receives * overlapMs) / minuteMs)
    }
    return Math.round(polls)
  }
}

/**
 * Polls that end empty, where `quiet` would if nothing came and `busy` find something: a poll is empty when nothing
 * comes for as long as it waits, and one that finds something makes room for the next at once. For messages that
 * come independently, to any of the waiting pollers.
 */
const emptyPolls = (quiet: number, busy: number): number => busy / Math.expm1(busy / quiet)
