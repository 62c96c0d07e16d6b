import { describe, expect, it } from 'vitest'
import { applyLoad } from './load.ts'
import type { Arrival } from './workload.ts'

/** One order a second. */
const steadily = (count: number): readonly Arrival[] =>
  Array.from({ length: count }, (_, second) => ({
    atMs: second * 1000,
    orderId: `o${second}`,
    customerId: 'c',
    country: 'UK',
    lines: 1,
    units: 1,
    amount: 100,
  }))
const times = (arrivals: readonly Arrival[]) => arrivals.map(({ atMs }) => atMs)
const burst = { kind: 'burst', factor: 10, forMs: 60_000 } as const

describe('a load as given', () => {
  it('changes nothing', () => {
    const arrivals = steadily(10)
    expect(applyLoad(arrivals, { kind: 'as-given' })).toBe(arrivals)
  })
})

describe('a burst of ten times the load for a minute', () => {
  const given = steadily(2_001)
  const bent = applyLoad(given, burst)

  it('brings 600 s of orders in 60 s, around the middle order', () => {
    const within = bent.filter(({ atMs }) => atMs >= 700_000 && atMs < 760_000)
    expect(within.map(({ orderId }) => orderId)).toEqual(given.slice(700, 1300).map(({ orderId }) => orderId))
    expect((within[1]?.atMs ?? 0) - (within[0]?.atMs ?? 0)).toBeCloseTo(100, 6)
  })

  it('leaves what comes before it and shifts what comes after it', () => {
    expect(times(bent).slice(0, 701)).toEqual(times(given).slice(0, 701))
    expect(times(bent).slice(1300)).toEqual(
      times(given)
        .slice(1300)
        .map((atMs) => atMs - 540_000),
    )
  })

  it('keeps the orders in their order', () => {
    expect(times(bent)).toEqual(times(bent).toSorted((a, b) => a - b))
    expect(bent.map(({ orderId }) => orderId)).toEqual(given.map(({ orderId }) => orderId))
  })

  it('compresses all of a run that is shorter than it', () => {
    expect(times(applyLoad(steadily(3), burst))).toEqual([0, 100, 200])
  })

  it('of a factor of 1 changes no time', () => {
    expect(times(applyLoad(given, { ...burst, factor: 1 }))).toEqual(times(given))
  })

  it.each([{ factor: 0.5 }, { factor: Number.NaN }, { forMs: 0 }])('refuses %o', (change) => {
    expect(() => applyLoad(given, { ...burst, ...change })).toThrow('Expected factor')
  })
})
