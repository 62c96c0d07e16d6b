import { describe, expect, it } from 'vitest'
import { scarcity } from '../scenarios/scarcity.ts'
import { builtInWorkload } from './built-in.ts'
import { spellOut } from './lines.ts'
import { initialStock } from './stock.ts'
import { tagged, tagOf } from './tagged.ts'
import type { Workload } from './workload.ts'

const seed = 1
const workload = builtInWorkload({ count: 50, ratePerSecond: 1, seed })
const first = tagged(workload, tagOf('run-1', 'steady'))
const second = tagged(workload, tagOf('run-2', 'steady'))

const skusOf = ({ arrivals, currency }: Workload): readonly string[] =>
  arrivals.flatMap((arrival) => spellOut(arrival, currency, seed).lines.map(({ sku }) => sku))

describe('a tagged workload', () => {
  it('shares no order id and no article with that of another run: neither takes from the stock of the other', () => {
    const ids = new Set(first.arrivals.map(({ orderId }) => orderId))
    expect(second.arrivals.filter(({ orderId }) => ids.has(orderId))).toEqual([])
    const skus = new Set(skusOf(first))
    expect(skusOf(second).filter((sku) => skus.has(sku))).toEqual([])
    const stock = initialStock(first, scarcity.world, seed)
    expect([...initialStock(second, scarcity.world, seed).keys()].filter((sku) => stock.has(sku))).toEqual([])
  })

  it('shares none with another scenario of its run, and all with its repetition', () => {
    const skus = new Set(skusOf(first))
    const other = tagged(workload, tagOf('run-1', 'refusals'))
    expect(skusOf(other).filter((sku) => skus.has(sku))).toEqual([])
    expect(tagged(workload, tagOf('run-1', 'steady'))).toEqual(first)
  })

  it('asks for articles whose names are as long as the own ones of the catalogue', () => {
    expect(new Set(skusOf(first).map(({ length }) => length))).toEqual(new Set(['sku-0001'.length]))
  })

  it('asks for the articles that the same orders ask for on the own shelf', () => {
    const own = { ...first, arrivals: first.arrivals.map(({ shelf: _, ...arrival }) => arrival) }
    expect(skusOf(first).map((sku) => sku.slice(4))).toEqual(skusOf(own).map((sku) => sku.slice(4)))
    const stock = initialStock(own, scarcity.world, seed)
    for (const [sku, available] of initialStock(first, scarcity.world, seed))
      expect(available, sku).toBe(stock.get(`sku-${sku.slice(4)}`))
  })
})
