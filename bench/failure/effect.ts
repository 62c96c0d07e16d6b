import { compareCost } from '../measure/compare.ts'
import type { MeasuredRun } from '../measured-run.ts'
import type { ContestantResult, FaultEffect } from '../results.ts'
import { alarmsAgainst } from './alarm-results.ts'
import type { Footprint } from './footprint.ts'
import { recordedOtherwise } from './recorded.ts'
import { unaidedOf } from './unaided.ts'

/** A run with faults, held against its twin. */
export interface Held {
  /** As it is told when the twin is known: with what the faults did, and with no alarm as a sign of them that is none. */
  readonly result: ContestantResult
  readonly effect: FaultEffect
  readonly witnesses: Witnesses
}

/** Orders that show what faults did to a run, by their places in the workload. */
export interface Witnesses {
  /** The first one first; none where nothing whatever happened. */
  readonly orders: readonly number[]
  /** How much later an order ended, in ms; 0 where it ended in one of the two alone. */
  readonly delayMs: (order: number) => number
  /** Whether an order is fulfilled undisturbed: of one that is rejected anyway, its end tells nothing. */
  readonly isFulfilledUndisturbed: (order: number) => boolean
}

/**
 * Holds a run with faults against its twin, the same orders undisturbed: what the faults did is what differs. The alarms
 * that ring in the twin as well are no sign of them.
 */
export const heldAgainst = (run: MeasuredRun, twin: MeasuredRun, seed: number): Held => {
  const [own, other] = [run.footprint, twin.footprint]
  if (own === undefined || other === undefined)
    throw new Error('Expected two runs whose orders were followed one by one.')
  const harm = harmOf(run, twin)
  const late = lateOrders(run, twin, own, other)
  const delayMs = (order: number): number => {
    const more = (own.completionMs[order] ?? Number.NaN) - (other.completionMs[order] ?? Number.NaN)
    return Number.isNaN(more) ? 0 : more
  }
  const otherwise = placesWhere(run.outcomes, twin.outcomes, isOtherwise)
  const unaided =
    harm === 'untouched' || run.faultsEndMs === undefined
      ? undefined
      : unaidedOf(own, { orders: [...otherwise, ...late], faultsEndMs: run.faultsEndMs })
  const effect: FaultEffect = {
    harm,
    orders: {
      endedOtherwise: otherwise.length,
      late: late.length,
      fulfilledUndisturbed: [...twin.outcomes].filter((end) => end === 'f').length,
    },
    services: servicesTouched(own, other),
    extra: extraOf(run, twin, seed),
  }
  const { alarms, recovery } = run.result
  return {
    result: {
      ...run.result,
      ...(alarms === undefined ? {} : { alarms: alarmsAgainst(alarms, run.heard, twin.result.alarms) }),
      ...(recovery === undefined || unaided === undefined ? {} : { recovery: { unaided, ...recovery } }),
      effect,
    },
    effect,
    witnesses: {
      orders: witnessesOf(harm, run, twin, { late, own, other, delayMs }),
      delayMs,
      isFulfilledUndisturbed: (order) => twin.outcomes.charAt(order) === 'f',
    },
  }
}

type Harm = FaultEffect['harm']
type IsSo = (now: string, undisturbed: string) => boolean

const isOtherwise: IsSo = (now, undisturbed) => now !== undisturbed

/** The harms that can be told by the end of an order, the worst first. */
const harmfulEnds: readonly (readonly [Harm, IsSo])[] = [
  ['breaks orders', (now, undisturbed) => now === 'i' && undisturbed !== 'i'],
  ['strands orders', (now, undisturbed) => now === 's' && undisturbed !== 's'],
  ['rejects orders', (now, undisturbed) => now === 'r' && undisturbed !== 'r'],
]

const harmOf = (run: MeasuredRun, twin: MeasuredRun): Harm => {
  const worst = harmfulEnds.find(([, isSo]) => placesWhere(run.outcomes, twin.outcomes, isSo).length > 0)
  if (worst !== undefined) return worst[0]
  return seen(run) === seen(twin) ? 'untouched' : 'survives'
}

/**
 * All that can be seen of a run but how many events the kernel ran, since what an act does to a stack takes some, too;
 * how it recovered, for which only runs with faults are watched; and how long after the fault began an alarm rang, which
 * is counted from the first order where there is none.
 */
const seen = ({ outcomes, result: { recovery: _, alarms, ...result } }: MeasuredRun): string =>
  JSON.stringify([outcomes, alarms?.rang, { ...result, kernelEvents: 0 }])

const placesWhere = (now: string, undisturbed: string, isSo: IsSo): readonly number[] => {
  const places: number[] = []
  for (let place = 0; place < now.length; place += 1)
    if (isSo(now.charAt(place), undisturbed.charAt(place))) places.push(place)
  return places
}

/** Orders that ended as they would have, but later than any order did undisturbed. */
const lateOrders = (
  run: MeasuredRun,
  twin: MeasuredRun,
  own: Footprint,
  other: Footprint,
): readonly number[] => {
  const longestMs = other.completionMs.reduce((longest, ms) => (ms > longest ? ms : longest), 0)
  const alike = placesWhere(run.outcomes, twin.outcomes, (now, undisturbed) => now === undisturbed)
  return alike.filter((order) => (own.completionMs[order] ?? 0) > longestMs)
}

/** A service that was never asked has none of its own that failed; its records tell that something is missing. */
const servicesTouched = (own: Footprint, other: Footprint): FaultEffect['services'] =>
  [...new Set([...own.records.keys(), ...own.failures.keys()])].flatMap((service) => {
    const failed = Math.max(0, (own.failures.get(service) ?? 0) - (other.failures.get(service) ?? 0))
    const [now, undisturbed] = [own.records.get(service), other.records.get(service)]
    const otherwise = now === undefined || undisturbed === undefined ? 0 : recordedOtherwise(now, undisturbed)
    return failed + otherwise === 0 ? [] : [{ service, failed, otherwise }]
  })

const extraOf = (run: MeasuredRun, twin: MeasuredRun, seed: number): FaultEffect['extra'] => {
  const [compared] = compareCost(
    { id: 'disturbed', blocks: run.costBlocks },
    { id: 'undisturbed', blocks: twin.costBlocks },
    seed,
  )
  if (compared === undefined) throw new Error('Expected two runs that cost something.')
  return {
    usdPerMillionOrders: run.result.cost.usdPerMillionOrders - twin.result.cost.usdPerMillionOrders,
    ratio: compared.ratio,
    ci95: compared.ci95,
    verdict: verdicts[compared.verdict] ?? 'no difference',
    invocations: run.result.coldStarts.invocations - twin.result.coldStarts.invocations,
    ...(run.isCutOff === undefined ? {} : { atLeast: true }),
  }
}

/** By which of the two is the lower one. */
const verdicts: Readonly<Record<string, FaultEffect['extra']['verdict']>> = {
  disturbed: 'cheaper',
  undisturbed: 'dearer',
}

interface Traces {
  readonly late: readonly number[]
  readonly own: Footprint
  readonly other: Footprint
  readonly delayMs: (order: number) => number
}

/**
 * Of a harm that ends of orders tell, those that ended so. Else the late ones; where none is, those with more trouble
 * than undisturbed; where there was none, those that ended later than undisturbed.
 */
const witnessesOf = (
  harm: Harm,
  run: MeasuredRun,
  twin: MeasuredRun,
  { late, own, other, delayMs }: Traces,
): readonly number[] => {
  if (harm === 'untouched') return []
  const isSo = harmfulEnds.find(([each]) => each === harm)?.[1]
  if (isSo !== undefined) return placesWhere(run.outcomes, twin.outcomes, isSo)
  if (late.length > 0) return late
  const places = Array.from(own.troubles.keys())
  const troubled = places.filter((order) => (own.troubles[order] ?? 0) > (other.troubles[order] ?? 0))
  if (troubled.length > 0) return troubled
  return places.filter((order) => delayMs(order) > 0)
}
