import { type Circumstances, type Desk, type Fact, obeying, type Request, stateOf } from '../idempotent.ts'
import type { OrderSummary } from '../order.ts'
import type { ServiceRecord } from '../records.ts'
import { unreachable } from '../unreachable.ts'

/* Events */

/** That a cancellation has begun is a note between the service and its record: it tells nobody how it will end. */
export type ShippingFact =
  | Fact<'OrderShipped' | 'ShippingFailed'>
  | { readonly type: 'CancellationBegun'; readonly data: undefined }

/* State */

export type ShippingState = 'unknown' | 'cancelling' | 'shipped' | 'failed'
export const initialState: ShippingState = 'unknown'

/* evolve */

export const evolve = (_state: ShippingState, fact: ShippingFact): ShippingState => {
  switch (fact.type) {
    case 'CancellationBegun':
      return 'cancelling'
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
    /** Whether the order is on its way, as the carrier says; undefined before it was asked. */
    readonly answer: { readonly trackingId: string } | 'not shipped' | undefined
  }
}

/* decide */

/**
 * The carrier is the arbiter: what it has taken cannot be cancelled, and what it has cancelled it will not take. A
 * cancellation is recorded before the carrier is asked, so that from then on nobody asks it to ship: else an outage
 * that is given up could still end in a shipment.
 */
export const decide = ({ type, data }: ShippingCommand, state: ShippingState): readonly ShippingFact[] => {
  if (state === 'shipped' || state === 'failed') return []
  const { order, answer } = data
  if (answer === undefined) return [{ type: 'CancellationBegun', data: undefined }]
  if (answer !== 'not shipped')
    return [{ type: 'OrderShipped', data: { order, trackingId: answer.trackingId } }]
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
  state: ShippingState,
  { providers: { carrier } }: Desk,
  { givingUp }: Circumstances,
): Promise<ShippingCommand> => {
  if (state === 'cancelling') {
    const { trackingId } = await carrier.cancel({ key, attempt })
    const answer = trackingId === undefined ? 'not shipped' : { trackingId }
    return { type: 'CancelShipping', data: { order, answer } }
  }
  if (type === 'CancelShipping' || givingUp)
    return { type: 'CancelShipping', data: { order, answer: undefined } }
  const { country, units } = order
  const shipment = await carrier.ship({ key, attempt, country, units })
  return { type, data: { order, answer: 'refused' in shipment ? 'not shipped' : shipment } }
}

const isGivenUp = (state: ShippingState): boolean => state === 'cancelling'
const keep = (state: ShippingState): 'cancelling' | undefined => (state === 'cancelling' ? state : undefined)
const recall = (): ShippingState => 'cancelling'

const service = { initial: initialState, evolve, decide, prepare, isGivenUp, keep, recall }

export const shipping = obeying<ShippingStep, ShippingCommand, ShippingState, ShippingFact>(service)

/** What the shipping service has on record of an order's way. */
export const shippingStateOf = (record: ServiceRecord): ShippingState => stateOf(service, record)
