import type { InvocationAnswer, World } from '../../world.ts'
import { InvalidTemplate } from '../properties.ts'
import { Destinations, destinationAction, type InvocationRecord } from './destinations.ts'
import type { LambdaFunction } from './function.ts'
import type { AsynchronousSettings } from './invoke-settings.ts'

/**
 * Waits before the second and the third attempt when the function fails, and the bounds between which the wait
 * doubles when it is throttled. Source:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html (read 2026-11-25). It says
 * "increases exponentially": that it doubles is an assumption.
 */
const errorWaitsMs = [60_000, 120_000] as const
const throttleWaitMsMin = 1000
const throttleWaitMsMax = 300_000

/** Lambda's own queue of one function: events that somebody handed over without waiting for the answer. */
export class AsynchronousQueue {
  readonly #world: World
  readonly #target: LambdaFunction
  readonly #settings: AsynchronousSettings
  readonly #destinations: Destinations

  constructor(world: World, target: LambdaFunction, settings: AsynchronousSettings) {
    this.#world = world
    this.#target = target
    this.#settings = settings
    this.#destinations = new Destinations(world, target.identity)
  }

  /** Refuses what AWS refuses when the function or its configuration is created. */
  checkPermissions(): void {
    const { onSuccess, onFailure, deadLetterArn } = this.#settings
    const { functionId, settings } = this.#target.identity
    const principal = { kind: 'role', arn: settings.roleArn } as const
    if (deadLetterArn !== undefined && !this.#world.permits(principal, 'sqs:SendMessage', deadLetterArn)) {
      throw new InvalidTemplate(
        `AWS::Lambda::Function "${functionId}": The provided execution role does not have permissions to call SendMessage on SQS`,
      )
    }
    for (const arn of [onSuccess, onFailure]) {
      if (arn === undefined) continue
      const action = destinationAction(arn)
      if (this.#world.permits(principal, action, arn)) continue
      throw new InvalidTemplate(
        `AWS::Lambda::EventInvokeConfig of "${functionId}": The function's execution role does not have permissions to call ${action.slice(action.indexOf(':') + 1)} on ${arn}`,
      )
    }
  }

  /** Takes an event, as JSON text, and runs it in time: at least once. */
  accept(text: string): void {
    const { kernel, faults, observer } = this.#world
    const { functionId } = this.#target.identity
    const event = this.#event(text, this.#target.nextRequestId())
    const queuedMs = this.#world.latencyMs('lambda.asyncQueue')
    kernel.after(queuedMs, () => event.takeUp())
    const copies = faults.copies?.({ resource: functionId, body: text })
    if (copies === undefined) return
    for (const delayMs of copies) {
      const copy = this.#event(text, event.requestId)
      kernel.after(queuedMs + delayMs, () => {
        observer.duplicate(functionId, text)
        copy.takeUp()
      })
    }
  }

  #event(text: string, requestId: string): AsynchronousEvent {
    return new AsynchronousEvent(
      this.#world,
      this.#target,
      this.#settings,
      this.#destinations,
      text,
      requestId,
    )
  }
}

type Failed = Extract<InvocationAnswer, { readonly ok: false }>

/**
 * One event on its way through the queue:
 *
 *     accepted ─▶ taken up ─▶ ran ─▶ OnSuccess
 *                    ▲         ├─▶ failed: again in 1 min, in 2 min ─▶ OnFailure, dead-letter queue
 *                    └─────────┴─▶ throttled: again in 1 s … 5 min, until it is too old ─▶ the same
 */
class AsynchronousEvent {
  readonly requestId: string
  readonly #world: World
  readonly #target: LambdaFunction
  readonly #settings: AsynchronousSettings
  readonly #destinations: Destinations
  /** Each attempt gets a copy of its own. */
  readonly #text: string
  readonly #acceptedMs: number
  /** Attempts in which code ran, and those that were refused. */
  #invokes = 0
  #throttles = 0

  constructor(
    world: World,
    target: LambdaFunction,
    settings: AsynchronousSettings,
    destinations: Destinations,
    text: string,
    requestId: string,
  ) {
    this.#world = world
    this.#target = target
    this.#settings = settings
    this.#destinations = destinations
    this.#text = text
    this.requestId = requestId
    this.#acceptedMs = world.kernel.nowMs
  }

  takeUp(): void {
    const delayMs = this.#world.latencyMs('lambda.invoke')
    this.#target.invoke(JSON.parse(this.#text), delayMs, (answer) => this.#ended(answer), this.requestId)
  }

  #ended(answer: InvocationAnswer): void {
    if (answer.ok) this.#succeeded(answer.payload)
    else if (answer.refused) this.#throttled(answer)
    else this.#failed(answer)
  }

  #succeeded(payload: unknown): void {
    this.#invokes += 1
    const { onSuccess } = this.#settings
    if (onSuccess === undefined) return
    const record: InvocationRecord = {
      ...this.#recordOf('Success'),
      responseContext: { statusCode: 200, executedVersion: '$LATEST' },
      responsePayload: payload ?? null,
    }
    this.#destinations.sendRecord(onSuccess, record, (failure) => {
      if (failure !== undefined) this.#lost('dropped', `the record of a success: ${failure}`)
    })
  }

  #failed(answer: Failed): void {
    this.#invokes += 1
    const waitMs = this.#invokes > this.#settings.retriesMax ? undefined : errorWaitsMs[this.#invokes - 1]
    if (waitMs === undefined) this.#giveUp('RetriesExhausted', answer)
    else this.#again(waitMs, answer)
  }

  /** A function that may never run is no function that is busy: its events are given up at once. Same source. */
  #throttled(answer: Failed): void {
    if (this.#target.identity.settings.reservedConcurrency === 0) {
      this.#giveUp('RetriesExhausted', answer)
      return
    }
    const waitMs = Math.min(throttleWaitMsMin * 2 ** this.#throttles, throttleWaitMsMax)
    this.#throttles += 1
    this.#again(waitMs, answer)
  }

  /** The queue keeps an event only so long: one that would be too old by its next attempt is given up at that age. */
  #again(waitMs: number, answer: Failed): void {
    const { kernel } = this.#world
    const expiresMs = this.#acceptedMs + this.#settings.ageMsMax
    if (kernel.nowMs + waitMs < expiresMs) kernel.after(waitMs, () => this.takeUp())
    else kernel.at(Math.max(expiresMs, kernel.nowMs), () => this.#giveUp('EventAgeExceeded', answer))
  }

  #giveUp(condition: 'RetriesExhausted' | 'EventAgeExceeded', answer: Failed): void {
    const { onFailure, deadLetterArn } = this.#settings
    const reason = `${condition}: ${answer.errorType}: ${answer.errorMessage}`
    if (onFailure === undefined && deadLetterArn === undefined) this.#lost('dropped', reason)
    if (onFailure !== undefined) {
      this.#destinations.sendRecord(onFailure, this.#failureRecord(condition, answer), (failure) =>
        this.#gone(reason, 'OnFailure', failure),
      )
    }
    if (deadLetterArn !== undefined) {
      const event = { text: this.#text, attributes: deadLetterAttributes(this.requestId, answer) }
      this.#destinations.sendEvent(deadLetterArn, event, (failure) =>
        this.#gone(reason, 'dead-letter queue', failure),
      )
    }
  }

  #failureRecord(condition: 'RetriesExhausted' | 'EventAgeExceeded', answer: Failed): InvocationRecord {
    const record = this.#recordOf(condition)
    if (answer.refused) return record
    return {
      ...record,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorType: answer.errorType, errorMessage: answer.errorMessage },
    }
  }

  #recordOf(condition: InvocationRecord['requestContext']['condition']): InvocationRecord {
    return {
      version: '1.0',
      timestamp: new Date(this.#world.kernel.nowMs).toISOString(),
      requestContext: {
        requestId: this.requestId,
        functionArn: `${this.#target.arn}:$LATEST`,
        condition,
        approximateInvokeCount: this.#invokes,
      },
      requestPayload: JSON.parse(this.#text),
    }
  }

  #gone(reason: string, where: string, failure: string | undefined): void {
    if (failure === undefined) this.#lost('dead-lettered', `${reason} (${where})`)
    else this.#lost('dropped', `${reason} (${where}: ${failure})`)
  }

  #lost(how: 'dropped' | 'dead-lettered', reason: string): void {
    const { kernel, observer } = this.#world
    const resource = this.#target.identity.functionId
    observer.lost({ how, resource, body: this.#text, atMs: kernel.nowMs, reason })
  }
}

const errorMessageLengthMax = 1024

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq (read 2026-11-25). */
const deadLetterAttributes = (requestId: string, answer: Failed): Readonly<Record<string, unknown>> => ({
  RequestID: { DataType: 'String', StringValue: requestId },
  ErrorCode: { DataType: 'Number', StringValue: answer.refused ? '429' : '200' },
  // SQS takes no attribute without a value.
  ...(answer.errorMessage === ''
    ? {}
    : {
        ErrorMessage: {
          DataType: 'String',
          StringValue: answer.errorMessage.slice(0, errorMessageLengthMax),
        },
      }),
})
