import type { Template } from '../virtual-aws/deploy.ts'
import type { Observer } from '../virtual-aws/observer.ts'
import type { WatchedQueue } from '../virtual-aws/world.ts'
import { type AlarmDefinition, alarmDefinitions, isBreaching, type Severity } from './alarm-definition.ts'
import { type AlarmState, type DataPoint, rangeOf, stateAfter } from './alarm-state.ts'
import { createMetrics, type Evidence, type Metrics } from './metrics.ts'
import { type Datum, minuteMs, minuteOf, type Series, together } from './series.ts'

/** One alarm over a run. */
export interface AlarmHistory {
  readonly definition: AlarmDefinition
  /** From INSUFFICIENT_DATA, in which it begins; none of one that had no reason to ring at any time. */
  readonly changes: readonly StateChange[]
}

export interface StateChange {
  readonly atMs: number
  readonly state: AlarmState
}

/** The alarms of a template while a run goes on. */
export interface AlarmWatch {
  readonly observer: Observer
  /** The minute that ends at `atMs` is over. */
  minutePassed(atMs: number, queueOf: (logicalId: string) => WatchedQueue): void
  /**
   * What every alarm did until `untilMs`. Nothing happens any more, but time goes on: what lies in a queue grows old, and
   * alarms that are told of nothing go back.
   */
  finish(untilMs: number, queueOf: (logicalId: string) => WatchedQueue): AlarmFindings
}

export interface AlarmFindings {
  /** In the order of the template. */
  readonly histories: readonly AlarmHistory[]
  /** Whether an alarm of that severity rang while it was told of this order: of its dead letter, its execution, its event. */
  isToldOf(orderId: string): boolean
}

/** `startMs` is when the stack is deployed. */
export const watchAlarms = (template: Template, startMs: number): AlarmWatch => {
  const definitions = alarmDefinitions(template)
  const metrics = createMetrics(template, definitions, startMs)
  let next = minuteOf(startMs) + 1
  // What is done to a stack after a run, as a recovery, is in no finding.
  let isOver = false
  const minutePassed: AlarmWatch['minutePassed'] = (atMs, queueOf) => {
    if (isOver) return
    metrics.minutePassed(atMs, queueOf)
    next = minuteOf(atMs) + 1
  }
  return {
    observer: metrics.observer,
    minutePassed,
    finish(untilMs, queueOf) {
      const last = minuteOf(untilMs)
      while (next <= last) minutePassed(next * minuteMs, queueOf)
      isOver = true
      const histories = definitions.map((definition) => {
        const series = metrics.series(definition.series)
        const changes = mayRing(definition, series)
          ? changesOf(definition, series, minuteOf(startMs), last)
          : []
        return { definition, changes }
      })
      const told = toldOrders(histories, metrics)
      return { histories, isToldOf: (orderId) => told.has(orderId) }
    },
  }
}

/**
 * The states of an alarm that is evaluated at the end of every minute, over a window that slides with it, with what is
 * known by then. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
 * (read 2026-11-26). On AWS the evaluation comes some seconds after the minute: in the example of
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-alarms-partial-data.html
 * (read 2026-11-26) it is five. Those seconds are not modelled, nor are metrics that come late.
 */
export const changesOf = (
  definition: AlarmDefinition,
  series: Series,
  firstMinute: number,
  lastMinute: number,
): readonly StateChange[] => {
  const { arrivals } = series
  const known = new Map<number, Datum>()
  const changes: StateChange[] = []
  let state: AlarmState = 'INSUFFICIENT_DATA'
  let at = 0
  for (let now = firstMinute + 1; now <= lastMinute; now += 1) {
    for (let arrival = arrivals[at]; arrival && arrival.knownIn < now; arrival = arrivals[at]) {
      known.set(arrival.minute, together(known.get(arrival.minute), arrival))
      at += 1
    }
    const after = stateAfter(pointsAt(definition, known, now), definition, state)
    if (after !== state) changes.push({ atMs: now * minuteMs, state: after })
    state = after
  }
  return changes
}

/**
 * Whether it is worth looking minute by minute: not where no minute was ever beyond the threshold, with what was known
 * of it at any time, as is so of most alarms in most runs.
 */
const mayRing = (definition: AlarmDefinition, { arrivals }: Series): boolean => {
  if (definition.missingData === 'breaching' || definition.periodMinutes > 1) return true
  const known = new Map<number, Datum>()
  return arrivals.some((arrival) => {
    const datum = together(known.get(arrival.minute), arrival)
    known.set(arrival.minute, datum)
    return isBreaching(definition, statisticOf(definition, datum))
  })
}

/** The data points of the range that ends at a minute, the oldest first. */
const pointsAt = (
  definition: AlarmDefinition,
  known: ReadonlyMap<number, Datum>,
  now: number,
): readonly DataPoint[] => {
  const { periodMinutes } = definition
  return Array.from({ length: rangeOf(definition) }, (_, index) => {
    const from = now - (rangeOf(definition) - index) * periodMinutes
    let datum: Datum | undefined
    for (let minute = from; minute < from + periodMinutes; minute += 1) {
      const one = known.get(minute)
      if (one !== undefined) datum = together(datum, one)
    }
    if (datum === undefined) return 'missing'
    return isBreaching(definition, statisticOf(definition, datum)) ? 'bad' : 'good'
  })
}

const statisticOf = (
  { statistic }: Pick<AlarmDefinition, 'statistic'>,
  { sum, maximum, minimum, count }: Datum,
): number =>
  ({ Sum: sum, Maximum: maximum, Minimum: minimum, Average: sum / count, SampleCount: count })[statistic]

const page: Severity = 'page'

/** The orders of which a page told: it was in ALARM while what it read was about them. */
const toldOrders = (histories: readonly AlarmHistory[], metrics: Metrics): ReadonlySet<string> => {
  const told = new Set<string>()
  for (const { definition, changes } of histories) {
    if (definition.severity !== page) continue
    const stretches = alarmStretches(changes)
    const readMinutes = rangeOf(definition) * definition.periodMinutes
    for (const each of metrics.evidence(definition.series))
      if (stretches.some((stretch) => meets(stretch, each, readMinutes))) told.add(each.orderId)
  }
  return told
}

interface Stretch {
  readonly from: number
  /** The first minute that it is no longer in ALARM. */
  readonly until: number
}

const alarmStretches = (changes: readonly StateChange[]): readonly Stretch[] =>
  changes.flatMap(({ atMs, state }, index) =>
    state === 'ALARM'
      ? [
          {
            from: minuteOf(atMs),
            until: minuteOf(changes[index + 1]?.atMs ?? Number.POSITIVE_INFINITY),
          },
        ]
      : [],
  )

const meets = (stretch: Stretch, { knownIn, untilMinute }: Evidence, readMinutes: number): boolean =>
  stretch.until > knownIn + 1 && stretch.from <= untilMinute + readMinutes
