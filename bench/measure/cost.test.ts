import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { usd } from '../prices/price.ts'
import { pricesOf } from '../prices/regions.ts'
import type { ContestantResult } from '../results.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import type { Meter } from '../virtual-aws/observer.ts'
import {
  alarmsIn,
  costCrossings,
  dashboardsIn,
  fifoQueuesIn,
  priceUsage,
  usdPerMonth,
  usdPerMonthAt,
} from './cost.ts'
import { apiCall, metered } from './observations.testing.ts'
import { createCost, type Usage } from './usage.ts'

const prices = pricesOf('us-east-1')
const none = new Map<string, number>()
const transition = { machineId: 'OrderFlow', executionName: 'o', state: 'S', atMs: 0, retry: 0 }

/** `orders` orders, each of which sends two requests, takes seven transitions and computes 40 GB-ms. */
const uniform = (orders: number): Usage => {
  const fold = createCost()
  for (let index = 0; index < orders; index++) {
    fold.submitted()
    fold.observer.call?.(metered('sqs.request', 2))
    for (let step = 0; step < 7; step++) fold.observer.transition?.(transition)
    fold.observer.metered?.('lambda.gbMs', 'CreateOrderFunction', 40)
  }
  return fold.finish()
}

describe('cost', () => {
  it('is metered units times the list price, by line', () => {
    const { cost } = priceUsage(uniform(10), prices, none)
    expect(cost.lines).toEqual([
      {
        service: 'Step Functions',
        meter: 'states.transition',
        kind: 'work',
        unitsPerOrder: 7,
        usdPerMillionOrders: 175,
      },
      { service: 'SQS', meter: 'sqs.request', kind: 'work', unitsPerOrder: 2, usdPerMillionOrders: 0.8 },
      {
        service: 'Lambda',
        meter: 'lambda.gbMs',
        kind: 'work',
        unitsPerOrder: 40,
        usdPerMillionOrders: 0.533336,
      },
    ])
    expect(cost.usdPerMillionOrders).toBe(176.333336)
  })

  it('is the same per million orders however many orders ran', () => {
    expect(priceUsage(uniform(1), prices, none).cost).toEqual(priceUsage(uniform(1_000), prices, none).cost)
  })

  it('counts retries and refused calls as they are metered, and calls without a meter not at all', () => {
    const fold = createCost()
    fold.submitted()
    fold.observer.call?.(metered('dynamodb.wru', 1, { error: 'ConditionalCheckFailedException' }))
    fold.observer.call?.(apiCall({ units: 5 }))
    fold.observer.transition?.({ ...transition, retry: 3 })
    expect(fold.finish().lines).toEqual([
      { part: '', meter: 'states.transition', units: 1 },
      { part: '', meter: 'dynamodb.wru', units: 1 },
    ])
  })

  it('bills a transition once, whether or not it is metered beside being observed', () => {
    const fold = createCost()
    fold.observer.transition?.(transition)
    fold.observer.metered?.('states.transition', 'OrderFlow', 1)
    expect(fold.finish().lines).toEqual([{ part: '', meter: 'states.transition', units: 1 }])
  })

  it('shows idle polling, logs and the order view as lines of their own', () => {
    const fold = createCost()
    fold.submitted()
    fold.observer.call?.(metered('sqs.request', 1, { resource: 'CreateOrderQueue' }))
    fold.observer.call?.(
      metered('sqs.request', 3, { resource: 'ViewOnAnyEventQueue', by: 'ViewOnAnyEventRule' }),
    )
    fold.observer.call?.(metered('events.put', 1, { resource: 'OrderBus', by: 'ViewOnDeadlineFunction' }))
    fold.observer.metered?.('logs.bytes', 'CreateOrderFunction', 2 ** 30)
    const idle = new Map([
      ['CreateOrderQueue', 4],
      ['ViewOnAnyEventQueue', 2],
      ['PaymentQueue', 1],
    ])
    const { cost } = priceUsage(fold.finish(), prices, idle)
    const shown = cost.lines.map(({ service, kind, part, unitsPerOrder }) => [
      service,
      kind,
      part,
      unitsPerOrder,
    ])
    expect(shown).toEqual([
      ['SQS', 'work', undefined, 1],
      ['CloudWatch Logs', 'observability', undefined, 2 ** 30],
      ['EventBridge', 'work', 'order view', 1],
      ['SQS', 'work', 'order view', 3],
      ['SQS', 'idle', undefined, 5],
      ['SQS', 'idle', 'order view', 2],
    ])
    expect(cost.usdPerMillionOrders).toBe(500_000 + 1 + 0.4 * 11)
  })

  it('of a run without orders is nothing per order, not a division by nothing', () => {
    const { cost } = priceUsage(createCost().finish(), prices, new Map([['Q', 7]]))
    expect(cost.usdPerMillionOrders).toBe(0)
  })

  it('of the lines sums up to the total, and does not depend on the order of observations', () => {
    const call = fc.record({
      meter: fc.constantFrom<Meter>('sqs.request', 'events.put', 'dynamodb.wru', 'lambda.gbMs'),
      units: fc.integer({ min: 1, max: 1_000 }).map((units) => units / 2),
      resource: fc.constantFrom('CreateOrderQueue', 'ViewTable'),
    })
    fc.assert(
      fc.property(fc.array(call, { maxLength: 100 }), (calls) => {
        const folded = [calls, calls.toReversed()].map((some) => {
          const fold = createCost()
          fold.submitted()
          for (const { meter, units, resource } of some)
            fold.observer.call?.(metered(meter, units, { resource }))
          return priceUsage(fold.finish(), prices, none)
        })
        expect(folded[1]).toEqual(folded[0])
        const { lines, usdPerMillionOrders } = folded[0]?.cost ?? { lines: [], usdPerMillionOrders: 0 }
        const sum = lines.reduce((total, line) => total + line.usdPerMillionOrders, 0)
        expect(Math.abs(sum - usdPerMillionOrders)).toBeLessThan(1e-6)
      }),
    )
  })
})

describe('blocks of orders', () => {
  it.each([1, 63, 64, 65, 128, 129, 1_000, 5_000])(
    'of %i orders are bounded and hold all that was metered',
    (orders) => {
      const usage = uniform(orders)
      expect(usage.blocks.length).toBeLessThanOrEqual(64)
      expect(usage.blocks.length).toBeGreaterThan(Math.min(31, orders - 1))
      expect(usage.blocks.reduce((sum, block) => sum + block.orders, 0)).toBe(orders)
      const inBlocks = usage.blocks.reduce((sum, block) => sum + (block.units['sqs.request'] ?? 0), 0)
      expect(inBlocks + (usage.tail['sqs.request'] ?? 0)).toBe(2 * orders)
    },
  )
  it.each([2, 63, 64, 65, 129, 1_000, 4_096, 4_097, 5_000, 8_193, 100_000])(
    'of %i orders are near-equal in orders, the last one too',
    (orders) => {
      const sizes = uniform(orders).blocks.map((block) => block.orders)
      const [fewest, most] = [Math.min(...sizes), Math.max(...sizes)]
      expect(fewest).toBeGreaterThan(0)
      expect(most - fewest).toBeLessThanOrEqual(Math.max(1, Math.ceil(orders / 2_048) - 1))
      if (orders >= 4_096) expect(most / fewest).toBeLessThan(1.05)
    },
  )
  it.each([1_000, 1_040, 2_000])(
    'of a steady run of %i orders cost the same, however much is metered once the last one is in',
    (orders) => {
      const fold = createCost()
      for (let index = 0; index < orders; index++) {
        fold.submitted()
        fold.observer.call?.(metered('sqs.request', 20))
      }
      // A deadline for each order, all of them after the load.
      for (let index = 0; index < orders; index++) fold.observer.call?.(metered('sqs.request', 10))
      const { cost, blocks } = priceUsage(fold.finish(), prices, none)
      const mean = cost.usdPerMillionOrders * 1_000
      for (const block of blocks) expect(Math.abs(block.nanoUsd / block.orders / mean - 1)).toBeLessThan(0.05)
    },
  )
  it('do not bear the deadlines of orders that came long before', () => {
    const fold = createCost()
    for (let index = 0; index < 1_000; index++) {
      fold.submitted()
      fold.observer.call?.(metered('sqs.request', 20))
    }
    // All but the last order's fall due while that one is awaited.
    for (let index = 0; index < 999; index++)
      fold.observer.call?.(metered('sqs.request', 10, { resource: 'ViewOnDeadlineQueue' }))
    fold.submitted()
    const { cost, blocks } = priceUsage(fold.finish(), prices, none)
    const mean = cost.usdPerMillionOrders * 1_000
    for (const block of blocks) expect(block.nanoUsd / block.orders / mean).toBeCloseTo(1, 1)
  })
  it('leave to the tail what comes after the last submission, and nothing that comes before it', () => {
    const fold = createCost()
    fold.observer.call?.(metered('sqs.request', 1))
    fold.submitted()
    fold.observer.call?.(metered('sqs.request', 2))
    fold.submitted()
    fold.observer.call?.(metered('sqs.request', 4))
    expect(fold.finish()).toMatchObject({
      blocks: [
        { orders: 1, units: { 'sqs.request': 3 } },
        { orders: 1, units: {} },
      ],
      tail: { 'sqs.request': 4 },
    })
  })
  it('cost together what the run cost, idle polls included', () => {
    const usage = uniform(100)
    const { cost, blocks } = priceUsage(usage, prices, new Map([['Q', 50]]))
    const nanoUsd = blocks.reduce((sum, block) => sum + block.nanoUsd, 0)
    expect((nanoUsd * 1e4) / (cost.usdPerMillionOrders * 1e9)).toBeCloseTo(1, 5)
  })
})

describe('standing cost', () => {
  const dayMs = 24 * 60 * 60_000
  const standing = {
    alarms: ['CreateOrderDlqAlarm', 'ViewOnDeadlineDlqAlarm', 'OrderFlowFailedAlarm'],
    dashboards: ['Dashboard'],
    spanMs: dayMs,
    // Ten polls a minute for a month.
    idlePollsPerMonth: new Map([['CreateOrderQueue', 10 * 60 * 24 * 30]]),
  }
  const { cost, blocks } = priceUsage(
    uniform(1_000),
    prices,
    new Map([['CreateOrderQueue', 14_400]]),
    standing,
  )

  it('has a line for the alarms of each part, for as long as the load took', () => {
    const lines = cost.lines.filter(({ meter }) => meter === 'cloudwatch.alarm')
    expect(lines.map(({ service, kind, part }) => [service, kind, part])).toEqual([
      ['CloudWatch Alarms', 'observability', undefined],
      ['CloudWatch Alarms', 'observability', 'order view'],
    ])
    // An alarm for a day is 0.1 / 30 USD; per million orders a thousand times that of the run's thousand orders.
    expect(lines[0]?.usdPerMillionOrders).toBeCloseTo((2 * 0.1 * 1_000) / 30, 6)
    expect(lines[1]?.unitsPerOrder).toBeCloseTo(1 / 30 / 1_000, 12)
  })
  it('has a line for the dashboard, of which a day is 3 / 30 USD', () => {
    const [line, ...others] = cost.lines.filter(({ meter }) => meter === 'cloudwatch.dashboard')
    expect(others).toEqual([])
    expect(line).toMatchObject({ service: 'CloudWatch Dashboards', kind: 'observability' })
    expect(line?.usdPerMillionOrders).toBeCloseTo((3 * 1_000) / 30, 6)
  })
  it('is in the blocks and in the total alike', () => {
    const nanoUsd = blocks.reduce((sum, block) => sum + block.nanoUsd, 0)
    expect(nanoUsd / 1e6 / cost.usdPerMillionOrders).toBeCloseTo(1, 6)
  })
  it('of a month without orders is idle polls, alarms and a dashboard', () => {
    expect(cost.standingUsdPerMonth).toBeCloseTo(432_000 * 0.4e-6 + 3 * 0.1 + 3, 9)
  })
  it('of idle polls of a FIFO queue is a line of its own, at the price of its requests', () => {
    const template: Template = {
      Resources: {
        Standard: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: false } },
        Ordered: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
      },
    }
    const polls = new Map([
      ['Standard', 1_000],
      ['Ordered', 3_000],
    ])
    const { cost: mixed } = priceUsage(uniform(1_000), prices, polls, {
      alarms: [],
      spanMs: dayMs,
      idlePollsPerMonth: new Map([
        ['Standard', 1_000_000],
        ['Ordered', 2_000_000],
      ]),
      fifoQueues: fifoQueuesIn(template),
    })
    expect(
      mixed.lines
        .filter(({ kind }) => kind === 'idle')
        .map(({ meter, unitsPerOrder, usdPerMillionOrders }) => [meter, unitsPerOrder, usdPerMillionOrders]),
    ).toEqual([
      ['sqs.fifoRequest', 3, 1.5],
      ['sqs.request', 1, 0.4],
    ])
    expect(mixed.standingUsdPerMonth).toBe(0.4 + 2 * 0.5)
  })
  it('is paid once a month, and work by the order', () => {
    // 176.333336 USD a million orders: see the first test of this file.
    expect(cost.monthly).toEqual([
      { orders: 10_000, usd: 5.23613336 },
      { orders: 100_000, usd: 21.1061336 },
      { orders: 1_000_000, usd: 179.806136 },
      { orders: 10_000_000, usd: 1766.80616 },
    ])
    expect(usdPerMonthAt(0, { lines: cost.lines, standingUsdPerMonth: 7 })).toBe(7)
  })
  it('is not told of a run that is not told what stands', () => {
    expect(Object.keys(priceUsage(uniform(1), prices, none).cost)).toEqual(['usdPerMillionOrders', 'lines'])
  })

  const alarm = (properties: object): Template => ({
    Resources: {
      Q: { Type: 'AWS::SQS::Queue', Properties: {} },
      A: { Type: 'AWS::CloudWatch::Alarm', Properties: properties },
    },
  })
  it.each([
    { stack: 'Orchestrated', count: 44 },
    { stack: 'OrchestratedDirect', count: 24 },
    { stack: 'Choreographed', count: 83 },
  ])('counts the $count alarms and the dashboard of $stack', ({ stack, count }) => {
    const template = JSON.parse(readFileSync(`infra/golden/${stack}.json`, 'utf8')) as Template
    expect(alarmsIn(template)).toHaveLength(count)
    expect(dashboardsIn(template)).toEqual(['Dashboard'])
  })
  it.each([
    { name: 'a minute', properties: { Period: 60 }, isPriced: true },
    { name: 'ten seconds', properties: { Period: 10 }, isPriced: false },
    { name: 'several metrics', properties: { Period: 60, Metrics: [] }, isPriced: false },
  ])('of an alarm on $name has a price: $isPriced', ({ properties, isPriced }) => {
    const count = (): readonly string[] => alarmsIn(alarm(properties))
    if (isPriced) expect(count()).toEqual(['A'])
    else expect(count).toThrow('Alarm A: only alarms on one metric')
  })
  it('of a composite alarm is refused', () => {
    const composite = { Resources: { C: { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: {} } } }
    expect(() => alarmsIn(composite)).toThrow('Alarm C is composite')
  })
})

describe('where costs cross', () => {
  const costs = (stands: number | undefined, works: number): ContestantResult['cost'] => ({
    usdPerMillionOrders: works + 1_000,
    lines: [
      {
        service: 'S',
        meter: 'states.transition',
        kind: 'work',
        unitsPerOrder: 1,
        usdPerMillionOrders: works,
      },
      { service: 'S', meter: 'sqs.request', kind: 'idle', unitsPerOrder: 1, usdPerMillionOrders: 1_000 },
    ],
    ...(stands === undefined ? {} : { standingUsdPerMonth: stands }),
  })
  it.each<{ name: string; a: [number | undefined, number]; b: [number | undefined, number]; at: number[] }>([
    { name: 'one stands cheaper, the other works cheaper', a: [2, 400], b: [10, 200], at: [40_000] },
    { name: 'the same the other way round', a: [10, 200], b: [2, 400], at: [40_000] },
    { name: 'one is cheaper at any volume', a: [2, 200], b: [10, 400], at: [] },
    { name: 'they stand alike', a: [2, 200], b: [2, 400], at: [] },
    { name: 'they work alike', a: [2, 200], b: [10, 200], at: [] },
    { name: 'of one it is not known what stands', a: [undefined, 200], b: [10, 100], at: [] },
  ])('$name: $at', ({ a, b, at }) => {
    const [ofA, ofB] = [costs(...a), costs(...b)]
    const crossings = costCrossings([
      { id: 'a', cost: ofA },
      { id: 'b', cost: ofB },
    ])
    expect(crossings.map(({ ordersPerMonth }) => ordersPerMonth)).toEqual(at)
    for (const { ordersPerMonth, cheaperBelow } of crossings) {
      expect(cheaperBelow).toBe(a[0] === 2 ? 'a' : 'b')
      const bill = ({ lines, standingUsdPerMonth = 0 }: ContestantResult['cost']): number =>
        usdPerMonthAt(ordersPerMonth, { lines, standingUsdPerMonth })
      expect(bill(ofA)).toBeCloseTo(bill(ofB), 9)
    }
  })
})

describe('a month', () => {
  it('of a million orders without free tier is the list price', () => {
    const usage = uniform(10)
    expect(usdPerMonth(usage, 1_000_000, prices, { freeTier: false })).toBe(
      priceUsage(usage, prices, none).cost.usdPerMillionOrders,
    )
  })
  it('of few orders is free of charge with it, but for what has no free tier', () => {
    expect(usdPerMonth(uniform(10), 500, prices, { freeTier: true })).toBe(0)
    expect(usdPerMonth(uniform(10), 1_000, prices, { freeTier: true })).toBe(usd(3_000n * 25_000n))
  })
})
