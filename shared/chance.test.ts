import { describe, expect, it } from 'vitest'
import { chance, lognormal } from './chance.ts'

const samples = 20_000
const ids = Array.from({ length: samples }, (_, index) => `order-${index}`)

/** Pearson's statistic of counts that should be equal; its mean is the number of cells less one. */
const chiSquared = (counts: readonly number[]): number => {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

const countsOf = (cells: number, cellOf: (id: string) => number): number[] => {
  const counts = new Array<number>(cells).fill(0)
  for (const id of ids) {
    const cell = cellOf(id)
    counts[cell] = (counts[cell] ?? 0) + 1
  }
  return counts
}

describe('chance', () => {
  it('depends on its arguments alone', () => {
    expect(chance(1, 'gateway', 'o-1')).toBe(chance(1, 'gateway', 'o-1'))
    expect(chance(1, 'gateway', 'o-1')).not.toBe(chance(2, 'gateway', 'o-1'))
  })

  it('tells apart where one key ends and the next begins, and a number from its digits', () => {
    expect(chance(1, 'ab', 'c')).not.toBe(chance(1, 'a', 'bc'))
    expect(chance(1, 'a', '')).not.toBe(chance(1, 'a'))
    expect(chance(1, 1)).not.toBe(chance(1, '1'))
  })

  it('is the same number in every version', () => {
    expect(chance(1, 'gateway', 'card declined', 'o-1')).toMatchInlineSnapshot(`0.9219505677480389`)
  })

  // 99 degrees of freedom: mean 99, standard deviation 14; the bound is exceeded by chance once in 100,000 runs.
  it.each([
    { name: 'over ids that differ in a digit', seed: 1, keys: ['gateway'] },
    { name: 'over another seed', seed: 2, keys: ['gateway'] },
    { name: 'over another purpose', seed: 1, keys: ['carrier'] },
  ])('is uniform $name', ({ seed, keys }) => {
    expect(chiSquared(countsOf(100, (id) => Math.floor(chance(seed, ...keys, id) * 100)))).toBeLessThan(170)
  })

  it('is uniform in its lowest bits too', () => {
    expect(chiSquared(countsOf(64, (id) => (chance(1, id) * 2 ** 53) % 64))).toBeLessThan(125)
  })

  it.each([
    { name: 'two purposes', other: (id: string) => chance(1, 'b', id) },
    { name: 'two seeds', other: (id: string) => chance(2, 'a', id) },
    { name: 'neighbouring attempts', other: (id: string) => chance(1, 'a', id, 1) },
  ])('of $name are independent', ({ other }) => {
    const cells = countsOf(100, (id) => Math.floor(chance(1, 'a', id) * 10) * 10 + Math.floor(other(id) * 10))
    expect(chiSquared(cells)).toBeLessThan(170)
  })
})

describe('a lognormal service time', () => {
  it('has the median and the 99th percentile that were asked for, within 3%', () => {
    const times = ids.map((id) => lognormal(300, 1_200, 1, 'gateway', id)).sort((a, b) => a - b)
    expect(times[samples / 2]).toBeGreaterThan(291)
    expect(times[samples / 2]).toBeLessThan(309)
    expect(times[samples * 0.99]).toBeGreaterThan(1_164)
    expect(times[samples * 0.99]).toBeLessThan(1_236)
  })
})
