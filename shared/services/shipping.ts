import { type Circumstances, type Desk, type Fact, obeying, type Request, stateOf } from '../idempotent.ts'
import type { OrderSummary } from '../order.ts'
import type { ServiceRecord } from '../records.ts'
import { unreachable } from '../unreachable.ts'

/* Events */

export type ShippingFact = Fact<'OrderShipped' | 'ShippingFailed'>

/* State */

export type ShippingState = 'unknown' | 'shipped' | 'failed'
export const initialState: ShippingState = 'unknown'

/* evolve */

export const evolve = (_state: ShippingState, fact: ShippingFact): ShippingState => {
  switch (fact.type) {
    case 'OrderShipped':
      return 'shipped'
    case 'ShippingFailed':
      return 'failed'
    default:
      return unreachable(fact)
  }
}

/* Commands */

export type ShippingStep = 'ArrangeShipping' | 'CancelShipping'
export interface ShippingCommand {
  readonly type: ShippingStep
  readonly data: {
    readonly order: OrderSummary
    /** What the carrier gave, when the order is on its way. */
    readonly trackingId: string | undefined
  }
}

/* decide */

/** The carrier is the arbiter: what it has taken cannot be cancelled, and what it has cancelled it will not take. */
export const decide = ({ type, data }: ShippingCommand, state: ShippingState): readonly ShippingFact[] => {
  if (state !== 'unknown') return []
  const { order, trackingId } = data
  if (trackingId !== undefined) return [{ type: 'OrderShipped', data: { order, trackingId } }]
  switch (type) {
    case 'ArrangeShipping':
      return [{ type: 'ShippingFailed', data: { order, reason: 'refused' } }]
    case 'CancelShipping':
      // A fence: recorded before anything was shipped, it is what ArrangeShipping will be answered with.
      return [{ type: 'ShippingFailed', data: { order, reason: 'voided' } }]
    default:
      return unreachable(type)
  }
}

/* The carrier */

const prepare = async (
  { type, orderId: key, data: { order }, attempt }: Request<ShippingStep>,
  { providers }: Desk,
  { givingUp }: Circumstances,
): Promise<ShippingCommand> => {
  if (type === 'CancelShipping' || givingUp) {
    const { trackingId } = await providers.carrier.cancel({ key, attempt })
    return { type: 'CancelShipping', data: { order, trackingId } }
  }
  const { country, units } = order
  const answer = await providers.carrier.ship({ key, attempt, country, units })
  return { type, data: { order, trackingId: 'trackingId' in answer ? answer.trackingId : undefined } }
}

const service = { initial: initialState, evolve, decide, prepare }

export const shipping = obeying<ShippingStep, ShippingCommand, ShippingState, ShippingFact>(service)

/** What the shipping service has on record of an order's way. */
export const shippingStateOf = (record: ServiceRecord): ShippingState => stateOf(service, record)
