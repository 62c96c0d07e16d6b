import type { Answer, Answered, Principal, World } from '../../world.ts'
import type { Event } from './event.ts'
import { failureOf } from './failure.ts'
import { type Failure, type Rule, serviceFor, type Target, type TargetCall } from './rule.ts'

/**
 * The wait before the n-th retry, n from 1: doubling from one second up to ten minutes, of which a random share
 * between a half and the whole. AWS says "exponential back off and jitter" over at most 185 retries in 24 hours and
 * no more; with these figures 185 retries take some 23 hours. Effect on results: only on events that EventBridge
 * itself cannot deliver.
 */
export const retryWaitMs = (retry: number, uniform: number): number =>
  Math.min(1000 * 2 ** (retry - 1), retryWaitMsMax) * (0.5 + uniform / 2)

const retryWaitMsMax = 600_000

/** Takes events from the bus to the targets: at least once, unordered, retried, and dead-lettered in the end. */
export class Delivery {
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** Sends the event on its way to every target of the rule. */
  route(rule: Rule, event: Event): void {
    const { held } = this.#world.faults
    for (const target of rule.targets) {
      const latencyMs = this.#world.latencyMs('events.route', event.text.length)
      const routeMs =
        held === undefined
          ? latencyMs
          : latencyMs + held({ resource: rule.logicalId, body: event.text, atMs: this.#world.kernel.nowMs })
      this.#start(rule, target, event, routeMs, false)
      const copies = this.#world.faults.copies?.({ resource: rule.logicalId, body: event.text })
      if (copies !== undefined)
        for (const delayMs of copies) this.#start(rule, target, event, routeMs + delayMs, true)
    }
  }

  #start(rule: Rule, target: Target, event: Event, afterMs: number, isCopy: boolean): void {
    const acceptedMs = this.#world.kernel.nowMs
    // Over quota, deliveries still happen, later.
    const { delayMs } = this.#world.throttle('events.Invocations')
    this.#world.kernel.after(
      afterMs + delayMs,
      new Attempts(this.#world, rule, target, event, acceptedMs, isCopy),
    )
  }
}

/** One event on its way to one target: each turn of the kernel's is an attempt. */
class Attempts {
  readonly #world: World
  readonly #rule: Rule
  readonly #target: Target
  readonly #event: Event
  readonly #acceptedMs: number
  readonly #isCopy: boolean
  #attempts = 0

  constructor(world: World, rule: Rule, target: Target, event: Event, acceptedMs: number, isCopy: boolean) {
    this.#world = world
    this.#rule = rule
    this.#target = target
    this.#event = event
    this.#acceptedMs = acceptedMs
    this.#isCopy = isCopy
  }

  run(): void {
    const { kernel, faults } = this.#world
    if (faults.stalled !== undefined) {
      const stalledMs = faults.stalled({ resource: this.#rule.logicalId, atMs: kernel.nowMs })
      if (stalledMs > 0) {
        kernel.after(stalledMs, this)
        return
      }
    }
    this.#attempts += 1
    if (this.#isCopy && this.#attempts === 1)
      this.#world.observer.duplicate(this.#rule.logicalId, this.#event.text)
    const { input, principal, request } = this.#target
    const text = input === undefined ? this.#event.text : input(this.#event, this.#acceptedMs)
    const call = request(this.#world, text)
    if ('code' in call) this.#failed(call)
    else this.#call(call, principal, this)
  }

  /** By the target. */
  answered(answer: Answer): void {
    if (!answer.ok) this.#failed(failureOf(answer.error))
  }

  #failed(failure: Failure): void {
    if (!failure.isRetriable) {
      this.#giveUp(failure)
      return
    }
    if (this.#attempts > this.#target.retriesMax) {
      this.#giveUp(failure, 'MaximumRetryAttempts')
      return
    }
    const waitMs = retryWaitMs(this.#attempts, this.#world.random('events/retry').next())
    const { kernel } = this.#world
    if (kernel.nowMs + waitMs - this.#acceptedMs > this.#target.ageMsMax) {
      this.#giveUp(failure, 'MaximumEventAgeInSeconds')
      return
    }
    kernel.after(waitMs, this)
  }

  /** Attributes: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html */
  #giveUp(failure: Failure, exhausted?: string): void {
    const { deadLetterArn } = this.#target
    const url = deadLetterArn === undefined ? undefined : this.#world.queues.urlOf(deadLetterArn)
    if (url === undefined) {
      this.#lost(
        'dropped',
        failure,
        deadLetterArn === undefined ? 'no dead-letter queue' : 'it does not exist',
      )
      return
    }
    const attributes: Record<string, string> = {
      RULE_ARN: this.#rule.arn,
      TARGET_ARN: this.#target.arn,
      ERROR_CODE: failure.code,
      // SQS takes no empty attribute.
      ERROR_MESSAGE: failure.message === '' ? failure.code : failure.message,
    }
    if (exhausted !== undefined) {
      attributes['EXHAUSTED_RETRY_CONDITION'] = exhausted
      attributes['RETRY_ATTEMPTS'] = String(this.#attempts - 1)
    }
    const input = {
      QueueUrl: url,
      MessageBody: this.#event.text,
      MessageAttributes: asMessageAttributes(attributes),
    }
    // Not by the target's role: the policy of the queue lets EventBridge in.
    this.#call({ service: 'sqs', action: 'SendMessage', input }, serviceFor(this.#rule.arn), (answer) => {
      if (answer.ok) this.#lost('dead-lettered', failure, this.#target.arn)
      else this.#lost('dropped', failure, `dead-letter queue: ${answer.error.name}`)
    })
  }

  #call({ service, action, input }: TargetCall, principal: Principal, done: Answered): void {
    this.#world.call({ by: this.#rule.logicalId, principal, service, action, input }, done)
  }

  #lost(how: 'dead-lettered' | 'dropped', failure: Failure, detail: string): void {
    this.#world.observer.lost({
      how,
      resource: this.#rule.logicalId,
      body: this.#event.text,
      atMs: this.#world.kernel.nowMs,
      reason: `${failure.code}: ${failure.message} (${detail})`,
    })
  }
}

const asMessageAttributes = (attributes: Readonly<Record<string, string>>): object =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  )
