import { orderIn } from '../measure/messages.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import type { Observer } from '../virtual-aws/observer.ts'
import type { WatchedQueue } from '../virtual-aws/world.ts'
import { type AlarmDefinition, seriesName } from './alarm-definition.ts'
import { activeQueueMinutes, pollsOf } from './queue-activity.ts'
import { minuteOf, Series } from './series.ts'

/** That a datum of a series, or what it was sampled from, was about an order. */
export interface Evidence {
  readonly orderId: string
  readonly knownIn: number
  /** The last minute that it may be read in; of a message, until its queue was found empty. */
  untilMinute: number
}

/** The metrics that a template's alarms are on, as CloudWatch would have them. */
export interface Metrics {
  readonly observer: Observer
  /** Samples the queues for the minute that ends at `atMs`. */
  minutePassed(atMs: number, queueOf: (logicalId: string) => WatchedQueue): void
  series(name: string): Series
  /** Of the series that an alarm of severity page is on. */
  evidence(name: string): readonly Evidence[]
}

/**
 * Folds, minute by minute, what the alarms of a template are on and nothing else. What each counts:
 *
 * - Lambda `Errors` and `Throttles`: 0 or 1 for each invocation or refusal, with the time at which the function was
 *   invoked, "not when the error occurred": https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 * - States `ExecutionsFailed`, `ExecutionsTimedOut`, `ExecutionTime` (ms, when an execution closes), and
 *   `ExecutionThrottled`: https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
 * - Events `FailedInvocations`: what failed for good and is not retried, dead-lettered or not; sent when it is not
 *   zero: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 * - SQS `ApproximateNumberOfMessagesVisible` and `ApproximateAgeOfOldestMessage` (s), one sample a minute, at its end;
 *   AWS says only that they are collected at one-minute intervals:
 *   https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 *
 * All read 2026-11-26. The pages do not say whether counts of executions are sent when they are zero: here they are not.
 */
export const createMetrics = (
  template: Template,
  definitions: readonly AlarmDefinition[],
  startMs: number,
): Metrics => {
  const wanted = new Map(definitions.map(({ series }) => [series, new Series()]))
  const paged = new Set(definitions.filter(({ severity }) => severity === 'page').map(({ series }) => series))
  const evidence = new Map([...paged].map((name): [string, Evidence[]] => [name, []]))
  const find = (namespace: string, metric: string): ReadonlyMap<string, Watched> =>
    new Map(
      Object.keys(template.Resources).flatMap((id): [string, Watched][] => {
        const name = seriesName(namespace, metric, id)
        const series = wanted.get(name)
        return series === undefined ? [] : [[id, new Watched(series, evidence.get(name))]]
      }),
    )
  const throttles = find('AWS/Lambda', 'Throttles')
  const functions = eachOf(find('AWS/Lambda', 'Errors'), throttles)
  const failed = find('AWS/States', 'ExecutionsFailed')
  const timedOut = find('AWS/States', 'ExecutionsTimedOut')
  const throttled = find('AWS/States', 'ExecutionThrottled')
  const times = find('AWS/States', 'ExecutionTime')
  const undelivered = find('AWS/Events', 'FailedInvocations')
  const sampled = sampledQueues(template, startMs, find)
  return {
    observer: {
      invocation({ functionId, startedMs, endedMs, end }) {
        const watched = functions.get(functionId)
        if (watched === undefined) return
        watched.errors?.tell(startedMs, endedMs, end === 'returned' ? 0 : 1)
        watched.throttles?.tell(startedMs, endedMs, 0)
      },
      throttled({ resource, atMs }) {
        if (resource === undefined) return
        throttles.get(resource)?.tell(atMs, atMs, 1)
        throttled.get(resource)?.tell(atMs, atMs, 1)
      },
      execution({ machineId, executionName, status, startedMs, endedMs }) {
        times.get(machineId)?.tell(endedMs, endedMs, endedMs - startedMs)
        if (status === 'FAILED') failed.get(machineId)?.tell(endedMs, endedMs, 1, executionName)
        if (status === 'TIMED_OUT') timedOut.get(machineId)?.tell(endedMs, endedMs, 1, executionName)
      },
      lost({ how, resource, body, atMs }) {
        if (how === 'dead-lettered' || how === 'dropped')
          undelivered.get(resource)?.tell(atMs, atMs, 1, orderIn(body))
      },
    },
    minutePassed(atMs, queueOf) {
      for (const queue of sampled) queue.sample(atMs, queueOf)
    },
    series: (name) => wanted.get(name) ?? new Series(),
    evidence: (name) => evidence.get(name) ?? [],
  }
}

/** Both of a function, since every invocation asks for both. */
const eachOf = (
  errors: ReadonlyMap<string, Watched>,
  throttles: ReadonlyMap<string, Watched>,
): ReadonlyMap<string, { readonly errors: Watched | undefined; readonly throttles: Watched | undefined }> =>
  new Map(
    [...new Set([...errors.keys(), ...throttles.keys()])].map((id) => [
      id,
      { errors: errors.get(id), throttles: throttles.get(id) },
    ]),
  )

/** A series, and what its data were about where that is asked for. */
class Watched {
  readonly series: Series
  readonly evidence: Evidence[] | undefined

  constructor(series: Series, evidence: Evidence[] | undefined) {
    this.series = series
    this.evidence = evidence
  }

  tell(atMs: number, knownMs: number, value: number, orderId?: string): void {
    const knownIn = minuteOf(knownMs)
    this.series.add(minuteOf(atMs), knownIn, value)
    if (orderId !== undefined) this.evidence?.push({ orderId, knownIn, untilMinute: knownIn })
  }
}

/** A queue that an alarm is on: its samples, and the orders whose messages lie in it. */
class SampledQueue {
  readonly #id: string
  readonly #visible: Watched | undefined
  readonly #age: Watched | undefined
  readonly #isPolled: boolean
  #queue: WatchedQueue | undefined
  #activeUntil: number
  #newest = 0
  /** Where in the evidence that begins which may still lie in the queue. */
  #open = 0

  constructor(
    id: string,
    visible: Watched | undefined,
    age: Watched | undefined,
    isPolled: boolean,
    startMs: number,
  ) {
    this.#id = id
    this.#visible = visible
    this.#age = age
    this.#isPolled = isPolled
    this.#activeUntil = minuteOf(startMs) + activeQueueMinutes
  }

  sample(atMs: number, queueOf: (logicalId: string) => WatchedQueue): void {
    this.#queue ??= queueOf(this.#id)
    const minute = minuteOf(atMs) - 1
    const { visible, oldestAgeMs, newest } = this.#queue.readingAt(atMs)
    if (newest > 0) this.#activeUntil = minute + activeQueueMinutes
    if (this.#isPolled || minute <= this.#activeUntil) this.#visible?.series.add(minute, minute, visible)
    if (oldestAgeMs !== undefined) this.#age?.series.add(minute, minute, oldestAgeMs / 1000)
    const evidence = this.#visible?.evidence
    if (evidence !== undefined) this.#keep(evidence, minute, newest, this.#queue)
  }

  #keep(evidence: Evidence[], minute: number, newest: number, queue: WatchedQueue): void {
    if (newest > this.#newest) {
      for (const body of queue.bodiesAfter(this.#newest)) {
        const orderId = orderIn(body)
        if (orderId !== undefined)
          evidence.push({ orderId, knownIn: minute, untilMinute: Number.POSITIVE_INFINITY })
      }
      this.#newest = newest
    }
    if (newest > 0) return
    for (const each of evidence.slice(this.#open)) each.untilMinute = minute
    this.#open = evidence.length
  }
}

const sampledQueues = (
  template: Template,
  startMs: number,
  find: (namespace: string, metric: string) => ReadonlyMap<string, Watched>,
): readonly SampledQueue[] => {
  const visible = find('AWS/SQS', 'ApproximateNumberOfMessagesVisible')
  const ages = find('AWS/SQS', 'ApproximateAgeOfOldestMessage')
  const polled = pollsOf(template)
  return [...new Set([...visible.keys(), ...ages.keys()])].map(
    (id) => new SampledQueue(id, visible.get(id), ages.get(id), polled.has(id), startMs),
  )
}
