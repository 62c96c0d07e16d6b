import type { Comparison } from '../results.ts'
import type { CostBlock } from './cost.ts'
import type { OrderTimes } from './latency.ts'
import { type Indices, indicesOf } from './random.ts'

/** What a comparison needs of one contestant: the same orders and the same seed as the other's. */
export interface Measured {
  readonly id: string
  readonly sample: readonly OrderTimes[]
  readonly blocks: readonly CostBlock[]
}

/** A verdict takes at least this effect, however sure it is: less would not decide an architecture. */
const effectMin = 0.02
/** Below this many pairs a percentile interval of a median is too short, and no verdict is given. */
const pairsMin = 20
/** A resampled distribution of 999 has its 2.5% and 97.5% points at its 25th and 975th value. */
const resamples = 999
/** Times below the resolution of the instrument are taken as that, so that a ratio exists. */
const resolutionMs = 0.01

const latencyMetrics = ['completion', 'coordination', 'acceptance', 'recorded'] as const

/**
 * Two contestants, metric by metric, as the ratio a ÷ b with a 95% interval.
 *
 * **Times**: the median over orders of the ratio of the two times of the same order. Paired, because the same order
 * has the same basket, fate and provider times in both, which the ratio cancels; a median, because a few orders that
 * met a cold start must not decide. The interval is the percentile bootstrap of that median over orders (B. Efron,
 * "Bootstrap methods: another look at the jackknife", 1979; A. Davison and D. Hinkley, "Bootstrap methods and their
 * application", 1997, §5.3), on logarithms, so that a ÷ b and b ÷ a tell the same. Orders that only one of the two
 * finished cannot be paired; they are counted as `unpaired`.
 *
 * **Cost** is billed for what the system did, not order by order (a batch of ten is one invocation). It is the ratio
 * of the totals; the interval is a block bootstrap (E. Carlstein, "The use of subseries values", 1986): the orders in
 * blocks by intended start, each block with what both contestants were metered while it was the newest and with its
 * share of what is not any block's (idle polls, alarms, all that follows the last order), blocks drawn with
 * replacement in pairs. It says how far the ratio depends on which stretch of the workload ran. On a given
 * workload the cost itself is counted, not sampled.
 *
 * Both intervals are **sampling error only**: they know nothing of what the model leaves out. Verdict: the id of the
 * lower one, when the interval excludes 1 and the effect is at least 2%; else "no difference". A metric with no pair
 * at all is left out.
 */
export const compare = (a: Measured, b: Measured, seed: number): Comparison[] => [
  ...latencyMetrics.flatMap((metric) => compareTimes(metric, a, b, seed)),
  ...compareCost(a, b, seed),
]

const compareTimes = (
  metric: (typeof latencyMetrics)[number],
  a: Measured,
  b: Measured,
  seed: number,
): Comparison[] => {
  const timesOfB = new Map(b.sample.map((times) => [times.orderId, times[metric]]))
  let unpaired = 0
  const logRatios = a.sample.flatMap((times) => {
    const ofA = times[metric]
    const ofB = timesOfB.get(times.orderId)
    if (ofA !== undefined && ofB !== undefined)
      return [Math.log(Math.max(resolutionMs, ofA)) - Math.log(Math.max(resolutionMs, ofB))]
    if (ofA !== undefined || ofB !== undefined) unpaired += 1
    return []
  })
  if (logRatios.length === 0) return []
  const { median, low, high } = medianInterval(logRatios, indicesOf(seed, `compare/${metric}`))
  return [
    {
      ...judged(metric, a.id, b.id, { ratio: median, low, high }, logRatios.length),
      unpaired,
      interval: 'percentile bootstrap over orders, of the median of their ratios',
    },
  ]
}

/** Of two runs of the same orders, whether they are two contestants' or one's with faults and without. */
export const compareCost = (
  a: Pick<Measured, 'id' | 'blocks'>,
  b: Pick<Measured, 'id' | 'blocks'>,
  seed: number,
): Comparison[] => {
  const pairs = a.blocks.flatMap((block, index): BlockPair[] => {
    const other = b.blocks[index]
    return other === undefined || block.orders === 0 ? [] : [{ a: block.nanoUsd, b: other.nanoUsd }]
  })
  const total = sumOf(pairs)
  if (!(total.a > 0 && total.b > 0)) return []
  const { low, high } = ratioInterval(pairs, indicesOf(seed, 'compare/cost'))
  const ratio = Math.log(total.a / total.b)
  return [
    {
      ...judged('cost', a.id, b.id, { ratio, low, high }, pairs.length),
      interval: 'block bootstrap over stretches of the workload, of the ratio of the totals',
    },
  ]
}

/** All on the scale of logarithms. */
interface Interval {
  readonly ratio: number
  readonly low: number
  readonly high: number
}

const judged = (metric: string, a: string, b: string, interval: Interval, pairs: number): Comparison => {
  const { ratio, low, high } = interval
  const excludesOne = low > 0 || high < 0
  const isLarge = Math.abs(ratio) >= Math.log(1 + effectMin)
  const lower = ratio < 0 ? a : b
  return {
    metric,
    a,
    b,
    ratio: Math.exp(ratio),
    pairs,
    ci95: [Math.exp(low), Math.exp(high)],
    verdict: pairs >= pairsMin && excludesOne && isLarge ? lower : 'no difference',
  }
}

/**
 * Median and its bootstrap interval. Values are sorted once; a resample is then a count by rank, and its median is
 * where the counts pass the half: no resample is ever sorted.
 */
export const medianInterval = (
  values: readonly number[],
  draw: Indices,
): { readonly median: number; readonly low: number; readonly high: number } => {
  const sorted = Float64Array.from(values).sort()
  const n = sorted.length
  const counts = new Uint16Array(n)
  const medians = new Float64Array(resamples)
  for (let resample = 0; resample < resamples; resample++) {
    counts.fill(0)
    for (let drawn = 0; drawn < n; drawn++) {
      const rank = draw(n)
      counts[rank] = (counts[rank] ?? 0) + 1
    }
    medians[resample] = medianOf(sorted, counts)
  }
  return { median: medianOf(sorted, new Uint16Array(n).fill(1)), ...middle95(medians) }
}

/** Of `n` values in all, given as sorted values with counts that sum to n: the middle, or the mean of the middle two. */
const medianOf = (sorted: Float64Array, counts: Uint16Array): number => {
  const n = sorted.length
  const lowRank = Math.floor((n - 1) / 2)
  const highRank = Math.floor(n / 2)
  let seen = 0
  let lower: number | undefined
  for (let index = 0; index < n; index++) {
    seen += counts[index] ?? 0
    if (lower === undefined && seen > lowRank) lower = sorted[index] ?? 0
    if (lower !== undefined && seen > highRank) return (lower + (sorted[index] ?? 0)) / 2
  }
  return lower ?? 0
}

interface BlockPair {
  readonly a: number
  readonly b: number
}

const sumOf = (pairs: readonly BlockPair[]): BlockPair =>
  pairs.reduce((sum, pair) => ({ a: sum.a + pair.a, b: sum.b + pair.b }), { a: 0, b: 0 })

const ratioInterval = (
  pairs: readonly BlockPair[],
  draw: Indices,
): { readonly low: number; readonly high: number } => {
  const ratios = new Float64Array(resamples)
  for (let resample = 0; resample < resamples; resample++) {
    const { a, b } = sumOf(pairs.map(() => pairs[draw(pairs.length)] ?? { a: 0, b: 0 }))
    // A resample in which one of them cost nothing has no ratio on this scale; it counts as an end of it.
    ratios[resample] = Math.log(Math.max(a, Number.MIN_VALUE) / Math.max(b, Number.MIN_VALUE))
  }
  return middle95(ratios)
}

const middle95 = (values: Float64Array): { readonly low: number; readonly high: number } => {
  const sorted = values.sort()
  const tail = (resamples + 1) * 0.025
  return { low: sorted[tail - 1] ?? 0, high: sorted[resamples - tail] ?? 0 }
}
