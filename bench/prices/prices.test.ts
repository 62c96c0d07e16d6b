import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Meter } from '../virtual-aws/observer.ts'
import { freeUnitsPerMonth } from './free-tier.ts'
import {
  billion,
  chargeMonthNanoUsd,
  chargeNanoUsd,
  chargeStandingNanoUsd,
  gigabyte,
  meters,
  monthMs,
  usd,
} from './price.ts'
import { pricedRegions, priceFigures, pricesOf } from './regions.ts'

const { tiers } = pricesOf('us-east-1')
const month = (meter: Meter, units: number, freeUnits = 0): number =>
  usd(chargeMonthNanoUsd(units, tiers[meter], freeUnits))

describe('the prices of us-east-1 reproduce worked examples', () => {
  // Infracost computes these from AWS's own price list; rounded to cents there.
  it.each<{ name: string; meter: Meter; units: number; expected: number }>([
    { name: '10,000 state transitions', meter: 'states.transition', units: 10_000, expected: 0.25 },
    { name: 'a million custom events', meter: 'events.put', units: 1_000_000, expected: 1 },
    { name: '100 GB through an archive', meter: 'events.archive.bytes', units: 100 * gigabyte, expected: 10 },
    { name: 'two million queue requests', meter: 'sqs.request', units: 2_000_000, expected: 0.8 },
    { name: 'two million requests on FIFO queues', meter: 'sqs.fifoRequest', units: 2_000_000, expected: 1 },
    { name: '100,000 invocations', meter: 'lambda.request', units: 100_000, expected: 0.02 },
    { name: '18,250 million invocations', meter: 'lambda.request', units: 18_250_000_000, expected: 3_650 },
    { name: '17,500 GB-s', meter: 'lambda.gbMs', units: 17_500_000, expected: 0.23 },
    { name: '3.84 billion GB-s', meter: 'lambda.gbMs', units: 3_840 * billion, expected: 51_200.26 },
    {
      name: 'the whole first tier of GB-s',
      meter: 'lambda.gbMs',
      units: 7_500 * billion,
      expected: 100_000.5,
    },
    {
      name: 'part of the second',
      meter: 'lambda.gbMs',
      units: 11_520 * billion,
      expected: 100_000.5 + 48_240.4,
    },
    {
      name: 'all three',
      meter: 'lambda.gbMs',
      units: 37_500 * billion,
      expected: 100_000.5 + 135_001.13 + 200_000.63,
    },
  ])('$name: $expected USD', ({ meter, units, expected }) => {
    expect(Math.abs(month(meter, units) - expected)).toBeLessThanOrEqual(0.011)
  })

  // https://aws.amazon.com/step-functions/pricing/ (read 2026-11-25): 100 million Express workflows of 10 s in 64 MB.
  it('a hundred million Express workflows: 100 USD of requests and 382.97 USD of duration', () => {
    expect(month('states.express.request', 100_000_000)).toBe(100)
    expect(month('states.express.gbMs', 62_500 * 1_000_000)).toBeCloseTo(60 + 120 + 202.97, 2)
  })

  it('with the free tier: 400,000 transitions a month are 9.90 USD', () => {
    expect(month('states.transition', 400_000, freeUnitsPerMonth['states.transition'])).toBe(9.9)
  })
  it('the queue requests of a tier edge and its neighbour', () => {
    expect(month('sqs.request', 100 * billion)).toBe(40_000)
    expect(month('sqs.request', 100 * billion + 1_000_000)).toBe(40_000.3)
    expect(month('sqs.request', 201 * billion)).toBe(40_000 + 30_000 + 240)
  })
  it('as the list of units says: one request is 400 nano-dollars, one transition 25,000', () => {
    expect(chargeNanoUsd(1, tiers['sqs.request'][0])).toBe(400n)
    expect(chargeNanoUsd(1, tiers['states.transition'][0])).toBe(25_000n)
    expect(chargeNanoUsd(1, tiers['dynamodb.wru'][0])).toBe(625n)
  })
})

describe('a charge', () => {
  it('is made on the sum, so that splitting the work into parts of the sum changes nothing but rounding', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 20 }), (parts) => {
        const price = tiers['lambda.gbMs'][0]
        const halves = parts.map((part) => part / 2)
        const whole = chargeNanoUsd(
          halves.reduce((a, b) => a + b, 0),
          price,
        )
        const summed = halves.reduce((sum, part) => sum + chargeNanoUsd(part, price), 0n)
        expect(Math.abs(Number(whole - summed))).toBeLessThanOrEqual(parts.length)
      }),
    )
  })
  it('is never more with a free tier, and nothing within it', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000_000 }), fc.nat({ max: 10_000_000 }), (units, free) => {
        const charged = chargeMonthNanoUsd(units, tiers['sqs.request'], free)
        expect(charged <= chargeMonthNanoUsd(units, tiers['sqs.request'])).toBe(true)
        if (units <= free) expect(charged).toBe(0n)
      }),
    )
  })
  it('rounds half up to whole nano-dollars', () => {
    expect(chargeNanoUsd(1, { nanoUsd: 1, per: 2 })).toBe(1n)
    expect(chargeNanoUsd(1, { nanoUsd: 1, per: 3 })).toBe(0n)
  })
  it('refuses fewer units than none', () => {
    expect(() => chargeNanoUsd(-1, { nanoUsd: 1, per: 1 })).toThrow('got -1')
  })
})

describe('a standing charge', () => {
  const alarm = pricesOf('us-east-1').standing['cloudwatch.alarm']
  it.each([
    {
      name: 'one alarm for a month, as Infracost reads from the price list',
      count: 1,
      spanMs: monthMs,
      expected: 0.1,
    },
    { name: '83 alarms for a month', count: 83, spanMs: monthMs, expected: 8.3 },
    { name: '83 alarms for ten minutes', count: 83, spanMs: 600_000, expected: 0.001921296 },
    { name: 'no alarm', count: 0, spanMs: monthMs, expected: 0 },
    { name: 'no time', count: 83, spanMs: 0, expected: 0 },
  ])('of $name: $expected USD', ({ count, spanMs, expected }) => {
    expect(usd(chargeStandingNanoUsd(count, spanMs, alarm))).toBe(expected)
  })
  it.each(['us-east-1', 'eu-west-1', 'eu-central-1'])('has a price with a source in %s', (region) => {
    const { nanoUsd, per, confidence } = pricesOf(region).standing['cloudwatch.alarm']
    expect({ nanoUsd, per }).toEqual({ nanoUsd: 100_000_000, per: 1 })
    expect(confidence).toBe(region === 'us-east-1' ? 'H' : 'L')
    expect(priceFigures(region).at(-2)?.value).toBe(
      '0.1 USD per 1 standard-resolution alarm metrics for a month',
    )
  })
  it.each(['us-east-1', 'eu-west-1', 'eu-central-1'])('of a dashboard is the same in %s', (region) => {
    const dashboard = pricesOf(region).standing['cloudwatch.dashboard']
    expect(usd(chargeStandingNanoUsd(1, monthMs, dashboard))).toBe(3)
    expect(priceFigures(region).at(-1)?.value).toBe('3 USD per 1 dashboards for a month')
  })
})

describe('a region', () => {
  it.each(['us-east-1', 'eu-west-1', 'eu-central-1'])('%s has a list price for every meter', (region) => {
    const { tiers: all } = pricesOf(region)
    for (const meter of Object.keys(meters) as Meter[]) {
      expect(all[meter][0].fromUnits).toBe(0)
      for (const { nanoUsd, per } of all[meter]) {
        expect(Number.isSafeInteger(nanoUsd) && nanoUsd > 0).toBe(true)
        expect(Number.isSafeInteger(per) && per > 0).toBe(true)
      }
    }
    expect(pricedRegions()).toContain(region)
  })
  it('without all prices is refused, and what is missing is named', () => {
    expect(() => pricesOf('ap-southeast-1')).toThrow(
      'Region "ap-southeast-1": no published price was found for dynamodb.wru, dynamodb.rru; expected one of us-east-1, eu-west-1, eu-central-1.',
    )
    expect(() => pricesOf('sa-east-1')).toThrow(
      'events.archive.bytes, events.replay, sqs.request, sqs.fifoRequest, dynamodb.wru, dynamodb.rru, logs.bytes;',
    )
  })
  it('that nobody knows is refused alike', () => {
    expect(() => pricesOf('mars-north-1')).toThrow('Region "mars-north-1": no published price')
    expect(() => pricesOf('toString')).toThrow('Region "toString"')
  })
  it('lists each figure with its unit, source, date and confidence', () => {
    const figures = priceFigures('us-east-1')
    expect(figures).toContainEqual({
      figure: 'price of states.transition in us-east-1 (USE1-StateTransition)',
      value: '0.025 USD per 1,000 state transitions',
      source: 'https://aws.amazon.com/step-functions/pricing/',
      date: '2026-11-22',
      confidence: 'H',
    })
    expect(figures.map(({ figure }) => figure)).toContain(
      'price of sqs.request in us-east-1 above 100,000,000,000 a month (Requests-RBP)',
    )
    expect(figures.some(({ figure }) => figure.includes('sqs.fifoRequest'))).toBe(false)
    const withFifo = priceFigures('us-east-1', new Set(['sqs.fifoRequest']))
    expect(withFifo).toHaveLength(figures.length + 3)
    for (const { source, date } of withFifo) {
      expect(source.length).toBeGreaterThan(10)
      expect(date).toMatch(/^20\d\d-\d\d-\d\d$/)
    }
  })
})
