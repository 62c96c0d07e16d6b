import { describe, it } from 'vitest'
import { type Order, summaryOf } from '../order.ts'
import { anOrder, aSummary } from '../orders.testing.ts'
import { specificationOf } from './decider.testing.ts'
import type { OrderFact } from './order.ts'
import * as order from './order.ts'

const { given } = specificationOf(order)
const created: OrderFact = { type: 'OrderCreated', data: { order: anOrder } }
const completed: OrderFact = { type: 'OrderCompleted', data: { order: aSummary } }
const rejected: OrderFact = { type: 'OrderRejected', data: { order: aSummary, reason: 'ShippingFailed' } }

describe('the order service', () => {
  it('creates an order whose amount is the sum of its lines', () => {
    given()
      .when({ type: 'CreateOrder', data: { order: anOrder } })
      .then(created)
  })

  it.each([
    { name: 'without lines', change: { lines: [], amount: 0 }, reason: 'no lines' },
    { name: 'one penny off', change: { amount: 21 }, reason: 'an amount that is not the sum of the lines' },
    {
      name: 'with a quantity of 0',
      change: { lines: [{ sku: 's', quantity: 0, unitPrice: 1 }], amount: 0 },
      reason: 'a quantity below 1',
    },
    {
      name: 'with a price below 0',
      change: { lines: [{ sku: 's', quantity: 1, unitPrice: -1 }], amount: -1 },
      reason: 'a negative price',
    },
  ])('rejects an order $name', ({ change, reason }) => {
    const asked: Order = { ...anOrder, ...change }
    given()
      .when({ type: 'CreateOrder', data: { order: asked } })
      .then({ type: 'OrderRejected', data: { order: summaryOf(asked), reason } })
  })

  it('takes an order of free goods', () => {
    const free = { ...anOrder, amount: 0, lines: [{ sku: 's', quantity: 1, unitPrice: 0 }] }
    given()
      .when({ type: 'CreateOrder', data: { order: free } })
      .then({ type: 'OrderCreated', data: { order: free } })
  })

  it('completes an open order', () => {
    given(created)
      .when({ type: 'CompleteOrder', data: { order: aSummary } })
      .then(completed)
  })

  it('rejects an open order', () => {
    given(created)
      .when({ type: 'RejectOrder', data: { order: aSummary, reason: 'ShippingFailed' } })
      .then(rejected)
  })

  it('rejects an order that it has never seen: the rejection is a fence', () => {
    given()
      .when({ type: 'RejectOrder', data: { order: aSummary, reason: 'ShippingFailed' } })
      .then(rejected)
  })

  it.each([{ end: completed }, { end: rejected }])('leaves an order alone after $end.type', ({ end }) => {
    given(created, end)
      .when({ type: 'CompleteOrder', data: { order: aSummary } })
      .then()
    given(created, end)
      .when({ type: 'RejectOrder', data: { order: aSummary, reason: 'r' } })
      .then()
    given(end)
      .when({ type: 'CreateOrder', data: { order: anOrder } })
      .then()
  })
})
