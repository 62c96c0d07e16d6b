import { type Circumstances, type Desk, type Fact, obeying, type Request, stateOf } from '../idempotent.ts'
import type { OrderSummary } from '../order.ts'
import type { ServiceRecord } from '../records.ts'
import { unreachable } from '../unreachable.ts'

/* Events */

export type NotificationFact = Fact<'CustomerNotified' | 'NotificationFailed'>

/* State */

export type NotificationState = 'unknown' | 'notified' | 'failed'
export const initialState: NotificationState = 'unknown'

/* evolve */

export const evolve = (_state: NotificationState, fact: NotificationFact): NotificationState => {
  switch (fact.type) {
    case 'CustomerNotified':
      return 'notified'
    case 'NotificationFailed':
      return 'failed'
    default:
      return unreachable(fact)
  }
}

/* Commands */

export interface NotificationCommand {
  readonly type: 'NotifyCustomer'
  readonly data: {
    readonly order: OrderSummary
    readonly outcome: 'OrderCompleted' | 'OrderRejected'
    readonly mail: 'delivered' | 'bounced' | 'given-up'
  }
}

/* decide */

/** A customer who cannot be told is a fact like any other: it undoes nothing. */
export const decide = (
  { data: { order, outcome, mail } }: NotificationCommand,
  state: NotificationState,
): readonly NotificationFact[] => {
  if (state !== 'unknown') return []
  switch (mail) {
    case 'delivered':
      return [{ type: 'CustomerNotified', data: { order, outcome } }]
    case 'bounced':
    case 'given-up':
      return [{ type: 'NotificationFailed', data: { order, outcome, reason: mail } }]
    default:
      return unreachable(mail)
  }
}

/* The mailer */

const prepare = async (
  { type, orderId: key, data: { order, outcome }, attempt }: Request<'NotifyCustomer'>,
  _state: NotificationState,
  { providers }: Desk,
  { givingUp }: Circumstances,
): Promise<NotificationCommand> => {
  if (givingUp) return { type, data: { order, outcome, mail: 'given-up' } }
  const template = outcome === 'OrderCompleted' ? 'completed' : 'rejected'
  const { customerId } = order
  const { delivered } = await providers.mailer.send({ key, attempt, customerId, template })
  return { type, data: { order, outcome, mail: delivered ? 'delivered' : 'bounced' } }
}

const service = { initial: initialState, evolve, decide, prepare }

export const notification = obeying<
  'NotifyCustomer',
  NotificationCommand,
  NotificationState,
  NotificationFact
>(service)

/** Whether the customer was told. */
export const notificationStateOf = (record: ServiceRecord): NotificationState => stateOf(service, record)
