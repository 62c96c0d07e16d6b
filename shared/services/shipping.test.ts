import { describe, it } from 'vitest'
import { aSummary as order } from '../orders.testing.ts'
import { specificationOf } from './decider.testing.ts'
import type { ShippingCommand, ShippingFact, ShippingStep } from './shipping.ts'
import * as shipping from './shipping.ts'

const { given } = specificationOf(shipping)
const shipped: ShippingFact = { type: 'OrderShipped', data: { order, trackingId: 't' } }
const failed = (reason: 'refused' | 'voided'): ShippingFact => ({
  type: 'ShippingFailed',
  data: { order, reason },
})
const asked = (type: ShippingStep, trackingId?: string): ShippingCommand => ({
  type,
  data: { order, trackingId },
})

describe('the shipping service', () => {
  it('tells of a shipment that the carrier took', () =>
    given().when(asked('ArrangeShipping', 't')).then(shipped))
  it('tells of one that the carrier refused', () =>
    given().when(asked('ArrangeShipping')).then(failed('refused')))
  it('voids a shipment that has not left: the cancellation is a fence', () =>
    given().when(asked('CancelShipping')).then(failed('voided')))
  it('goes forward when it has left already', () => given().when(asked('CancelShipping', 't')).then(shipped))

  it.each([{ fact: shipped }, { fact: failed('refused') }, { fact: failed('voided') }])(
    'decides nothing after $fact.type',
    ({ fact }) => {
      given(fact).when(asked('ArrangeShipping', 't')).then()
      given(fact).when(asked('CancelShipping')).then()
    },
  )
})
