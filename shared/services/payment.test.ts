import { describe, it } from 'vitest'
import { aSummary as order } from '../orders.testing.ts'
import { specificationOf } from './decider.testing.ts'
import type { PaymentCommand, PaymentFact } from './payment.ts'
import * as payment from './payment.ts'

const { given } = specificationOf(payment)
const processed: PaymentFact = { type: 'PaymentProcessed', data: { order } }
const declined: PaymentFact = { type: 'PaymentDeclined', data: { order, reason: 'declined' } }
const voided: PaymentFact = { type: 'PaymentDeclined', data: { order, reason: 'voided' } }
const refunded: PaymentFact = { type: 'PaymentRefunded', data: { order, reason: 'ShippingFailed' } }
const refund: PaymentCommand = { type: 'RefundPayment', data: { order, reason: 'ShippingFailed' } }
const process = (charged: boolean): PaymentCommand => ({ type: 'ProcessPayment', data: { order, charged } })

describe('the payment service', () => {
  it('tells of a payment that the gateway took', () => given().when(process(true)).then(processed))
  it('tells of a card that the gateway declined', () => given().when(process(false)).then(declined))
  it('gives back what was charged', () => given(processed).when(refund).then(refunded))
  it('voids a payment that was not charged yet: the refund is a fence', () =>
    given().when(refund).then(voided))

  it.each([
    { name: 'a declined payment', facts: [declined] },
    { name: 'a voided payment', facts: [voided] },
    { name: 'a refunded payment', facts: [processed, refunded] },
  ])('leaves $name as it is, whatever the gateway said meanwhile', ({ facts }) => {
    given(...facts)
      .when(process(true))
      .then()
    given(...facts)
      .when(refund)
      .then()
  })
})
