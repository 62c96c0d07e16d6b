import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogueSize, skuOf, spellOut } from './lines.ts'
import type { Arrival } from './workload.ts'

const arrival = (change: Partial<Arrival> = {}): Arrival => ({
  atMs: 0,
  orderId: 'order-000001',
  customerId: 'customer-0001',
  country: 'United Kingdom',
  lines: 3,
  units: 10,
  amount: 1999,
  ...change,
})

const arrivals = fc
  .record({
    orderId: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
    lines: fc.integer({ min: 1, max: 400 }),
    spare: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 100_000 })),
    amount: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 1_000_000_000 })),
  })
  .map(({ spare, ...rest }) => arrival({ ...rest, units: rest.lines + spare }))

const seeds = fc.integer({ min: 0, max: 1_000_000 })

describe('the lines of an order', () => {
  it('are as many as it says, and add up to its amount in pence and to its units, save a lot', () => {
    fc.assert(
      fc.property(arrivals, seeds, (given, seed) => {
        const { lines, amount } = spellOut(given, 'GBP', seed)
        const isLot = given.lines === 1 && given.amount % given.units !== 0
        expect(lines).toHaveLength(given.lines)
        expect(lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0)).toBe(amount)
        expect(amount).toBe(given.amount)
        expect(lines.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(isLot ? 1 : given.units)
      }),
      { seed: 20260105, numRuns: 500 },
    )
  })

  it('have whole quantities of at least 1, whole prices of at least 0, and skus of the catalogue', () => {
    const skus = new Set(Array.from({ length: catalogueSize }, (_, article) => skuOf(article)))
    fc.assert(
      fc.property(arrivals, seeds, (given, seed) => {
        for (const { sku, quantity, unitPrice } of spellOut(given, 'GBP', seed).lines) {
          expect(Number.isSafeInteger(quantity) && quantity >= 1).toBe(true)
          expect(Number.isSafeInteger(unitPrice) && unitPrice >= 0).toBe(true)
          expect(skus.has(sku)).toBe(true)
        }
      }),
      { seed: 20260105, numRuns: 100 },
    )
  })

  it('of one line whose units divide its amount are so many pieces', () => {
    const { lines } = spellOut(arrival({ lines: 1, units: 4, amount: 1000 }), 'GBP', 1)
    expect(lines).toEqual([{ sku: expect.any(String), quantity: 4, unitPrice: 250 }])
  })

  it('of one line whose units do not divide its amount are one lot', () => {
    const { lines } = spellOut(arrival({ lines: 1, units: 3, amount: 1000 }), 'GBP', 1)
    expect(lines).toEqual([{ sku: expect.any(String), quantity: 1, unitPrice: 1000 }])
  })

  it('end with a single piece that takes the remainder', () => {
    expect(spellOut(arrival(), 'GBP', 1).lines.at(-1)?.quantity).toBe(1)
  })

  it('are the same for the same seed and others for another, whatever the time of the order', () => {
    expect(spellOut(arrival({ atMs: 5 }), 'GBP', 1)).toEqual(spellOut(arrival(), 'GBP', 1))
    expect(spellOut(arrival(), 'GBP', 2)).not.toEqual(spellOut(arrival(), 'GBP', 1))
    expect(spellOut(arrival({ orderId: 'other' }), 'GBP', 1).lines).not.toEqual(
      spellOut(arrival(), 'GBP', 1).lines,
    )
  })

  it('ask for every article about as often as for any other', () => {
    const asked = new Map<string, number>()
    for (let order = 0; order < 2_000; order += 1) {
      for (const { sku } of spellOut(arrival({ orderId: `o${order}`, lines: 100, units: 100 }), 'GBP', 1)
        .lines) {
        asked.set(sku, (asked.get(sku) ?? 0) + 1)
      }
    }
    // 50 on average; a Poisson count beyond 100 or below 15 comes once in a million.
    expect(asked.size).toBe(catalogueSize)
    expect(Math.max(...asked.values())).toBeLessThan(100)
    expect(Math.min(...asked.values())).toBeGreaterThan(15)
  })
})
