import { type Circumstances, type Desk, type Fact, obeying, type Request, stateOf } from '../idempotent.ts'
import type { EventEnvelope } from '../messages/envelope.ts'
import type { OrderSummary } from '../order.ts'
import { patienceExhausted } from '../patience.ts'
import type { ServiceRecord } from '../records.ts'
import { unreachable } from '../unreachable.ts'

/* Events */

export type PaymentFact = Fact<'PaymentProcessed' | 'PaymentDeclined' | 'PaymentRefunded'>

/* State */

export type PaymentState = 'unknown' | 'charged' | 'declined' | 'refunded'
export const initialState: PaymentState = 'unknown'

/* evolve */

export const evolve = (_state: PaymentState, fact: PaymentFact): PaymentState => {
  switch (fact.type) {
    case 'PaymentProcessed':
      return 'charged'
    case 'PaymentDeclined':
      return 'declined'
    case 'PaymentRefunded':
      return 'refunded'
    default:
      return unreachable(fact)
  }
}

/* Commands */

export type PaymentStep = 'ProcessPayment' | 'RefundPayment'
export type PaymentCommand =
  | {
      readonly type: 'ProcessPayment'
      readonly data: { readonly order: OrderSummary; readonly charged: boolean }
    }
  | {
      readonly type: 'RefundPayment'
      readonly data: { readonly order: OrderSummary; readonly reason: string }
    }

/* decide */

export const decide = (command: PaymentCommand, state: PaymentState): readonly PaymentFact[] => {
  const { order } = command.data
  switch (command.type) {
    case 'ProcessPayment':
      if (state !== 'unknown') return []
      return command.data.charged
        ? [{ type: 'PaymentProcessed', data: { order } }]
        : [{ type: 'PaymentDeclined', data: { order, reason: 'declined' } }]
    case 'RefundPayment':
      if (state === 'charged')
        return [{ type: 'PaymentRefunded', data: { order, reason: command.data.reason } }]
      // A fence: recorded before anything was charged, it is what ProcessPayment will be answered with.
      return state === 'unknown' ? [{ type: 'PaymentDeclined', data: { order, reason: 'voided' } }] : []
    default:
      return unreachable(command)
  }
}

/* The gateway */

/** The key is the order's: a charge of which nothing is known is asked for again, never assumed. */
const prepare = async (
  request: Request<PaymentStep>,
  _state: PaymentState,
  { providers }: Desk,
  { givingUp }: Circumstances,
): Promise<PaymentCommand> => {
  if (request.type === 'RefundPayment') return request
  const { order } = request.data
  if (givingUp) return { type: 'RefundPayment', data: { order, reason: patienceExhausted } }
  const { amount, currency, customerId } = order
  const { orderId: key, attempt } = request
  const { charged } = await providers.gateway.charge({ key, attempt, amount, currency, customerId })
  return { type: 'ProcessPayment', data: { order, charged } }
}

/**
 * Money goes back after the record says so and before anyone hears of it. The other way round, a payment that somebody
 * else records meanwhile would be told as processed although it was given back.
 */
const carryOut = (
  fact: EventEnvelope,
  { orderId, attempt }: Request,
  { providers }: Desk,
): Promise<unknown> | undefined => {
  const givesBack =
    fact.type === 'PaymentRefunded' || (fact.type === 'PaymentDeclined' && fact.data.reason === 'voided')
  return givesBack ? providers.gateway.refund({ key: orderId, attempt }) : undefined
}

const service = { initial: initialState, evolve, decide, prepare, carryOut }

export const payment = obeying<PaymentStep, PaymentCommand, PaymentState, PaymentFact>(service)

/** What the payment service has on record of an order's money. */
export const paymentStateOf = (record: ServiceRecord): PaymentState => stateOf(service, record)
