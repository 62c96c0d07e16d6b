import { describe, expect, it } from 'vitest'
import { BadInput } from './bad-input.ts'
import { builtInWorkload } from './built-in.ts'

const options = { count: 2_000, ratePerSecond: 2, seed: 1 }
const workload = builtInWorkload(options)
const { arrivals } = workload

describe('the built-in workload', () => {
  it('has as many orders as wanted, numbered in the order of their arrival', () => {
    expect(arrivals).toHaveLength(2_000)
    expect(arrivals[0]).toMatchObject({ orderId: 'order-000001', atMs: 0 })
    expect(arrivals.at(-1)?.orderId).toBe('order-002000')
    const times = arrivals.map(({ atMs }) => atMs)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  it.each([0.5, 2, 5])('brings %d orders a second on average', (ratePerSecond) => {
    const last = builtInWorkload({ ...options, ratePerSecond }).arrivals.at(-1)?.atMs ?? 0
    // The first and the last hour are nearly empty, so what lies between first and last order is a little shorter.
    expect(last).toBeLessThanOrEqual((2_000 / ratePerSecond) * 1000)
    expect(last).toBeGreaterThan((2_000 / ratePerSecond) * 800)
  })

  it('has the shape of a day: the busiest hour, 12h, brings 2.4 times the mean', () => {
    const day = builtInWorkload({ count: 50_000, ratePerSecond: 5, seed: 3 })
    const hourMs = 10_000_000 / 15
    // The first order comes some time after 06h; a tenth of an hour is room for that.
    const atNoon = day.arrivals.filter(({ atMs }) => atMs >= 5.5 * hourMs && atMs < 6.5 * hourMs).length
    expect(atNoon / (50_000 / 15)).toBeGreaterThan(1.9)
    const busiest = Array.from(
      { length: 150 },
      (_, start) =>
        day.arrivals.filter(({ atMs }) => atMs >= start * 0.1 * hourMs && atMs < (start * 0.1 + 1) * hourMs)
          .length,
    )
    expect(Math.max(...busiest) / (50_000 / 15)).toBeCloseTo(2.42, 1)
  })

  it('comes evenly where that is asked for: as many orders in each tenth of its time, give or take', () => {
    const even = builtInWorkload({ ...options, arrivals: 'even' })
    const tenths = Array.from(
      { length: 10 },
      (_, tenth) => even.arrivals.filter(({ atMs }) => Math.floor(atMs / 100_000) === tenth).length,
    )
    expect(tenths.reduce((sum, orders) => sum + orders, 0)).toBe(2_000)
    for (const orders of tenths) expect(Math.abs(orders - 200)).toBeLessThan(60)
    expect(even.sha256).not.toBe(workload.sha256)
    expect(builtInWorkload({ ...options, arrivals: 'day' })).toEqual(workload)
  })

  it('sells baskets of 1 to 5 lines, half of them of one', () => {
    const shares = [1, 2, 3, 4, 5].map(
      (lines) => arrivals.filter((arrival) => arrival.lines === lines).length / arrivals.length,
    )
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9)
    for (const [index, share] of [0.45, 0.27, 0.15, 0.08, 0.05].entries()) {
      expect(Math.abs((shares[index] ?? 0) - share)).toBeLessThan(0.035)
    }
  })

  it('has whole pieces and pence, at least one of each to a line', () => {
    for (const { lines, units, amount } of arrivals) {
      expect(Number.isSafeInteger(units) && units >= lines && units <= 3 * lines).toBe(true)
      expect(Number.isSafeInteger(amount) && amount >= 50 * units && amount <= 1500 * units).toBe(true)
    }
  })

  it('is the same for the same seed, and another for another, with another hash', () => {
    expect(builtInWorkload(options)).toEqual(workload)
    const other = builtInWorkload({ ...options, seed: 2 })
    expect(other.arrivals).not.toEqual(arrivals)
    expect(other.sha256).not.toBe(workload.sha256)
  })

  it.each([
    {
      name: 'a count of 0',
      change: { count: 0 },
      says: '--count: expected a whole number of at least 1, got 0',
    },
    { name: 'a fractional count', change: { count: 1.5 }, says: '--count' },
    {
      name: 'a rate of 0',
      change: { ratePerSecond: 0 },
      says: '--rate: expected a number above 0 and at most 5',
    },
    {
      name: 'a rate that takes 100 years',
      change: { ratePerSecond: 1e-9 },
      says: '--rate: expected orders that',
    },
    { name: 'a rate above 5', change: { ratePerSecond: 5.01 }, says: '--rate' },
    { name: 'a rate that is no number', change: { ratePerSecond: Number.NaN }, says: '--rate' },
  ])('refuses $name', ({ change, says }) => {
    const make = () => builtInWorkload({ ...options, ...change })
    expect(make).toThrow(BadInput)
    expect(make).toThrow(says)
  })

  it('may be a single order', () => {
    expect(builtInWorkload({ ...options, count: 1 }).arrivals).toMatchObject([{ atMs: 0 }])
  })
})
