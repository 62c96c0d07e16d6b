import { meters } from '../prices/price.ts'
import type { Meter, Observer } from '../virtual-aws/observer.ts'

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

/** Counts of the part of the system that is served, and of the time in which it was. */
interface Counter {
  readonly ofPart: Float64Array
  readonly ofTime: Float64Array
}

/** So many stretches are kept for a block of the result: blocks then differ by one stretch, a few percent at most. */
const stretchesPerBlock = 64

export const createCost = ({
  partOf = partOfView,
  isLate = isDeadline,
  blocksMax = 64,
}: CostOptions = {}): CostFold => {
  const unitsOf = new Map<string, Float64Array>()
  /** By resource, then by caller: where its units are counted. */
  const counters = new Map<string, Map<string, Counter>>()
  let stretches: OpenBlock[] = [emptyBlock()]
  let ordersPerStretch = 1
  let orders = 0
  const sinceLastOrder = new Float64Array(meterNames.length)
  const late = new Float64Array(meterNames.length)

  const counterOf = (resource: string, by: string): Counter => {
    const part = partOf(resource, by)
    const ofPart = unitsOf.get(part) ?? new Float64Array(meterNames.length)
    unitsOf.set(part, ofPart)
    return { ofPart, ofTime: isLate(resource, by) ? late : sinceLastOrder }
  }
  const count = (resource: string, by: string, meter: Meter, units: number): void => {
    let byCaller = counters.get(resource)
    if (byCaller === undefined) {
      byCaller = new Map()
      counters.set(resource, byCaller)
    }
    let counter = byCaller.get(by)
    if (counter === undefined) {
      counter = counterOf(resource, by)
      byCaller.set(by, counter)
    }
    const index = indexOf(meter)
    counter.ofPart[index] = (counter.ofPart[index] ?? 0) + units
    counter.ofTime[index] = (counter.ofTime[index] ?? 0) + units
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
      transition({ machineId, isExpress }) {
        if (isExpress === true) return
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

/** What a run was billed for, from what its shards were. */
export const usageOf = (shards: readonly Usage[]): Usage => {
  const unitsOf = new Map<string, UsageLine>()
  for (const line of shards.flatMap(({ lines }) => lines)) {
    const key = `${line.part}/${line.meter}`
    unitsOf.set(key, { ...line, units: line.units + (unitsOf.get(key)?.units ?? 0) })
  }
  const tail = new Float64Array(meterNames.length)
  for (const shard of shards)
    for (const [meter, units] of Object.entries(shard.tail)) {
      const index = indexOf(meter as Meter)
      tail[index] = (tail[index] ?? 0) + units
    }
  return {
    orders: shards.reduce((sum, { orders }) => sum + orders, 0),
    lines: [...unitsOf.values()].toSorted(
      (a, b) =>
        (a.part < b.part ? -1 : Number(a.part > b.part)) ||
        (meterIndex.get(a.meter) ?? 0) - (meterIndex.get(b.meter) ?? 0),
    ),
    blocks: shards.flatMap(({ blocks }) => blocks),
    tail: unitsIn(tail),
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
  for (let index = 0; index < counts.length; index += 1)
    counts[index] = (counts[index] ?? 0) + (more[index] ?? 0)
}

const indexOf = (meter: Meter): number => {
  const index = meterIndex.get(meter)
  if (index === undefined) throw new Error(`The price list knows no meter "${meter}".`)
  return index
}
