import { type Circumstances, type Desk, type Fact, obeying, type Request, stateOf } from '../idempotent.ts'
import { type Order, type OrderSummary, summaryOf } from '../order.ts'
import { patienceExhausted } from '../patience.ts'
import type { ServiceRecord } from '../records.ts'
import { unreachable } from '../unreachable.ts'

/* Events */

export type OrderFact = Fact<'OrderCreated' | 'OrderCompleted' | 'OrderRejected'>

/* State */

export type OrderState = 'unknown' | 'open' | 'completed' | 'rejected'
export const initialState: OrderState = 'unknown'

/* evolve */

export const evolve = (_state: OrderState, fact: OrderFact): OrderState => {
  switch (fact.type) {
    case 'OrderCreated':
      return 'open'
    case 'OrderCompleted':
      return 'completed'
    case 'OrderRejected':
      return 'rejected'
    default:
      return unreachable(fact)
  }
}

/* Commands */

export type OrderStep = 'CreateOrder' | 'CompleteOrder' | 'RejectOrder'
export type OrderCommand =
  | { readonly type: 'CreateOrder'; readonly data: { readonly order: Order } }
  | { readonly type: 'CompleteOrder'; readonly data: { readonly order: OrderSummary } }
  | {
      readonly type: 'RejectOrder'
      readonly data: { readonly order: OrderSummary; readonly reason: string }
    }

/* decide */

/** Only what has no recorded outcome is decided: an order that is closed stays as it is. */
export const decide = (command: OrderCommand, state: OrderState): readonly OrderFact[] => {
  if (state === 'completed' || state === 'rejected') return []
  switch (command.type) {
    case 'CreateOrder': {
      const fault = faultOf(command.data.order)
      return fault === undefined
        ? [{ type: 'OrderCreated', data: { order: command.data.order } }]
        : [{ type: 'OrderRejected', data: { order: summaryOf(command.data.order), reason: fault } }]
    }
    case 'CompleteOrder':
      return [{ type: 'OrderCompleted', data: { order: command.data.order } }]
    case 'RejectOrder':
      // A fence: recorded before there was an order, it is what CreateOrder will be answered with.
      return [{ type: 'OrderRejected', data: { order: command.data.order, reason: command.data.reason } }]
    default:
      return unreachable(command)
  }
}

/** What makes an order one that cannot be taken, if anything. */
const faultOf = ({ lines, amount }: Order): string | undefined => {
  if (lines.length === 0) return 'no lines'
  let sum = 0
  for (const { quantity, unitPrice } of lines) {
    if (quantity < 1) return 'a quantity below 1'
    if (unitPrice < 0) return 'a negative price'
    sum += quantity * unitPrice
  }
  return sum === amount ? undefined : 'an amount that is not the sum of the lines'
}

/* Patience */

/** Nobody outside is asked; an order that could not be recorded in time is rejected as if it had never come. */
const prepare = (
  request: Request<OrderStep>,
  _state: OrderState,
  _desk: Desk,
  { givingUp }: Circumstances,
): OrderCommand => {
  if (!givingUp || request.type !== 'CreateOrder') return request
  return { type: 'RejectOrder', data: { order: summaryOf(request.data.order), reason: patienceExhausted } }
}

const service = { initial: initialState, evolve, decide, prepare }

export const order = obeying<OrderStep, OrderCommand, OrderState, OrderFact>(service)

/** How far the order service thinks that an order is. */
export const orderStateOf = (record: ServiceRecord): OrderState => stateOf(service, record)
