import { freeUnitsPerMonth } from '../prices/free-tier.ts'
import {
  billion,
  chargeMonthNanoUsd,
  chargeNanoUsd,
  chargeStandingNanoUsd,
  meters,
  monthMs,
  standingMeters,
  usd,
} from '../prices/price.ts'
import type { PriceList } from '../prices/regions.ts'
import type { ContestantResult, CostCrossing, CostLine } from '../results.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import type { Meter, Observer } from '../virtual-aws/observer.ts'
import { field } from './messages.ts'

/** What a run was billed for, before prices: plain JSON. */
export interface Usage {
  readonly orders: number
  readonly lines: readonly UsageLine[]
  readonly blocks: readonly UsageBlock[]
  /** In `lines` and in no block: metered after the last order was submitted, or by the clock (`isLate`). */
  readonly tail: Units
}

export type Units = Readonly<Partial<Record<Meter, number>>>

/** Units of one meter, of one part of the system: the flow is '', others have a name. */
export interface UsageLine {
  readonly part: string
  readonly meter: Meter
  readonly units: number
}

/**
 * What was metered from the first order of a block to the first of the next: most of it of its own orders, some of
 * earlier ones that were still under way. In contestants that get the same orders, block k bears the same orders, and
 * blocks are as equal in orders as they can be. The last one ends with the submission of the last order, as the others
 * end with that of an order: what the run meters while it comes to rest (deadlines of a quarter of an hour, say) would
 * else make it a block like no other, and an interval drawn from blocks would be about that one.
 */
export interface UsageBlock {
  readonly orders: number
  readonly units: Units
}

/** Counts metered units; every call that AWS bills, retries and refusals that it bills included. */
export interface CostFold {
  readonly observer: Observer
  /** In the order of intended starts. */
  submitted(): void
  finish(): Usage
}

export interface CostOptions {
  /** The part of the system that a resource (or its caller) serves; '' is the flow itself. */
  readonly partOf?: (resource: string, by: string) => string
  /** What happens by the clock, long after the order that it is for: it would be billed to a block of later orders. */
  readonly isLate?: (resource: string, by: string) => boolean
  readonly blocksMax?: number
}

/** The order view is the price of having nobody in charge: a line of its own. */
export const partOfView = (resource: string, by: string): string =>
  resource.startsWith('View') || by.startsWith('View') ? 'order view' : ''

/** Deadlines fall due a quarter of an hour after their order, of each order once. */
const isDeadline = (resource: string, by: string): boolean =>
  resource.startsWith('ViewOnDeadline') || by.startsWith('ViewOnDeadline')

const meterNames = Object.keys(meters) as Meter[]
const meterIndex: ReadonlyMap<Meter, number> = new Map(meterNames.map((meter, index) => [meter, index]))

interface OpenBlock {
  orders: number
  readonly units: Float64Array
}

/** So many stretches are kept for a block of the result: blocks then differ by one stretch, a few percent at most. */
const stretchesPerBlock = 64

export const createCost = ({
  partOf = partOfView,
  isLate = isDeadline,
  blocksMax = 64,
}: CostOptions = {}): CostFold => {
  const unitsOf = new Map<string, Float64Array>()
  let stretches: OpenBlock[] = [emptyBlock()]
  let ordersPerStretch = 1
  let orders = 0
  const sinceLastOrder = new Float64Array(meterNames.length)
  const late = new Float64Array(meterNames.length)

  const count = (resource: string, by: string, meter: Meter, units: number): void => {
    const part = partOf(resource, by)
    let ofPart = unitsOf.get(part)
    if (ofPart === undefined) {
      ofPart = new Float64Array(meterNames.length)
      unitsOf.set(part, ofPart)
    }
    add(ofPart, meter, units)
    add(isLate(resource, by) ? late : sinceLastOrder, meter, units)
  }
  const openStretch = (): OpenBlock => {
    if (stretches.length === blocksMax * stretchesPerBlock) {
      // Twice as many orders a stretch from here on: their number stays bounded, whatever the run.
      stretches = Array.from({ length: stretches.length / 2 }, (_, index) =>
        mergedBlock(stretches.slice(2 * index, 2 * index + 2)),
      )
      ordersPerStretch *= 2
    }
    const stretch = emptyBlock()
    stretches.push(stretch)
    return stretch
  }

  return {
    observer: {
      call({ meter, units, resource, by }) {
        if (meter !== undefined && units > 0) count(resource, by, meter, units)
      },
      transition({ machineId }) {
        count(machineId, machineId, 'states.transition', 1)
      },
      metered(meter, resource, units) {
        // A transition is observed as such, with its state; it must not be billed twice.
        if (meter !== 'states.transition') count(resource, resource, meter, units)
      },
    },
    submitted() {
      const newest = stretches.at(-1) ?? openStretch()
      addAll(newest.units, sinceLastOrder)
      sinceLastOrder.fill(0)
      const stretch = newest.orders === ordersPerStretch ? openStretch() : newest
      stretch.orders += 1
      orders += 1
    },
    finish: () => ({
      orders,
      lines: [...unitsOf]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([part, units]) =>
          meterNames.flatMap((meter, index) => {
            const counted = units[index] ?? 0
            return counted > 0 ? [{ part, meter, units: counted }] : []
          }),
        ),
      blocks: nearEqual(stretches, orders, blocksMax).map((block) => ({
        orders: block.orders,
        units: unitsIn(block.units),
      })),
      tail: unitsIn(sinceLastOrder.map((units, index) => units + (late[index] ?? 0))),
    }),
  }
}

/** Neighbouring stretches put together in at most `blocksMax` blocks, each ending as near to its share as it can. */
const nearEqual = (stretches: readonly OpenBlock[], orders: number, blocksMax: number): OpenBlock[] => {
  const wanted = Math.min(blocksMax, orders)
  const members: OpenBlock[][] = Array.from({ length: wanted }, () => [])
  let before = 0
  for (const stretch of stretches) {
    const middle = before + stretch.orders / 2
    members[Math.floor((middle * wanted) / orders)]?.push(stretch)
    before += stretch.orders
  }
  return members.map(mergedBlock)
}

const unitsIn = (counts: Float64Array): Units =>
  Object.fromEntries(
    meterNames.flatMap((meter, index) => {
      const counted = counts[index] ?? 0
      return counted > 0 ? [[meter, counted]] : []
    }),
  )

const emptyBlock = (): OpenBlock => ({ orders: 0, units: new Float64Array(meterNames.length) })

const mergedBlock = (blocks: readonly OpenBlock[]): OpenBlock => {
  const merged = emptyBlock()
  for (const { orders, units } of blocks) {
    merged.orders += orders
    addAll(merged.units, units)
  }
  return merged
}

const addAll = (counts: Float64Array, more: Float64Array): void => {
  for (const [index, units] of more.entries()) counts[index] = (counts[index] ?? 0) + units
}

const add = (counts: Float64Array, meter: Meter, units: number): void => {
  const index = meterIndex.get(meter)
  if (index === undefined) throw new Error(`The price list knows no meter "${meter}".`)
  counts[index] = (counts[index] ?? 0) + units
}

/** A block of orders and what it cost: statistics, not a bill; nano-dollars may have fractions here. */
export interface CostBlock {
  readonly orders: number
  readonly nanoUsd: number
}

export interface PricedUsage {
  readonly cost: ContestantResult['cost']
  readonly blocks: readonly CostBlock[]
}

/** What a stack costs by standing there. */
export interface Standing {
  /** Logical ids of the alarms; see alarmsIn. */
  readonly alarms: readonly string[]
  /** How long the load of the run took: the time that its idle polls were counted over. */
  readonly spanMs: number
  /** Empty receives in a month (`monthMs`) in which no order comes, by queue. */
  readonly idlePollsPerMonth: ReadonlyMap<string, number>
}

/** The alarms of a template. One that AWS bills otherwise than a standard alarm on one metric is refused by name. */
export const alarmsIn = (template: Template): readonly string[] =>
  Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties }]) => {
    if (Type === 'AWS::CloudWatch::CompositeAlarm')
      throw new Error(`Alarm ${logicalId} is composite: the price list has no price for it.`)
    if (Type !== 'AWS::CloudWatch::Alarm') return []
    const period = Number(field(Properties, 'Period'))
    if (field(Properties, 'Metrics') !== undefined || !(period >= 60))
      throw new Error(
        `Alarm ${logicalId}: only alarms on one metric with a period of a minute or more have a price.`,
      )
    return [logicalId]
  })

/**
 * Usage at list price: the first tier, no free tier, no tax, no discount. `idlePolls` are the empty receives that the
 * event source mappings made over the run, by queue; they cost the same with no order at all, as the alarms do, so
 * both get lines of their own and, in blocks, are spread evenly over the orders, as is what was metered after the last
 * of them and what deadlines cost. Storage (tables, archive, logs at rest) is not in it: it grows with how long data is kept, not with how an
 * order is coordinated. Without `standing` alarms are left out, and nothing is said of a month.
 */
export const priceUsage = (
  usage: Usage,
  prices: PriceList,
  idlePolls: ReadonlyMap<string, number>,
  standing?: Standing,
  partOf: (resource: string, by: string) => string = partOfView,
): PricedUsage => {
  const spread = [
    ...idleUnits(idlePolls, partOf).map((line) => costLine(line, 'idle', usage.orders, prices)),
    ...(standing === undefined ? [] : alarmLines(standing, usage.orders, prices, partOf)),
  ]
  const lines = [
    ...usage.lines.map((line) => costLine(line, kindOf(line.meter), usage.orders, prices)),
    ...spread,
  ]
  // Summed in nano-dollars: the total of the lines is the total, to the last digit.
  const cost = { usdPerMillionOrders: usd(sumOf(lines)), lines: lines.map(({ line }) => line) }
  const tailPerOrder = usage.orders === 0 ? 0 : unitsNanoUsd(usage.tail, prices) / usage.orders
  const spreadPerOrder = Number(sumOf(spread)) / million + tailPerOrder
  return {
    cost: standing === undefined ? cost : { ...cost, ...monthOf(cost.lines, standing, prices) },
    blocks: usage.blocks.map(({ orders, units }) => ({
      orders,
      nanoUsd: orders * spreadPerOrder + unitsNanoUsd(units, prices),
    })),
  }
}

type Cost = ContestantResult['cost']

/** Volumes a month over which costs are shown: what stands decides the first, what an order takes the last. */
const ordersPerMonthShown = [10_000, 100_000, 1_000_000, 10_000_000]

const monthOf = (
  lines: readonly CostLine[],
  { alarms, idlePollsPerMonth }: Standing,
  prices: PriceList,
): Pick<Cost, 'standingUsdPerMonth' | 'monthly'> => {
  const polls = [...idlePollsPerMonth.values()].reduce((sum, count) => sum + count, 0)
  const standingUsdPerMonth = usd(
    charge(prices, 'sqs.request', polls) +
      chargeStandingNanoUsd(alarms.length, monthMs, prices.standing['cloudwatch.alarm']),
  )
  return {
    standingUsdPerMonth,
    monthly: ordersPerMonthShown.map((orders) => ({
      orders,
      usd: usdPerMonthAt(orders, { lines, standingUsdPerMonth }),
    })),
  }
}

/** A cost of which it is known what stands and what an order adds. */
export interface MonthlyCost {
  readonly lines: readonly CostLine[]
  readonly standingUsdPerMonth: number
}

/**
 * A month's bill at list price in dollars: what stands, and the work of so many orders. Pollers are taken to be as
 * idle as with no order at all; a busy one makes fewer empty receives, so this is at most their idle cost too high.
 */
export const usdPerMonthAt = (ordersPerMonth: number, cost: MonthlyCost): number =>
  wholeNanoUsd(cost.standingUsdPerMonth + (workUsdPerMillion(cost.lines) * ordersPerMonth) / million)

/** Dollars that were added up as such, without the digits that only arithmetic made. */
const wholeNanoUsd = (dollars: number): number => Math.round(dollars * billion) / billion

/** What an order adds to the bill, a million times: neither idle polls nor alarms. */
const workUsdPerMillion = (lines: readonly CostLine[]): number =>
  lines
    .filter(({ kind, meter }) => kind !== 'idle' && !Object.hasOwn(standingMeters, meter))
    .reduce((sum, { usdPerMillionOrders }) => sum + usdPerMillionOrders, 0)

/** Pairs of which one stands cheaper and the other works cheaper, and the monthly volume at which they cost the same. */
export const costCrossings = (
  measured: readonly { readonly id: string; readonly cost: Cost }[],
): CostCrossing[] => {
  const known = measured.flatMap(({ id, cost: { lines, standingUsdPerMonth } }) =>
    standingUsdPerMonth === undefined
      ? []
      : [{ id, stands: standingUsdPerMonth, works: workUsdPerMillion(lines) }],
  )
  return known.flatMap((a, index) =>
    known.slice(index + 1).flatMap((b): CostCrossing[] => {
      const [below, above] = a.stands < b.stands ? [a, b] : [b, a]
      if (!(below.stands < above.stands && below.works > above.works)) return []
      const ordersPerMonth = ((above.stands - below.stands) / (below.works - above.works)) * million
      return [{ ordersPerMonth, cheaperBelow: below.id, cheaperAbove: above.id }]
    }),
  )
}

const unitsNanoUsd = (units: Units, prices: PriceList): number =>
  Object.entries(units).reduce(
    (sum, [meter, counted]) => sum + Number(charge(prices, meter as Meter, counted ?? 0)),
    0,
  )

/** A month's bill at a number of orders a month, in dollars: tiers applied, with or without the free tier. */
export const usdPerMonth = (
  usage: Usage,
  ordersPerMonth: number,
  prices: PriceList,
  { freeTier }: { readonly freeTier: boolean },
): number => {
  const unitsOf = new Map<Meter, number>()
  for (const { meter, units } of usage.lines) unitsOf.set(meter, (unitsOf.get(meter) ?? 0) + units)
  let nanoUsd = 0n
  for (const [meter, units] of unitsOf) {
    const perMonth = (units / Math.max(1, usage.orders)) * ordersPerMonth
    const free = freeTier ? (freeUnitsPerMonth[meter] ?? 0) : 0
    nanoUsd += chargeMonthNanoUsd(perMonth, prices.tiers[meter], free)
  }
  return usd(nanoUsd)
}

const charge = (prices: PriceList, meter: Meter, units: number): bigint =>
  chargeNanoUsd(units, prices.tiers[meter][0])

const kindOf = (meter: Meter): CostLine['kind'] => (meter === 'logs.bytes' ? 'observability' : 'work')

const idleUnits = (
  idlePolls: ReadonlyMap<string, number>,
  partOf: (resource: string, by: string) => string,
): UsageLine[] => {
  const polls = new Map<string, number>()
  for (const [queue, count] of idlePolls) {
    const part = partOf(queue, queue)
    polls.set(part, (polls.get(part) ?? 0) + count)
  }
  return [...polls]
    .filter(([, units]) => units > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([part, units]) => ({ part, meter: 'sqs.request', units }))
}

const million = 1_000_000

/** A line, with its dollars per million orders in whole nano-dollars. */
interface PricedLine {
  readonly nanoUsd: bigint
  readonly line: CostLine
}

const sumOf = (lines: readonly PricedLine[]): bigint => lines.reduce((sum, line) => sum + line.nanoUsd, 0n)

/** Alarms over the span of the load, by part, in alarm-months. */
const alarmLines = (
  { alarms, spanMs }: Standing,
  orders: number,
  prices: PriceList,
  partOf: (resource: string, by: string) => string,
): PricedLine[] => {
  const counts = new Map<string, number>()
  for (const alarm of alarms) {
    const part = partOf(alarm, alarm)
    counts.set(part, (counts.get(part) ?? 0) + 1)
  }
  return [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([part, count]) => {
      const msPerOrder = orders === 0 ? 0 : spanMs / orders
      const price = prices.standing['cloudwatch.alarm']
      const nanoUsd = chargeStandingNanoUsd(count, msPerOrder * million, price)
      return {
        nanoUsd,
        line: {
          service: standingMeters['cloudwatch.alarm'].service,
          meter: 'cloudwatch.alarm',
          kind: 'observability',
          ...(part === '' ? {} : { part }),
          unitsPerOrder: (count * msPerOrder) / monthMs,
          usdPerMillionOrders: usd(nanoUsd),
        },
      }
    })
}

const costLine = (
  { part, meter, units }: UsageLine,
  kind: CostLine['kind'],
  orders: number,
  prices: PriceList,
): PricedLine => {
  const unitsPerOrder = orders === 0 ? 0 : units / orders
  // Charged per million orders rather than per run: rounding to a nano-dollar then leaves no mark on small runs.
  const nanoUsd = charge(prices, meter, unitsPerOrder * million)
  return {
    nanoUsd,
    line: {
      service: meters[meter].service,
      meter,
      kind,
      ...(part === '' ? {} : { part }),
      unitsPerOrder,
      usdPerMillionOrders: usd(nanoUsd),
    },
  }
}
