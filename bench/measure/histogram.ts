import type { Quantiles } from '../results.ts'

/** A histogram as plain JSON: `exact` holds the sorted values while there are few, `buckets` counts by index after. */
export interface HistogramJson {
  readonly n: number
  readonly min: number
  readonly max: number
  readonly exact?: readonly number[]
  readonly buckets?: readonly (readonly [index: number, count: number])[]
}

/**
 * Distribution of milliseconds: exact up to 10,000 values, then log-linear buckets with a relative error of at
 * most 0.4% between 0.0078 ms and 99 days. Memory is bounded, and the order of recording leaves no mark.
 */
export interface Histogram {
  readonly n: number
  readonly min: number
  readonly max: number
  record(valueMs: number): void
  merge(other: Histogram): void
  /**
   * Nearest rank: the smallest recorded value that at least the share `q` of the values do not exceed; of a
   * bucket, its middle. 0 when nothing was recorded.
   */
  quantile(q: number): number
  toJSON(): HistogramJson
}

/** Below this many values a histogram keeps them all, so that small runs report what was measured to the digit. */
export const exactMax = 10_000

// A double's own bits are the log-linear scale: exponent, then the leading bits of the mantissa. An index is a
// shift of the high word; Math.log would cost ten times as much.
//
//   high word   s eeeeeeeeeee mmmmmmm mmmmmmmmmmmmm
//                 └── octave ┘└ 128 ┘
const subBucketBits = 7
const shift = 20 - subBucketBits
const octaveMin = -7
const octaveMax = 33
const indexOfOne = 1023 << subBucketBits
const indexMin = indexOfOne + (octaveMin << subBucketBits)
const bucketCount = ((octaveMax - octaveMin) << subBucketBits) + 1
const valueMin = 2 ** octaveMin

const doubles = new Float64Array(1)
const words = new Uint32Array(doubles.buffer)
doubles[0] = 1
const high = words[0] === 0 ? 1 : 0

/** Bucket 0 holds what is below the scale, the last one what is above it. */
const indexOf = (value: number): number => {
  if (value < valueMin) return 0
  doubles[0] = value
  return Math.min(bucketCount - 1, ((words[high] ?? 0) >>> shift) - indexMin + 1)
}

const middleOf = (index: number): number => {
  if (index === 0) return 0
  const position = index - 1
  const octave = octaveMin + (position >> subBucketBits)
  const step = position & ((1 << subBucketBits) - 1)
  return 2 ** octave * (1 + (step + 0.5) / (1 << subBucketBits))
}

/** 1-based rank of the quantile; the tolerance keeps 0.07 × 100 from being rank 8. */
const rankOf = (q: number, n: number): number => Math.min(n, Math.max(1, Math.ceil(q * n - 1e-9)))

export const createHistogram = (): Histogram => {
  let n = 0
  let min = Number.POSITIVE_INFINITY
  let max = 0
  let exact: Float64Array | undefined = new Float64Array(64)
  let isSorted = true
  let counts: Float64Array | undefined

  const bucketed = (): Float64Array => {
    if (counts !== undefined) return counts
    counts = new Float64Array(bucketCount)
    for (const value of exact?.subarray(0, n) ?? []) add(counts, indexOf(value), 1)
    exact = undefined
    return counts
  }
  const keep = (values: Float64Array, value: number): void => {
    let room = values
    if (n === values.length) {
      room = new Float64Array(Math.min(exactMax, n * 2))
      room.set(values)
      exact = room
    }
    room[n] = value
    isSorted = false
  }
  const sorted = (values: Float64Array): Float64Array => {
    const filled = values.subarray(0, n)
    if (!isSorted) filled.sort()
    isSorted = true
    return filled
  }
  const inBucket = (rank: number, buckets: Float64Array): number => {
    let seen = 0
    for (let index = 0; index < bucketCount; index++) {
      seen += buckets[index] ?? 0
      if (seen >= rank) return Math.min(max, Math.max(min, middleOf(index)))
    }
    return max
  }

  return {
    get n() {
      return n
    },
    get min() {
      return n === 0 ? 0 : min
    },
    get max() {
      return max
    },
    record(value) {
      if (!(value >= 0 && value < Number.POSITIVE_INFINITY))
        throw new RangeError(`A histogram records times of 0 ms and more; got ${value}.`)
      if (exact !== undefined && n < exactMax) keep(exact, value)
      else add(bucketed(), indexOf(value), 1)
      n += 1
      if (value < min) min = value
      if (value > max) max = value
    },
    merge(other) {
      const json = other.toJSON()
      if (json.exact !== undefined) {
        for (const value of json.exact) this.record(value)
        return
      }
      const buckets = bucketed()
      for (const [index, count] of json.buckets ?? []) add(buckets, index, count)
      n += json.n
      min = Math.min(min, json.min)
      max = Math.max(max, json.max)
    },
    quantile(q) {
      if (!(q >= 0 && q <= 1)) throw new RangeError(`A quantile lies between 0 and 1; got ${q}.`)
      if (n === 0) return 0
      const rank = rankOf(q, n)
      // The ends of the distribution are known, whatever the buckets.
      if (rank === n) return max
      return counts === undefined
        ? (sorted(exact ?? new Float64Array())[rank - 1] ?? 0)
        : inBucket(rank, counts)
    },
    toJSON() {
      const ends = { n, min: n === 0 ? 0 : min, max }
      if (exact !== undefined) return { ...ends, exact: [...sorted(exact)] }
      return {
        ...ends,
        buckets: Array.from(counts ?? [], (count, index): [number, number] => [index, count]).filter(
          ([, count]) => count > 0,
        ),
      }
    },
  }
}

const add = (counts: Float64Array, index: number, count: number): void => {
  counts[index] = (counts[index] ?? 0) + count
}

/** One histogram of what several, as JSON from their workers, have recorded. */
export const mergedFrom = (parts: readonly HistogramJson[]): Histogram => {
  const merged = createHistogram()
  for (const part of parts) merged.merge({ ...merged, toJSON: () => part })
  return merged
}

/** The figures that a report shows of a distribution. */
export const quantilesOf = (histogram: Histogram): Quantiles => ({
  n: histogram.n,
  p50: histogram.quantile(0.5),
  p90: histogram.quantile(0.9),
  p95: histogram.quantile(0.95),
  p99: histogram.quantile(0.99),
  max: histogram.max,
})

/** [percentile, ms] pairs, denser toward the tail, for a plot on an axis of nines. */
export const curveOf = (histogram: Histogram): [percentile: number, ms: number][] =>
  histogram.n === 0 ? [] : percentiles.map((percentile) => [percentile, histogram.quantile(percentile / 100)])

const percentiles = [
  0, 1, 2.5, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 92.5, 95, 97, 98, 99,
  99.5, 99.9, 99.95, 99.99, 100,
]
