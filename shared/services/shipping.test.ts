import { describe, it } from 'vitest'
import { aSummary as order } from '../orders.testing.ts'
import { specificationOf } from './decider.testing.ts'
import type { ShippingCommand, ShippingFact, ShippingStep } from './shipping.ts'
import * as shipping from './shipping.ts'

const { given } = specificationOf(shipping)
const begun: ShippingFact = { type: 'CancellationBegun', data: undefined }
const shipped: ShippingFact = { type: 'OrderShipped', data: { order, trackingId: 't' } }
const failed = (reason: 'refused' | 'voided'): ShippingFact => ({
  type: 'ShippingFailed',
  data: { order, reason },
})
const asked = (type: ShippingStep, answer: ShippingCommand['data']['answer']): ShippingCommand => ({
  type,
  data: { order, answer },
})
const taken = { trackingId: 't' }

describe('the shipping service', () => {
  it('tells of a shipment that the carrier took', () =>
    given().when(asked('ArrangeShipping', taken)).then(shipped))

  it('tells of one that the carrier refused', () =>
    given().when(asked('ArrangeShipping', 'not shipped')).then(failed('refused')))

  it('records that it cancels before it asks the carrier to', () =>
    given().when(asked('CancelShipping', undefined)).then(begun))

  it('voids a shipment that has not left: the cancellation is a fence', () =>
    given(begun).when(asked('CancelShipping', 'not shipped')).then(failed('voided')))

  it('goes forward when it has left already', () =>
    given(begun).when(asked('CancelShipping', taken)).then(shipped))

  it.each([{ fact: shipped }, { fact: failed('refused') }, { fact: failed('voided') }])(
    'decides nothing after $fact.type',
    ({ fact }) => {
      given(fact).when(asked('ArrangeShipping', taken)).then()
      given(fact).when(asked('CancelShipping', undefined)).then()
    },
  )
})
