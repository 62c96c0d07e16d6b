import type { ContestantResult, FaultEffect } from '../../results.ts'

/** One contestant under one fault. */
export interface Weighed {
  readonly style: string
  readonly effect: FaultEffect
  readonly result: ContestantResult
}

export type Measure = 'harm' | 'orders' | 'recovery' | 'detection' | 'cost'

export interface Difference {
  /** The weightiest measure in which the styles differ; `within` where only contestants of one style do, in harm. */
  readonly by: Measure | 'within' | 'nothing'
  /** The styles whose own contestants differ in harm. */
  readonly within: readonly string[]
  /** Rows compare by these in turn; where they differ, the larger one comes first. */
  readonly keys: readonly number[]
}

export const harmRank: Readonly<Record<FaultEffect['harm'], number>> = {
  untouched: 0,
  survives: 1,
  'rejects orders': 2,
  'strands orders': 3,
  'breaks orders': 4,
}

export const ordersTouched = ({ orders }: FaultEffect): number => orders.endedOtherwise + orders.late

/** An order that waits for somebody, or was refused at the door, costs less because less was done for it. */
export const isCostComparable = ({ harm }: FaultEffect): boolean =>
  harm !== 'strands orders' && harm !== 'breaks orders'

/** What is over within a minute is as good as at once: alarms look once a minute. */
const instantMs = 60_000
/** Longer than any horizon, so that what never comes differs from whatever comes. */
const neverMs = 10 * 365 * 86_400_000

/** Logarithms are not exact: a gap of just the least size is one. */
const rounding = 1e-9

const doublings = (value: number): number => Math.log2(value)
const doublingsOfMs = (timeMs: number): number =>
  doublings(Math.min(neverMs, Math.max(instantMs, timeMs)) / instantMs)

/** In this order they weigh; `of` is none where it was not measured, `gapMin` the least gap that counts. */
const measures: readonly {
  readonly measure: Measure
  readonly gapMin: number
  readonly of: (weighed: Weighed) => number | undefined
}[] = [
  { measure: 'harm', gapMin: 1, of: ({ effect }) => harmRank[effect.harm] },
  {
    measure: 'orders',
    gapMin: 0.05,
    of: ({ effect, result: { orders } }) => (orders === 0 ? 0 : ordersTouched(effect) / orders),
  },
  { measure: 'recovery', gapMin: 1, of: ({ result }) => recoveryDoublings(result) },
  { measure: 'detection', gapMin: 1, of: ({ result }) => detectionDoublings(result) },
  {
    measure: 'cost',
    gapMin: 1,
    of: ({ effect }) => (isCostComparable(effect) ? doublings(effect.extra.ratio) : undefined),
  },
]

/** None of faults that never end. */
const recoveryDoublings = ({ recovery }: ContestantResult): number | undefined => {
  if (recovery?.unaided === undefined) return undefined
  const { open, ended, recoveredMs } = recovery.unaided
  return doublingsOfMs(ended < open ? neverMs : (recoveredMs ?? 0))
}

/** Until the first alarm, be it a page or a ticket. */
const detectionDoublings = ({ alarms }: ContestantResult): number | undefined =>
  alarms === undefined
    ? undefined
    : doublingsOfMs(
        Math.min(alarms.detected.page?.afterMs ?? neverMs, alarms.detected.ticket?.afterMs ?? neverMs),
      )

/**
 * Where two styles differ under one fault. A style is taken as the range of its contestants, and styles differ by the
 * gap between their ranges: where the ranges overlap, a contestant of the one did as one of the other, and what is left
 * is a difference within a style. First comes harm, and of equal gaps the one with the worst harm; then a difference of
 * harm within a style; then the other measures.
 */
export const differenceOf = (weighed: readonly Weighed[]): Difference => {
  const styles = [...new Set(weighed.map(({ style }) => style))].map((style) =>
    weighed.filter((each) => each.style === style),
  )
  const gaps = measures.map(({ measure, gapMin, of }) => {
    const ranges = styles.map((own) => rangeOf(own.flatMap((each) => of(each) ?? [])))
    const gap = gapBetween(ranges)
    return { measure, gap: gap < gapMin - rounding ? 0 : gap }
  })
  const harms = weighed.map(({ effect }) => harmRank[effect.harm])
  const spreads = styles.map((own) => ({
    style: own[0]?.style ?? '',
    spread: spreadOf(rangeOf(own.map(({ effect }) => harmRank[effect.harm]))),
  }))
  const within = Math.max(0, ...spreads.map(({ spread }) => spread))
  const [harm = 0, ...others] = gaps.map(({ gap }) => gap)
  const first = gaps.find(({ gap }) => gap > 0)?.measure
  return {
    by: first !== 'harm' && within > 0 ? 'within' : (first ?? 'nothing'),
    within: spreads.flatMap(({ style, spread }) => (spread > 0 ? [style] : [])),
    keys: [harm, harm > 0 ? Math.max(...harms) : 0, within, ...others, Math.max(0, ...harms)],
  }
}

/** Of no values there is none. */
type Range = readonly [low: number, high: number] | undefined

const rangeOf = (values: readonly number[]): Range =>
  values.length === 0 ? undefined : [Math.min(...values), Math.max(...values)]

const spreadOf = (range: Range): number => (range === undefined ? 0 : range[1] - range[0])

/** The widest one between any two; none between ranges that overlap. */
const gapBetween = (ranges: readonly Range[]): number =>
  Math.max(
    0,
    ...ranges.flatMap((one) =>
      ranges.map((other) => (one === undefined || other === undefined ? 0 : other[0] - one[1])),
    ),
  )

/** For `sort`: the rows that differ most come first. */
export const byDifference = (one: Difference, other: Difference): number => {
  for (const [at, key] of one.keys.entries()) {
    const apart = (other.keys[at] ?? 0) - key
    if (apart !== 0) return apart
  }
  return 0
}
