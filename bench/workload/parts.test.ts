import { describe, expect, it } from 'vitest'
import { builtInWorkload } from './built-in.ts'
import {
  builtInParts,
  orderIdAt,
  ordersPerPartMax,
  type PartedWorkload,
  partsNeeded,
  seedOfPart,
  stretchesOf,
  wholeOf,
  workloadOfPart,
} from './parts.ts'

const options = { count: 103, ratePerSecond: 2, seed: 7 }
const workload = builtInWorkload(options)
const idsOf = ({ parts }: PartedWorkload): string[] =>
  parts.flatMap((part) => workloadOfPart(part).arrivals.map(({ orderId }) => orderId))

describe('a workload in parts', () => {
  it.each([
    { orders: ordersPerPartMax, parts: 1 },
    { orders: ordersPerPartMax + 1, parts: 2 },
    { orders: 10 * ordersPerPartMax, parts: 10 },
  ])('needs $parts for $orders orders', ({ orders, parts }) => {
    expect(partsNeeded(orders)).toBe(parts)
  })

  it('of stretches is the workload, order by order, each stretch from its own start', () => {
    const parted = stretchesOf(workload, 4)
    expect(idsOf(parted)).toEqual(workload.arrivals.map(({ orderId }) => orderId))
    const sizes = parted.parts.map((part) => workloadOfPart(part).arrivals.length)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
    for (const part of parted.parts) {
      const { arrivals } = workloadOfPart(part)
      expect(arrivals[0]?.atMs).toBe(0)
      const given = workload.arrivals.findIndex(({ orderId }) => orderId === arrivals[0]?.orderId)
      const gaps = arrivals.map(({ atMs }) => atMs)
      const from = workload.arrivals[given]?.atMs ?? 0
      expect(gaps).toEqual(workload.arrivals.slice(given, given + gaps.length).map(({ atMs }) => atMs - from))
    }
  })

  it('of built-in days has as many orders as were asked for, no id twice, and days that differ', () => {
    const parted = builtInParts(options, 4)
    const ids = idsOf(parted)
    expect(ids).toHaveLength(options.count)
    expect(new Set(ids).size).toBe(options.count)
    const [first, second] = parted.parts.map((part) => workloadOfPart(part).arrivals.map(({ atMs }) => atMs))
    expect(first).not.toEqual(second)
  })

  it.each([
    { name: 'whole', parted: wholeOf(workload) },
    { name: 'stretches', parted: stretchesOf(workload, 3) },
    { name: 'built-in days', parted: builtInParts(options, 3) },
  ])('names the order at each position: $name', ({ parted }) => {
    expect(idsOf(parted).map((_, position) => orderIdAt(parted.parts, position))).toEqual(idsOf(parted))
    expect(() => orderIdAt(parted.parts, options.count)).toThrow(/no order 103/)
  })

  it('draws the infrastructure of each part from a seed of its own, the first from that of the run', () => {
    expect(seedOfPart(5, 0)).toBe(5)
    expect(new Set(Array.from({ length: 50 }, (_, index) => seedOfPart(5, index))).size).toBe(50)
  })
})
