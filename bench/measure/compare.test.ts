import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Comparison } from '../results.ts'
import { compare, type Measured, medianInterval } from './compare.ts'
import type { OrderTimes } from './latency.ts'
import { indicesOf } from './random.ts'

const timesOf = (orderId: string, ms: number): OrderTimes => ({
  orderId,
  acceptance: ms / 10,
  recorded: ms / 5,
  completion: ms,
  coordination: ms / 2,
})
const measured = (id: string, completions: readonly number[], costs: readonly number[] = []): Measured => ({
  id,
  sample: completions.map((ms, index) => timesOf(`o-${index}`, ms)),
  blocks: costs.map((nanoUsd) => ({ orders: 10, nanoUsd })),
})
const noise = (n: number, seed: number, spread: number): number[] => {
  const draw = indicesOf(seed, 'noise')
  return Array.from({ length: n }, () => 1 + (spread * (draw(1_000_000) - 500_000)) / 1_000_000)
}
const metricIn = (comparisons: readonly Comparison[], metric: string): Comparison | undefined =>
  comparisons.find((comparison) => comparison.metric === metric)

const completions = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 })
const costs = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 64 })

describe('a comparison', () => {
  it('of identical measurements is a ratio of 1 and no difference, in every metric', () => {
    fc.assert(
      fc.property(completions, costs, fc.integer(), (ms, nanoUsd, seed) => {
        for (const comparison of compare(measured('a', ms, nanoUsd), measured('b', ms, nanoUsd), seed)) {
          expect(comparison).toMatchObject({ ratio: 1, ci95: [1, 1], verdict: 'no difference' })
        }
      }),
      { numRuns: 30 },
    )
  })

  it('has the five metrics in their order, and leaves out what has no pair', () => {
    expect(compare(measured('a', [1], [1]), measured('b', [1], [1]), 1).map(({ metric }) => metric)).toEqual([
      'completion',
      'coordination',
      'acceptance',
      'recorded',
      'cost',
    ])
    expect(compare(measured('a', []), measured('b', []), 1)).toEqual([])
  })

  it('finds a planted difference of 10%, and names the lower one whichever side it is on', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const base = noise(300, seed, 1).map((factor) => 1_000 * factor)
        const jitter = noise(300, seed + 1, 0.2)
        const slower = base.map((ms, index) => ms * 1.1 * (jitter[index] ?? 1))
        const blocks = noise(40, seed, 0.3).map((factor) => factor * 1e6)
        const dearer = blocks.map((nanoUsd) => nanoUsd * 1.1)
        const one = compare(measured('slow', slower, dearer), measured('fast', base, blocks), seed)
        const other = compare(measured('fast', base, blocks), measured('slow', slower, dearer), seed)
        for (const { verdict } of [...one, ...other]) expect(verdict).toBe('fast')
        expect(metricIn(one, 'completion')?.ratio).toBeCloseTo(1.1, 1)
        expect(metricIn(one, 'cost')?.ratio).toBeCloseTo(1.1, 10)
      }),
      { numRuns: 20 },
    )
  })

  it.each([
    { name: 'an effect of 1.9% is too small, however sure', factor: 1.019, verdict: 'no difference' },
    { name: 'one of 2.1% is not', factor: 1.021, verdict: 'b' },
    { name: 'nor is one of 2.1% the other way', factor: 1 / 1.021, verdict: 'a' },
  ])('$name', ({ factor, verdict }) => {
    const base = Array.from({ length: 100 }, (_, index) => 100 + index)
    const scaled = base.map((ms) => ms * factor)
    expect(metricIn(compare(measured('a', scaled), measured('b', base), 1), 'completion')?.verdict).toBe(
      verdict,
    )
  })

  it('seldom takes noise for a difference: in at most 5% of runs, for all the effect that it shows', () => {
    let verdicts = 0
    for (let seed = 0; seed < 200; seed++) {
      const ms = noise(200, seed, 1).map((factor) => 1_000 * factor)
      const others = ms.map((value, index) => value * (noise(200, seed + 10_000, 1)[index] ?? 1))
      const shuffled = ms.map((value, index) => value * (noise(200, seed + 20_000, 1)[index] ?? 1))
      if (
        metricIn(compare(measured('a', others), measured('b', shuffled), seed), 'completion')?.verdict !==
        'no difference'
      )
        verdicts += 1
    }
    expect(verdicts).toBeLessThanOrEqual(14)
  })

  it.each([
    { pairs: 19, verdict: 'no difference' },
    { pairs: 20, verdict: 'b' },
  ])('of $pairs orders: $verdict', ({ pairs, verdict }) => {
    const base = Array.from({ length: pairs }, () => 100)
    const doubled = base.map((ms) => ms * 2)
    expect(metricIn(compare(measured('a', doubled), measured('b', base), 1), 'completion')?.verdict).toBe(
      verdict,
    )
  })

  it('pairs by order id, whatever the order of the samples', () => {
    const a = measured('a', [100, 200, 300])
    const b = measured('b', [50, 100, 150])
    const shuffled = { ...b, sample: b.sample.toReversed() }
    expect(compare(a, shuffled, 1)).toEqual(compare(a, b, 1))
    expect(metricIn(compare(a, b, 1), 'completion')).toMatchObject({ pairs: 3, unpaired: 0 })
    expect(metricIn(compare(a, b, 1), 'completion')?.ratio).toBeCloseTo(2, 12)
  })

  it('counts the orders that only one of the two finished', () => {
    const a = measured('a', [100, 200, 300])
    const b = {
      ...a,
      id: 'b',
      sample: a.sample.map((times, i) => (i === 0 ? { ...times, completion: undefined } : times)),
    }
    expect(metricIn(compare(a, b, 1), 'completion')).toMatchObject({ pairs: 2, unpaired: 1 })
    expect(metricIn(compare(a, b, 1), 'acceptance')).toMatchObject({ pairs: 3, unpaired: 0 })
  })

  it('with the same seed is the same; turned round, its ratio is the inverse', () => {
    fc.assert(
      fc.property(completions, completions, fc.integer(), (first, second, seed) => {
        const a = measured('a', first)
        const b = measured('b', second)
        expect(compare(a, b, seed)).toEqual(compare(a, b, seed))
        const forth = metricIn(compare(a, b, seed), 'completion')?.ratio ?? 1
        const back = metricIn(compare(b, a, seed), 'completion')?.ratio ?? 1
        expect(forth * back).toBeCloseTo(1, 9)
      }),
      { numRuns: 20 },
    )
  })

  it('of times below the resolution of the instrument is a ratio all the same', () => {
    const zeros = measured('a', [0, 0, 0])
    expect(metricIn(compare(zeros, { ...zeros, id: 'b' }, 1), 'completion')?.ratio).toBe(1)
  })

  it('of costs says no difference when stretches of the workload contradict each other', () => {
    const a = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 300 : 100))
    const b = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 100 : 290))
    const cost = metricIn(compare(measured('a', [], a), measured('b', [], b), 1), 'cost')
    expect(cost).toMatchObject({ verdict: 'no difference', pairs: 40 })
    expect(cost?.ratio).toBeCloseTo(400 / 390, 10)
  })
})

describe('the bootstrap of a median', () => {
  it('finds the interval that Efron gives in closed form', () => {
    // The median of a resample of odd n is at most the k-th value with the probability that a binomial of n trials
    // and chance k/n is above n/2 (Efron 1979, §2); the resampled ends must lie within a rank or two of its ends.
    const n = 201
    const values = Array.from({ length: n }, (_, index) => index + 1)
    const { median, low, high } = medianInterval(values, indicesOf(1, 'efron'))
    expect(median).toBe(101)
    const rankAt = (share: number): number =>
      values.find((k) => binomialAbove(n, k / n, (n - 1) / 2) >= share) ?? n
    expect(Math.abs(low - rankAt(0.025))).toBeLessThanOrEqual(2)
    expect(Math.abs(high - rankAt(0.975))).toBeLessThanOrEqual(2)
  })
})

/** P(X > threshold) for X binomial, summed in logarithms. */
const binomialAbove = (trials: number, chance: number, threshold: number): number => {
  if (chance >= 1) return 1
  let logChoose = 0
  let sum = 0
  for (let k = 0; k <= trials; k++) {
    if (k > threshold) sum += Math.exp(logChoose + k * Math.log(chance) + (trials - k) * Math.log(1 - chance))
    logChoose += Math.log((trials - k) / (k + 1))
  }
  return sum
}
