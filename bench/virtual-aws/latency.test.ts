import { describe, expect, it } from 'vitest'
import { type HopFigure, hopFigures } from './latency/hops.ts'
import { createLatency, latencyFigures } from './latency.ts'
import { forkRandom } from './random.ts'

const latency = createLatency()
const hops = Object.entries<HopFigure>(hopFigures)

const sampled = (hop: string, draws = 100_000): Float64Array => {
  const stream = forkRandom(7)(hop)
  return Float64Array.from({ length: draws }, () => latency(hop, stream.next())).sort()
}

describe('a latency table', () => {
  it.each(hops)('reproduces p50, p90 and p99 of %s within 3%', (hop, figure) => {
    const draws = sampled(hop)
    for (const [probability, published] of [
      [0.5, figure.p50],
      [0.9, figure.p90],
      [0.99, figure.p99],
    ] as const) {
      const simulated = draws[Math.ceil(probability * draws.length) - 1] ?? Number.NaN
      expect(Math.abs(simulated / published - 1), `${hop} at ${probability}`).toBeLessThan(0.03)
    }
  })

  it.each(hops)('gives every published quantile of %s exactly at its probability', (hop, figure) => {
    const quantiles = [[0.1, figure.p10], [0.5, figure.p50], ...(figure.more ?? [])] as const
    for (const [probability, published] of quantiles) {
      expect(latency(hop, probability)).toBeCloseTo(published, 6)
    }
  })

  it.each(hops)('never falls as the uniform rises, from the floor to the cap: %s', (hop, figure) => {
    const steps = Array.from({ length: 1001 }, (_, step) => latency(hop, step / 1000))
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
    expect(steps[0]).toBeCloseTo(0.75 * figure.p10, 6)
    expect(steps.at(-1)).toBeCloseTo(figure.max ?? 2.5 * figure.p99, 6)
  })

  // https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (read 2026-11-25)
  it('has no INIT that comes near the 10 s after which Lambda would cut it short', () => {
    expect(latency('lambda.init', 1)).toBeCloseTo(214.6, 6)
    expect(latency('lambda.init', 1)).toBeLessThan(10_000)
  })

  it('interpolates the logarithm between two quantiles', () => {
    const { p50, p90 } = hopFigures['sqs.call']
    expect(latency('sqs.call', 0.7)).toBeCloseTo(Math.sqrt(p50 * p90), 6)
  })

  it('follows a power law beyond p99: the cap is one draw in 10,000, its root one in 1,000', () => {
    const { p99 } = hopFigures['sqs.call']
    expect(latency('sqs.call', 0.9998)).toBeLessThan(2.5 * p99)
    expect(latency('sqs.call', 0.9999)).toBeCloseTo(2.5 * p99, 6)
    expect(latency('sqs.call', 0.999)).toBeCloseTo(Math.sqrt(2.5) * p99, 6)
  })

  it('refuses a hop that it does not know, and names those that it does', () => {
    expect(() => latency('pigeon', 0.5)).toThrow(/states\.startExecution.*got "pigeon"/)
  })

  it.each([-0.001, 1.001, Number.NaN])('refuses %d as a uniform', (uniform) => {
    expect(() => latency('sqs.call', uniform)).toThrow('between 0 and 1')
  })

  it('takes another vintage of a hop in its place', () => {
    const slow = createLatency({ 'sqs.call': { ...hopFigures['sqs.call'], p50: 7 } })
    expect(slow('sqs.call', 0.5)).toBeCloseTo(7, 6)
    expect(slow('events.put', 0.5)).toBe(latency('events.put', 0.5))
  })

  it('refuses quantiles that fall', () => {
    const falling = { ...hopFigures['sqs.call'], p90: 1 }
    expect(() => createLatency({ 'sqs.call': falling })).toThrow('rise')
  })
})

describe('the payload of a state', () => {
  const hop = (bytes: number) => latency('states.transition', 0.5, bytes) + latency('lambda.invoke', 0.5)

  it.each([
    { payload: 'none', bytes: 0, measured: 99.1 },
    { payload: '32 bytes', bytes: 32, measured: 100.4 },
    { payload: '1 KiB', bytes: 1024, measured: 99.4 },
    { payload: '16 KiB', bytes: 16_384, measured: 92.5 },
    { payload: '64 KiB', bytes: 65_536, measured: 149.7 },
    { payload: '256 KiB', bytes: 262_144, measured: 393.4 },
  ])('of $payload makes the median hop as long as measured', ({ bytes, measured }) => {
    expect(Math.abs(hop(bytes) / measured - 1)).toBeLessThan(0.1)
  })

  it('beyond 256 KiB, which AWS refuses, costs no more', () => {
    expect(hop(1_000_000)).toBe(hop(262_144))
  })

  it('costs something from the first byte above 16 KiB', () => {
    expect(hop(16_385)).toBeGreaterThan(hop(16_384))
  })

  it('lengthens no other hop', () => {
    for (const [other] of hops.filter(([name]) => name !== 'states.transition')) {
      expect(latency(other, 0.5, 262_144)).toBe(latency(other, 0.5))
    }
  })
})

describe('the table of latency sources', () => {
  it('has a row with source, date and confidence for every hop, and for what all of them share', () => {
    const rows = latencyFigures()
    expect(rows).toHaveLength(hops.length + 2)
    for (const row of rows) {
      expect(row.source.length, row.figure).toBeGreaterThan(10)
      expect(row.date, row.figure).toMatch(/^\d{4}-\d\d(-\d\d)?$/)
    }
  })

  it('says how each derived hop was derived and why each assumption was made', () => {
    for (const [hop, figure] of hops.filter(([, { confidence }]) => confidence !== 'H')) {
      expect(figure.derivation, hop).toBeDefined()
    }
  })
})
