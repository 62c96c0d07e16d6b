import { describe, expect, it } from 'vitest'
import { builtInWorkload } from './built-in.ts'
import { catalogueSize, spellOut } from './lines.ts'
import { ample, initialStock, stockOfOrdered } from './stock.ts'

const workload = builtInWorkload({ count: 3_000, ratePerSecond: 2, seed: 1 })
const demand = new Map<string, number>()
for (const arrival of workload.arrivals) {
  for (const { sku, quantity } of spellOut(arrival, workload.currency, 1).lines) {
    demand.set(sku, (demand.get(sku) ?? 0) + quantity)
  }
}
const stockOf = (skusOutOfStock: number, skusScarce: number, seed = 1) =>
  initialStock(workload, { skusOutOfStock, skusScarce }, seed)

describe('the stock before the first order', () => {
  it('is ample for every article unless the scenario says otherwise', () => {
    const stock = stockOf(0, 0)
    expect(stock.size).toBe(catalogueSize)
    expect(new Set(stock.values())).toEqual(new Set([ample]))
    expect(Math.max(...demand.values())).toBeLessThan(ample)
  })

  it('is nothing for the stated share of articles', () => {
    const levels = [...stockOf(0.1, 0).values()]
    const none = levels.filter((level) => level === 0).length
    expect(none / catalogueSize).toBeGreaterThan(0.08)
    expect(none / catalogueSize).toBeLessThan(0.12)
    expect(levels.every((level) => level === 0 || level === ample)).toBe(true)
  })

  it('is half of the demand, rounded down, for the stated share of articles', () => {
    const scarce = [...stockOf(0, 0.1)].filter(([, level]) => level !== ample)
    expect(scarce.length / catalogueSize).toBeGreaterThan(0.08)
    expect(scarce.length / catalogueSize).toBeLessThan(0.12)
    for (const [sku, level] of scarce) expect(level).toBe(Math.floor((demand.get(sku) ?? 0) / 2))
  })

  it('is nothing where an article is both out of stock and scarce', () => {
    expect([...stockOf(1, 1).values()].every((level) => level === 0)).toBe(true)
  })

  it('keeps what it lacks when another share is added', () => {
    const both = stockOf(0.1, 0.1)
    for (const [sku, level] of stockOf(0.1, 0)) if (level === 0) expect(both.get(sku)).toBe(0)
  })

  it('is the same for the same seed and another for another', () => {
    expect(stockOf(0.1, 0.1)).toEqual(stockOf(0.1, 0.1))
    expect(stockOf(0.1, 0.1, 2)).not.toEqual(stockOf(0.1, 0.1))
  })
})

describe('a warehouse for the articles that are ordered', () => {
  const few = builtInWorkload({ count: 3, ratePerSecond: 2, seed: 1 })
  it.each([
    { name: 'ample', world: { skusOutOfStock: 0, skusScarce: 0 } },
    { name: 'lacking', world: { skusOutOfStock: 0.5, skusScarce: 0 } },
    { name: 'scarce', world: { skusOutOfStock: 0.2, skusScarce: 0.5 } },
  ])('holds of each what the whole catalogue would: $name', ({ world }) => {
    const whole = initialStock(few, world, 1)
    const ordered = few.arrivals.flatMap((arrival) =>
      spellOut(arrival, few.currency, 1).lines.map(({ sku }) => sku),
    )
    expect(stockOfOrdered(few, world, 1)).toEqual(new Map(ordered.map((sku) => [sku, whole.get(sku)])))
  })
})
