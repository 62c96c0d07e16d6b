import type { Principal, World } from '../../world.ts'
import type { Event } from './entry.ts'
import { failureOf } from './failure.ts'
import type { Failure, Rule, Target, TargetCall } from './rule.ts'

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
    for (const target of rule.targets) {
      const routeMs = this.#world.latencyMs('events.route', event.text.length)
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
    this.#world.kernel.after(afterMs + delayMs, () => {
      if (isCopy) this.#world.observer.duplicate(rule.logicalId, event.text)
      new Attempts(this.#world, rule, target, event, acceptedMs).next()
    })
  }
}

/** One event on its way to one target. */
class Attempts {
  readonly #world: World
  readonly #rule: Rule
  readonly #target: Target
  readonly #event: Event
  readonly #acceptedMs: number
  readonly #text: string
  #retries = 0

  constructor(world: World, rule: Rule, target: Target, event: Event, acceptedMs: number) {
    this.#world = world
    this.#rule = rule
    this.#target = target
    this.#event = event
    this.#acceptedMs = acceptedMs
    this.#text = target.input === undefined ? event.text : target.input(event, acceptedMs)
  }

  next(): void {
    const request = this.#target.request(this.#world, this.#text)
    if ('code' in request) {
      this.#failed(request)
      return
    }
    this.#call(request, this.#principal(), (error) => {
      if (error !== undefined) this.#failed(failureOf(error))
    })
  }

  #failed(failure: Failure): void {
    if (!failure.isRetriable) {
      this.#giveUp(failure)
      return
    }
    if (this.#retries >= this.#target.retriesMax) {
      this.#giveUp(failure, 'MaximumRetryAttempts')
      return
    }
    const waitMs = retryWaitMs(this.#retries + 1, this.#world.random('events/retry').next())
    const { kernel } = this.#world
    if (kernel.nowMs + waitMs - this.#acceptedMs > this.#target.ageMsMax) {
      this.#giveUp(failure, 'MaximumEventAgeInSeconds')
      return
    }
    kernel.after(waitMs, () => {
      this.#retries += 1
      this.next()
    })
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
      attributes['RETRY_ATTEMPTS'] = String(this.#retries)
    }
    const input = {
      QueueUrl: url,
      MessageBody: this.#event.text,
      MessageAttributes: asMessageAttributes(attributes),
    }
    // Not by the target's role: the policy of the queue lets EventBridge in.
    this.#call({ service: 'sqs', action: 'SendMessage', input }, serviceFor(this.#rule), (error) => {
      if (error === undefined) this.#lost('dead-lettered', failure, this.#target.arn)
      else this.#lost('dropped', failure, `dead-letter queue: ${error.name}`)
    })
  }

  #call(
    { service, action, input }: TargetCall,
    principal: Principal,
    done: (error: Error | undefined) => void,
  ): void {
    this.#world.call({ by: this.#rule.logicalId, principal, service, action, input }, (answer) =>
      done(answer.ok ? undefined : answer.error),
    )
  }

  #principal(): Principal {
    const { roleArn } = this.#target
    return roleArn === undefined ? serviceFor(this.#rule) : { kind: 'role', arn: roleArn }
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

const serviceFor = ({ arn }: Rule): Principal => ({
  kind: 'service',
  name: 'events.amazonaws.com',
  sourceArn: arn,
})

const asMessageAttributes = (attributes: Readonly<Record<string, string>>): object =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  )
