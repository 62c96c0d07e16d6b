import type { ProviderCall } from '../../shared/providers.ts'
import type { ContestantResult } from '../results.ts'
import type { ApiCall, Invocation, Observer } from '../virtual-aws/observer.ts'
import { createHistogram, curveOf, type HistogramJson, mergedFrom, quantilesOf } from './histogram.ts'
import { field, orderIn, ordersIn, publishedIn } from './messages.ts'
import { lowestHashes } from './sample.ts'
import { partOfView } from './usage.ts'

/** The times of one order in ms from its intended start; undefined where it never came so far. */
export interface OrderTimes {
  readonly orderId: string
  readonly acceptance: number | undefined
  readonly recorded: number | undefined
  readonly completion: number | undefined
  readonly coordination: number | undefined
}

export interface LatencyResult
  extends Pick<ContestantResult, 'latencyMs' | 'completionCurve' | 'coldStarts'> {
  /** Orders that were submitted and never reached that point. */
  readonly unfinished: { readonly acceptance: number; readonly recorded: number; readonly completion: number }
  /** The same orders in every contestant that got the same orders and seed; unfinished ones included. */
  readonly sample: readonly OrderTimes[]
}

/**
 * How long orders take, from their *intended* start: a caller that was held up does not hide the wait.
 *
 * - acceptance: until the front-door call returned, as the bench tells;
 * - recorded: until the answer to the first PutItem of the order's record in the order table;
 * - completion: until the answer to the first PutEvents that took OrderCompleted or OrderRejected;
 * - coordination: completion less the time in which a provider was at work on the order. Only calls that were
 *   answered before completion count, and the mailer's never: it comes after the terminal fact. The steps of an
 *   order follow each other, so these calls are all on the critical path and their sum is its provider time; where
 *   a redelivery makes two overlap, the overlap counts once.
 */
export interface LatencyFold {
  readonly observer: Observer
  submitted(orderId: string, intendedMs: number): void
  accepted(orderId: string, atMs: number): void
  provider(call: ProviderCall): void
  finish(): LatencyTotals
}

/** What was recorded, before it is read: plain data, so that it crosses threads and shards can be put together. */
export interface LatencyTotals {
  readonly submitted: number
  readonly invocations: number
  readonly cold: number
  readonly ordersTouched: number
  readonly acceptance: HistogramJson
  readonly recorded: HistogramJson
  readonly completion: HistogramJson
  readonly coordination: HistogramJson
  readonly completionWarm: HistogramJson
  readonly completionCold: HistogramJson
  readonly sample: readonly OrderTimes[]
}

export interface LatencyOptions {
  readonly seed: number
  /** Those that will be submitted. */
  readonly orders: readonly { readonly orderId: string }[]
  /** Bound of the paired sample. */
  readonly sampleMax?: number
  /** Logical id of the table in which the order service keeps its records. */
  readonly orderTable?: string
  /** The part of the system that a function serves; a cold start of any but the flow ('') holds up no order. */
  readonly partOf?: (resource: string, by: string) => string
}

interface OpenOrder {
  readonly orderId: string
  readonly intendedMs: number
  acceptedMs: number | undefined
  recordedMs: number | undefined
  completedMs: number | undefined
  providerCalls: { readonly startedMs: number; readonly endedMs: number }[]
  isCold: boolean
  /** Of an order of the sample. */
  readonly kept: KeptTimes | undefined
}

type KeptTimes = Partial<Record<Exclude<keyof OrderTimes, 'orderId'>, number>>

/**
 * An invocation is seen when it ends, so the one that completed an order is seen after: settled orders stay this
 * long, well above the functions' timeout, before they are counted as warm or cold and forgotten.
 */
const lingerMs = 60_000
const sweepEveryMs = 10_000

const sampleMaxDefault = 5_000

const terminalFacts: ReadonlySet<string> = new Set(['OrderCompleted', 'OrderRejected'])

export const createLatency = ({
  seed,
  orders,
  sampleMax = sampleMaxDefault,
  orderTable = 'OrderTable',
  partOf = partOfView,
}: LatencyOptions): LatencyFold => {
  const open = new Map<string, OpenOrder>()
  const settled = new Map<string, OpenOrder>()
  const sample = new Map(
    lowestHashes(orders, sampleMax, seed).map(({ orderId }): [string, KeptTimes] => [orderId, {}]),
  )
  const histograms = {
    acceptance: createHistogram(),
    recorded: createHistogram(),
    completion: createHistogram(),
    coordination: createHistogram(),
  }
  const completionOf = { warm: createHistogram(), cold: createHistogram() }
  const counted = { submitted: 0, invocations: 0, cold: 0, ordersTouched: 0 }
  let sweepAtMs = Number.NEGATIVE_INFINITY

  const orderOf = (orderId: string): OpenOrder | undefined => open.get(orderId) ?? settled.get(orderId)

  const reached = ({ kept }: OpenOrder, point: keyof typeof histograms, ms: number): void => {
    histograms[point].record(ms)
    if (kept !== undefined) kept[point] = ms
  }
  const settleIfDone = (order: OpenOrder): void => {
    if (order.acceptedMs === undefined || order.recordedMs === undefined) return
    if (order.completedMs === undefined) return
    open.delete(order.orderId)
    settled.set(order.orderId, order)
  }
  const close = (order: OpenOrder): void => {
    if (order.isCold) counted.ordersTouched += 1
    if (order.completedMs === undefined) return
    completionOf[order.isCold ? 'cold' : 'warm'].record(order.completedMs - order.intendedMs)
  }
  const sweep = (nowMs: number): void => {
    if (nowMs < sweepAtMs) return
    sweepAtMs = nowMs + sweepEveryMs
    for (const [orderId, order] of settled) {
      if ((order.completedMs ?? nowMs) > nowMs - lingerMs) return
      settled.delete(orderId)
      close(order)
    }
  }

  const seeRecord = (call: ApiCall): void => {
    if (call.action !== 'PutItem' || call.resource !== orderTable || call.error !== undefined) return
    const orderId = keyOf(call.input)
    const order = open.get(orderId)
    if (order === undefined || order.recordedMs !== undefined) return
    order.recordedMs = call.endedMs
    reached(order, 'recorded', call.endedMs - order.intendedMs)
    settleIfDone(order)
  }
  const complete = (orderId: string, atMs: number): void => {
    const order = open.get(orderId)
    if (order === undefined || order.completedMs !== undefined) return
    order.completedMs = atMs
    const completion = atMs - order.intendedMs
    reached(order, 'completion', completion)
    reached(order, 'coordination', Math.max(0, completion - coveredMs(order.providerCalls, atMs)))
    order.providerCalls = []
    settleIfDone(order)
  }
  const seeTerminalFact = (call: ApiCall): void => {
    for (const { type, detail } of publishedIn(call)) {
      const orderId = terminalFacts.has(type) ? orderIn(detail) : undefined
      if (orderId !== undefined) complete(orderId, call.endedMs)
    }
  }
  const seeColdStart = (invocation: Invocation): void => {
    counted.cold += 1
    // The order view hears of an order while it is under way, and nothing waits for the view.
    if (partOf(invocation.functionId, invocation.functionId) !== '') return
    for (const orderId of ordersIn(invocation.event)) {
      const order = orderOf(orderId)
      // What starts after the terminal fact (the notification) cannot have held it up.
      if (order !== undefined && invocation.startedMs <= (order.completedMs ?? invocation.startedMs))
        order.isCold = true
    }
  }

  return {
    observer: {
      call(call) {
        if (call.service === 'dynamodb') seeRecord(call)
        else if (call.service === 'events') seeTerminalFact(call)
      },
      invocation(invocation) {
        counted.invocations += 1
        if (invocation.initMs > 0) seeColdStart(invocation)
        sweep(invocation.endedMs)
      },
    },
    submitted(orderId, intendedMs) {
      if (open.has(orderId) || settled.has(orderId))
        throw new Error(`Order ${orderId} was submitted twice to the latency fold.`)
      counted.submitted += 1
      open.set(orderId, {
        orderId,
        intendedMs,
        acceptedMs: undefined,
        recordedMs: undefined,
        completedMs: undefined,
        providerCalls: [],
        isCold: false,
        kept: sample.get(orderId),
      })
    },
    accepted(orderId, atMs) {
      const order = open.get(orderId)
      if (order === undefined || order.acceptedMs !== undefined) return
      order.acceptedMs = atMs
      reached(order, 'acceptance', atMs - order.intendedMs)
      settleIfDone(order)
    },
    provider(call) {
      if (call.end !== 'answered' || call.provider === 'mailer') return
      const order = open.get(call.key)
      if (order !== undefined && order.completedMs === undefined)
        order.providerCalls.push({ startedMs: call.startedMs, endedMs: call.endedMs })
    },
    finish() {
      for (const order of settled.values()) close(order)
      for (const order of open.values()) close(order)
      settled.clear()
      open.clear()
      return {
        ...counted,
        acceptance: histograms.acceptance.toJSON(),
        recorded: histograms.recorded.toJSON(),
        completion: histograms.completion.toJSON(),
        coordination: histograms.coordination.toJSON(),
        completionWarm: completionOf.warm.toJSON(),
        completionCold: completionOf.cold.toJSON(),
        sample: [...sample].map(([orderId, times]) => ({
          orderId,
          acceptance: times.acceptance,
          recorded: times.recorded,
          completion: times.completion,
          coordination: times.coordination,
        })),
      }
    },
  }
}

/** The figures of a run, from the totals of its shards; the sample stays as bounded as that of one. */
export const latencyOf = (
  shards: readonly LatencyTotals[],
  { seed, sampleMax = sampleMaxDefault }: Pick<LatencyOptions, 'seed' | 'sampleMax'>,
): LatencyResult => {
  const merged = (point: PointOf<HistogramJson>) => mergedFrom(shards.map((shard) => shard[point]))
  const sum = (count: PointOf<number>) => shards.reduce((total, shard) => total + shard[count], 0)
  const [acceptance, recorded] = [merged('acceptance'), merged('recorded')]
  const completion = merged('completion')
  const submitted = sum('submitted')
  return {
    latencyMs: {
      acceptance: quantilesOf(acceptance),
      recorded: quantilesOf(recorded),
      completion: quantilesOf(completion),
      coordination: quantilesOf(merged('coordination')),
    },
    completionCurve: curveOf(completion),
    coldStarts: {
      invocations: sum('invocations'),
      cold: sum('cold'),
      ordersTouched: sum('ordersTouched'),
      completionMs: {
        warm: quantilesOf(merged('completionWarm')),
        cold: quantilesOf(merged('completionCold')),
      },
    },
    unfinished: {
      acceptance: submitted - acceptance.n,
      recorded: submitted - recorded.n,
      completion: submitted - completion.n,
    },
    sample: lowestHashes(
      shards.flatMap((shard) => shard.sample),
      sampleMax,
      seed,
    ),
  }
}

type PointOf<Value> = {
  [Key in keyof LatencyTotals]: LatencyTotals[Key] extends Value ? Key : never
}[keyof LatencyTotals]

/** The partition key of an item as documents spell it; the low-level API wraps it in its type. */
const keyOf = (input: unknown): string => {
  const key = field(field(input, 'Item'), 'pk')
  return String(typeof key === 'object' ? field(key, 'S') : key)
}

/** How long at least one of the calls was under way, of those that ended by `untilMs`. */
const coveredMs = (
  calls: readonly { readonly startedMs: number; readonly endedMs: number }[],
  untilMs: number,
): number => {
  let covered = 0
  let coveredUntilMs = Number.NEGATIVE_INFINITY
  for (const { startedMs, endedMs } of calls.toSorted((a, b) => a.startedMs - b.startedMs)) {
    if (endedMs > untilMs) continue
    covered += Math.max(0, endedMs - Math.max(startedMs, coveredUntilMs))
    coveredUntilMs = Math.max(coveredUntilMs, endedMs)
  }
  return covered
}
