import type { ContestantResult } from '../results.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import type { Severity } from './alarm-definition.ts'
import type { AlarmFindings, AlarmHistory } from './alarms.ts'

/** What rang in a run, and what nobody was told of; plain data. */
export type AlarmResults = NonNullable<ContestantResult['alarms']>
type Rang = AlarmResults['rang'][number]
type Detection = NonNullable<AlarmResults['detected']['page']>

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
): AlarmResults => {
  const untold = unwell.filter((orderId) => !isToldOf(orderId))
  return {
    watching: histories.length,
    rang: histories.flatMap((history) => rangOf(history, firstMs) ?? []).toSorted(byFirst),
    detected: detectedOf(['page', 'ticket'], (severity) => detectionOf(histories, severity, faultMs)),
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

/** What rings at once is told in the order of the template. */
const detectionOf = (
  histories: readonly AlarmHistory[],
  severity: Severity,
  faultMs: number,
): Detection | undefined =>
  earliest(
    histories.flatMap((history) => {
      const atMs = timesOf(history).find((time) => time >= faultMs)
      if (atMs === undefined || history.definition.severity !== severity) return []
      return [{ alarm: history.definition.id, afterMs: atMs - faultMs }]
    }),
  )

const earliest = (detections: readonly Detection[]): Detection | undefined =>
  detections.toSorted((one, other) => one.afterMs - other.afterMs)[0]

const detectedOf = (
  severities: readonly Severity[],
  detection: (severity: Severity) => Detection | undefined,
): AlarmResults['detected'] =>
  Object.fromEntries(
    severities.flatMap((severity) => {
      const found = detection(severity)
      return found === undefined ? [] : [[severity, found]]
    }),
  )

/** Of the shards of one run, each a stack of its own: the first time of any of them, and all times together. */
export const alarmsOfShards = (shards: readonly AlarmResults[]): AlarmResults | undefined => {
  const [first] = shards
  if (first === undefined) return undefined
  const rang = new Map<string, Rang>()
  for (const each of shards.flatMap((shard) => shard.rang)) {
    const other = rang.get(each.alarm)
    rang.set(each.alarm, other === undefined ? each : bothRang(other, each))
  }
  return {
    watching: first.watching,
    rang: [...rang.values()].toSorted(byFirst),
    detected: detectedOf(['page', 'ticket'], (severity) =>
      earliest(shards.flatMap(({ detected }) => detected[severity] ?? [])),
    ),
    untold: {
      orders: shards.reduce((sum, { untold }) => sum + untold.orders, 0),
      examples: shards.flatMap(({ untold }) => untold.examples).slice(0, examplesMax),
    },
  }
}

const bothRang = (one: Rang, other: Rang): Rang => ({
  ...one,
  firstMs: Math.min(one.firstMs, other.firstMs),
  times: one.times + other.times,
  atEnd: one.atEnd || other.atEnd,
})
