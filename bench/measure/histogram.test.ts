import fc from 'fast-check'
import { build } from 'hdr-histogram-js'
import { describe, expect, it } from 'vitest'
import { createHistogram, curveOf, exactMax, type Histogram, mergedFrom, quantilesOf } from './histogram.ts'

const of = (values: readonly number[]): Histogram => {
  const histogram = createHistogram()
  for (const value of values) histogram.record(value)
  return histogram
}
const exactQuantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(q * values.length - 1e-9)) - 1] ?? 0
/** Enough values to leave the exact mode, from a few drawn ones. */
const many = (values: readonly number[]): number[] =>
  Array.from(
    { length: exactMax + 500 },
    (_, index) => (values[index % values.length] ?? 0) * (1 + (index % 97) / 97),
  )

const latency = fc.double({ min: 0.01, max: 30 * 86_400_000, noNaN: true })
const latencies = fc.array(latency, { minLength: 1, maxLength: 200 })
const quantile = fc.constantFrom(0, 0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999, 1)

describe('a histogram', () => {
  it.each([
    { name: 'the median of one value is that value', values: [7], q: 0.5, expected: 7 },
    { name: 'the median of two is the lower one', values: [1, 2], q: 0.5, expected: 1 },
    {
      name: 'p95 of 20 values is the 19th',
      values: Array.from({ length: 20 }, (_, i) => i + 1),
      q: 0.95,
      expected: 19,
    },
    {
      name: 'p99 of 100 values is the 99th',
      values: Array.from({ length: 100 }, (_, i) => i + 1),
      q: 0.99,
      expected: 99,
    },
    {
      name: 'p7 of 100 values is the 7th, despite 0.07 × 100 > 7',
      values: Array.from({ length: 100 }, (_, i) => i + 1),
      q: 0.07,
      expected: 7,
    },
    { name: 'the quantile 0 is the least value', values: [3, 1, 2], q: 0, expected: 1 },
    { name: 'the quantile 1 is the greatest', values: [3, 1, 2], q: 1, expected: 3 },
    { name: 'zero is a value', values: [0, 0, 5], q: 0.5, expected: 0 },
  ])('$name', ({ values, q, expected }) => {
    expect(of(values).quantile(q)).toBe(expected)
  })

  it('is exact while it holds at most ten thousand values', () => {
    fc.assert(
      fc.property(latencies, quantile, (values, q) => {
        expect(of(values).quantile(q)).toBe(exactQuantile(values, q))
      }),
    )
  })

  it('is within 0.5% of the exact quantile beyond that, from 0.01 ms to a month', () => {
    fc.assert(
      fc.property(latencies, quantile, (drawn, q) => {
        const values = many(drawn)
        const exact = exactQuantile(values, q)
        expect(Math.abs(of(values).quantile(q) - exact) / exact).toBeLessThanOrEqual(0.005)
      }),
      { numRuns: 50 },
    )
  })

  it('agrees with hdr-histogram-js within the resolution of both', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 10, max: 3_600_000 }), { minLength: 1, maxLength: 100 }),
        (drawn) => {
          const values = many(drawn).map(Math.round)
          const oracle = build({
            lowestDiscernibleValue: 1,
            highestTrackableValue: 86_400_000,
            numberOfSignificantValueDigits: 3,
          })
          for (const value of values) oracle.recordValue(value)
          const histogram = of(values)
          for (const percentile of [50, 90, 95, 99, 99.9]) {
            const expected = oracle.getValueAtPercentile(percentile)
            expect(Math.abs(histogram.quantile(percentile / 100) - expected) / expected).toBeLessThanOrEqual(
              0.006,
            )
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('forgets the order in which values came', () => {
    fc.assert(
      fc.property(latencies, fc.boolean(), (drawn, isLong) => {
        const values = isLong ? many(drawn) : drawn
        expect(JSON.stringify(of(values.toReversed()))).toBe(JSON.stringify(of(values)))
      }),
      { numRuns: 50 },
    )
  })

  it('merged from parts equals one that recorded everything', () => {
    fc.assert(
      fc.property(latencies, latencies, fc.constantFrom(0, 1, 2), (first, second, longOnes) => {
        const left = longOnes > 0 ? many(first) : first
        const right = longOnes > 1 ? many(second) : second
        for (const [a, b] of [
          [left, right],
          [right, left],
        ] as const) {
          const merged = of(a)
          merged.merge(of(b))
          expect(merged.toJSON()).toEqual(of([...left, ...right]).toJSON())
        }
      }),
      { numRuns: 50 },
    )
  })

  it('survives a journey as JSON', () => {
    fc.assert(
      fc.property(latencies, fc.boolean(), (drawn, isLong) => {
        const histogram = of(isLong ? many(drawn) : drawn)
        const arrived = mergedFrom([JSON.parse(JSON.stringify(histogram))])
        expect(arrived.toJSON()).toEqual(histogram.toJSON())
        expect(quantilesOf(arrived)).toEqual(quantilesOf(histogram))
      }),
      { numRuns: 50 },
    )
  })

  it('counts what lies outside its scale, and knows its true extremes', () => {
    const histogram = of([...many([5]), 1e-9, 1e13])
    expect(histogram.n).toBe(exactMax + 502)
    expect(histogram.quantile(0)).toBe(1e-9)
    expect(histogram.quantile(1)).toBe(1e13)
  })

  it('refuses what is no duration', () => {
    expect(() => createHistogram().record(-1)).toThrow('got -1')
    expect(() => createHistogram().record(Number.NaN)).toThrow('got NaN')
    expect(() => createHistogram().quantile(1.1)).toThrow('got 1.1')
  })

  it('says 0 of nothing, with n = 0, and draws no curve', () => {
    expect(quantilesOf(createHistogram())).toEqual({ n: 0, p50: 0, p90: 0, p95: 0, p99: 0, max: 0 })
    expect(curveOf(createHistogram())).toEqual([])
  })

  it('draws a curve that never falls', () => {
    fc.assert(
      fc.property(latencies, (values) => {
        const curve = curveOf(of(values)).map(([, ms]) => ms)
        expect(curve).toEqual(curve.toSorted((a, b) => a - b))
      }),
    )
  })
})
