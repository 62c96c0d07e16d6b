import type { ContestantResult } from '../results.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { Severity } from './alarm-definition.ts'
import type { AlarmFindings, AlarmHistory } from './alarms.ts'

/** What rang in a run, and what nobody was told of; plain data. */
type AlarmResults = NonNullable<ContestantResult['alarms']>
type Rang = AlarmResults['rang'][number]
type Detection = NonNullable<AlarmResults['detected']['page']>

/** That an alarm rang when the first fault had begun: for the first time since then. */
export interface Heard extends Detection {
  readonly severity: Severity
}

/** The same, before it is known which of them ring undisturbed as well. */
export interface AlarmTotals extends Omit<AlarmResults, 'detected'> {
  readonly heard: readonly Heard[]
}

/** When the first fault of a scenario begins, in ms after the first order: one without a time is there from the start. */
export const faultsFromMs = ({ faults }: Pick<Scenario, 'faults'>): number =>
  faults.length === 0
    ? 0
    : Math.min(...faults.map((fault) => ('fromMs' in fault ? fault.fromMs : undefined) ?? 0))

const examplesMax = 5

/**
 * `firstMs` is when the first order came, `faultMs` when the first fault began, and `unwell` are the orders that ended
 * stuck or inconsistent.
 */
export const alarmResults = (
  { histories, isToldOf }: AlarmFindings,
  {
    firstMs,
    faultMs,
    unwell,
  }: { readonly firstMs: number; readonly faultMs: number; readonly unwell: readonly string[] },
): AlarmTotals => {
  const untold = unwell.filter((orderId) => !isToldOf(orderId))
  return {
    watching: histories.length,
    rang: histories.flatMap((history) => rangOf(history, firstMs) ?? []).toSorted(byFirst),
    heard: histories.flatMap((history) => heardOf(history, faultMs) ?? []),
    untold: { orders: untold.length, examples: untold.slice(0, examplesMax) },
  }
}

const byFirst = (one: Rang, other: Rang): number => one.firstMs - other.firstMs

const timesOf = ({ changes }: AlarmHistory): readonly number[] =>
  changes.flatMap(({ atMs, state }) => (state === 'ALARM' ? [atMs] : []))

const rangOf = (history: AlarmHistory, firstMs: number): Rang | undefined => {
  const times = timesOf(history)
  const [first] = times
  if (first === undefined) return undefined
  const { id, severity, says } = history.definition
  const atEnd = history.changes.at(-1)?.state === 'ALARM'
  return { alarm: id, severity, says, firstMs: first - firstMs, times: times.length, atEnd }
}

const heardOf = (history: AlarmHistory, faultMs: number): Heard | undefined => {
  const atMs = timesOf(history).find((time) => time >= faultMs)
  if (atMs === undefined) return undefined
  const { id, severity } = history.definition
  return { alarm: id, severity, afterMs: atMs - faultMs }
}

/**
 * What tells of a fault: of each severity the first alarm that is not among `noise`, which rings undisturbed as well.
 * What rings at once is told in the order of the template.
 */
const detectedAmong = (heard: readonly Heard[], noise: ReadonlySet<string>): AlarmResults['detected'] => {
  const signs = heard
    .filter(({ alarm }) => !noise.has(alarm))
    .toSorted((one, other) => one.afterMs - other.afterMs)
  return Object.fromEntries(
    (['page', 'ticket'] as const).flatMap((wanted) => {
      const first = signs.find(({ severity }) => severity === wanted)
      return first === undefined ? [] : [[wanted, { alarm: first.alarm, afterMs: first.afterMs }]]
    }),
  )
}

const silence: ReadonlySet<string> = new Set()

/**
 * Of the shards of one run, each a stack of its own: the first time of any of them, and all times together. What would
 * ring undisturbed as well is not known yet, and counts as a sign.
 */
export const alarmsOfShards = (
  shards: readonly AlarmTotals[],
): { readonly results: AlarmResults; readonly heard: readonly Heard[] } | undefined => {
  const [first] = shards
  if (first === undefined) return undefined
  const rang = new Map<string, Rang>()
  for (const each of shards.flatMap((shard) => shard.rang)) {
    const other = rang.get(each.alarm)
    rang.set(each.alarm, other === undefined ? each : bothRang(other, each))
  }
  const heard = shards.flatMap((shard) => shard.heard)
  return {
    heard,
    results: {
      watching: first.watching,
      rang: [...rang.values()].toSorted(byFirst),
      detected: detectedAmong(heard, silence),
      untold: {
        orders: shards.reduce((sum, { untold }) => sum + untold.orders, 0),
        examples: shards.flatMap(({ untold }) => untold.examples).slice(0, examplesMax),
      },
    },
  }
}

/** The same alarms, held against those of the same orders undisturbed. */
export const alarmsAgainst = (
  results: AlarmResults,
  heard: readonly Heard[],
  twin: AlarmResults | undefined,
): AlarmResults => {
  const noise = new Set(twin?.rang.map(({ alarm }) => alarm))
  return {
    ...results,
    rang: results.rang.map((each) => (noise.has(each.alarm) ? { ...each, undisturbed: true } : each)),
    detected: detectedAmong(heard, noise),
  }
}

const bothRang = (one: Rang, other: Rang): Rang => ({
  ...one,
  firstMs: Math.min(one.firstMs, other.firstMs),
  times: one.times + other.times,
  atEnd: one.atEnd || other.atEnd,
})
