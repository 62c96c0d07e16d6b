import { describe, expect, it } from 'vitest'
import { type Order, summaryOf } from '../order.ts'
import { orderOf } from '../orders.testing.ts'
import { specificationOf } from './decider.testing.ts'
import * as inventory from './inventory.ts'
import { type Ending, type InventoryCommand, type InventoryFact, mergedBySku } from './inventory.ts'

const { given } = specificationOf(inventory)
const small = orderOf('o-1', 2)
const large = orderOf('o-1', 230)
const reserve = (order: Order, isShort = false): InventoryCommand => ({
  type: 'ReserveInventory',
  data: { order, isShort },
})
const release = (order: Order): InventoryCommand => ({
  type: 'ReleaseInventory',
  data: { order: summaryOf(order), reason: 'PaymentDeclined' },
})
const holding = (order: Order, held: number): InventoryFact => ({
  type: 'StockHeld',
  data: { lines: mergedBySku(order), held },
})
const givenBack = (held: number, ending: Ending): InventoryFact => ({
  type: 'StockReleased',
  data: { held, ending },
})
const reserved = (order: Order): InventoryFact => ({
  type: 'InventoryReserved',
  data: { order: summaryOf(order) },
})
const released = (order: Order): InventoryFact => ({
  type: 'InventoryReleased',
  data: { order: summaryOf(order), reason: 'PaymentDeclined' },
})
const rejected = (order: Order, reason: 'out-of-stock' | 'voided'): InventoryFact => ({
  type: 'InventoryRejected',
  data: { order: summaryOf(order), reason },
})

describe('a reservation that fits one transaction', () => {
  it('is taken whole', () => given().when(reserve(small)).then(holding(small, 2), reserved(small)))
  it('is given back whole', () =>
    given(holding(small, 2), reserved(small))
      .when(release(small))
      .then(givenBack(0, 'released'), released(small)))
  it('is refused when the stock is short', () =>
    given().when(reserve(small, true)).then(rejected(small, 'out-of-stock')))
  it('is voided before it was taken: the release is a fence', () =>
    given().when(release(small)).then(rejected(small, 'voided')))
  it('is not touched again once it was refused or given back', () => {
    given(rejected(small, 'voided')).when(reserve(small)).then()
    given(rejected(small, 'voided')).when(release(small)).then()
    given(holding(small, 2), reserved(small), givenBack(0, 'released'), released(small))
      .when(release(small))
      .then()
  })
})

describe('a reservation of more skus than a transaction holds', () => {
  it.each([
    { skus: 98, held: [98] },
    { skus: 99, held: [99] },
    { skus: 100, held: [99, 100] },
    { skus: 230, held: [99, 198, 230] },
  ])('of $skus skus is taken up to $held', ({ skus, held }) => {
    const order = orderOf('o-1', skus)
    held.forEach((mark, index) => {
      const before = index === 0 ? [] : [holding(order, held[index - 1] ?? 0)]
      const isWhole = mark === skus
      given(...before)
        .when(reserve(order))
        .then(holding(order, mark), ...(isWhole ? [reserved(order)] : []))
    })
  })

  it('gives every chunk back when a later one finds the stock short', () => {
    given(holding(large, 198)).when(reserve(large, true)).then(givenBack(99, 'out-of-stock'))
    given(holding(large, 198), givenBack(99, 'out-of-stock'))
      .when(reserve(large))
      .then(givenBack(0, 'out-of-stock'), rejected(large, 'out-of-stock'))
  })

  it('gives every chunk back when the fence comes amid it, and the original joins in', () => {
    given(holding(large, 198)).when(release(large)).then(givenBack(99, 'voided'))
    given(holding(large, 198), givenBack(99, 'voided'))
      .when(reserve(large))
      .then(givenBack(0, 'voided'), rejected(large, 'voided'))
  })

  it('keeps the reason of its shortage when the fence comes amid giving back', () => {
    given(holding(large, 198), givenBack(99, 'out-of-stock'))
      .when(release(large))
      .then(givenBack(0, 'out-of-stock'), rejected(large, 'out-of-stock'))
  })

  it('is given back in the chunks in which it was taken', () => {
    given(holding(large, 230), reserved(large)).when(release(large)).then(givenBack(198, 'released'))
    given(holding(large, 230), reserved(large), givenBack(198, 'released'))
      .when(release(large))
      .then(givenBack(99, 'released'))
  })
})

describe('the lines of a reservation', () => {
  it('are merged by sku, in the order of the sku', () => {
    const lines = [
      { sku: 'b', quantity: 1, unitPrice: 1 },
      { sku: 'a', quantity: 2, unitPrice: 1 },
      { sku: 'b', quantity: 3, unitPrice: 9 },
    ]
    expect(mergedBySku({ lines })).toEqual([
      { sku: 'a', quantity: 2 },
      { sku: 'b', quantity: 4 },
    ])
  })
})
