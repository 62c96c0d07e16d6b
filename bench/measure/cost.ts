import { freeUnitsPerMonth } from '../prices/free-tier.ts'
import {
  billion,
  chargeMonthNanoUsd,
  chargeNanoUsd,
  chargeStandingNanoUsd,
  meters,
  monthMs,
  type StandingMeter,
  standingMeters,
  usd,
} from '../prices/price.ts'
import type { PriceList } from '../prices/regions.ts'
import type { ContestantResult, CostCrossing, CostLine } from '../results.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import type { Meter } from '../virtual-aws/observer.ts'
import { field } from './messages.ts'
import { partOfView, type Units, type Usage, type UsageLine } from './usage.ts'

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
  /** Logical ids of the dashboards. */
  readonly dashboards?: readonly string[]
  /** How long the load of the run took: the time that its idle polls were counted over. */
  readonly spanMs: number
  /** Empty receives in a month (`monthMs`) in which no order comes, by queue. */
  readonly idlePollsPerMonth: ReadonlyMap<string, number>
  /** Logical ids of the queues whose receives cost as those of FIFO queues; see fifoQueuesIn. */
  readonly fifoQueues?: ReadonlySet<string>
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

/** The dashboards of a template. */
export const dashboardsIn = (template: Template): readonly string[] =>
  Object.entries(template.Resources).flatMap(([logicalId, { Type }]) =>
    Type === 'AWS::CloudWatch::Dashboard' ? [logicalId] : [],
  )

/** The FIFO queues of a template. */
export const fifoQueuesIn = (template: Template): ReadonlySet<string> =>
  new Set(
    Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties }]) =>
      Type === 'AWS::SQS::Queue' && String(field(Properties, 'FifoQueue')) === 'true' ? [logicalId] : [],
    ),
  )

/**
 * Usage at list price: the first tier, no free tier, no tax, no discount. `idlePolls` are the empty receives that the
 * event source mappings made over the run, by queue; they cost the same with no order at all, as what watches does, so
 * both get lines of their own and, in blocks, are spread evenly over the orders, as is what was metered after the last
 * of them and what deadlines cost. Storage (tables, archive, logs at rest) is not in it: it grows with how long data is kept, not with how an
 * order is coordinated. Without `standing` what watches is left out, and nothing is said of a month.
 */
export const priceUsage = (
  usage: Usage,
  prices: PriceList,
  idlePolls: ReadonlyMap<string, number>,
  standing?: Standing,
  partOf: (resource: string, by: string) => string = partOfView,
): PricedUsage => {
  const spread = [
    ...idleUnits(idlePolls, partOf, standing?.fifoQueues).map((line) =>
      costLine(line, 'idle', usage.orders, prices),
    ),
    ...(standing === undefined ? [] : watcherLines(standing, usage.orders, prices, partOf)),
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
  standing: Standing,
  prices: PriceList,
): Pick<Cost, 'standingUsdPerMonth' | 'monthly'> => {
  const polls = idleUnits(standing.idlePollsPerMonth, () => '', standing.fifoQueues)
  const standingUsdPerMonth = usd(
    polls.reduce((sum, { meter, units }) => sum + charge(prices, meter, units), 0n) +
      watchersOf(standing).reduce(
        (sum, [meter, ids]) => sum + chargeStandingNanoUsd(ids.length, monthMs, prices.standing[meter]),
        0n,
      ),
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

/** What an order adds to the bill, a million times: neither idle polls nor what watches. */
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

const noQueues: ReadonlySet<string> = new Set()

const idleUnits = (
  idlePolls: ReadonlyMap<string, number>,
  partOf: (resource: string, by: string) => string,
  fifoQueues = noQueues,
): UsageLine[] => {
  const polls = new Map<string, UsageLine>()
  for (const [queue, count] of idlePolls) {
    const part = partOf(queue, queue)
    const meter = fifoQueues.has(queue) ? 'sqs.fifoRequest' : 'sqs.request'
    const key = `${part}/${meter}`
    polls.set(key, { part, meter, units: (polls.get(key)?.units ?? 0) + count })
  }
  return [...polls]
    .filter(([, { units }]) => units > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, line]) => line)
}

const million = 1_000_000

/** A line, with its dollars per million orders in whole nano-dollars. */
interface PricedLine {
  readonly nanoUsd: bigint
  readonly line: CostLine
}

const sumOf = (lines: readonly PricedLine[]): bigint => lines.reduce((sum, line) => sum + line.nanoUsd, 0n)

/** What watches the stack, by the meter that it is billed by. */
const watchersOf = ({
  alarms,
  dashboards = [],
}: Standing): readonly (readonly [StandingMeter, readonly string[]])[] => [
  ['cloudwatch.alarm', alarms],
  ['cloudwatch.dashboard', dashboards],
]

/** Alarms and dashboards over the span of the load, by part, in months of each. */
const watcherLines = (
  standing: Standing,
  orders: number,
  prices: PriceList,
  partOf: (resource: string, by: string) => string,
): PricedLine[] =>
  watchersOf(standing).flatMap(([meter, ids]) => {
    const counts = new Map<string, number>()
    for (const id of ids) {
      const part = partOf(id, id)
      counts.set(part, (counts.get(part) ?? 0) + 1)
    }
    const msPerOrder = orders === 0 ? 0 : standing.spanMs / orders
    return [...counts]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([part, count]): PricedLine => {
        const nanoUsd = chargeStandingNanoUsd(count, msPerOrder * million, prices.standing[meter])
        return {
          nanoUsd,
          line: {
            service: standingMeters[meter].service,
            meter,
            kind: 'observability',
            ...(part === '' ? {} : { part }),
            unitsPerOrder: (count * msPerOrder) / monthMs,
            usdPerMillionOrders: usd(nanoUsd),
          },
        }
      })
  })

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
