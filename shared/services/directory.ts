import type { Desk, Request } from '../idempotent.ts'
import type { EventEnvelope } from '../messages/envelope.ts'
import { unreachable } from '../unreachable.ts'
import { inventory } from './inventory.ts'
import { notification } from './notification.ts'
import { order } from './order.ts'
import { payment } from './payment.ts'
import { shipping } from './shipping.ts'

/** Gives a request to the one service that obeys it; the only way into a service, in every style. */
export const obey = (
  request: Request,
  desk: Desk,
  manner: 'trying' | 'giving up' = 'trying',
): Promise<EventEnvelope> => {
  switch (request.type) {
    case 'CreateOrder':
    case 'CompleteOrder':
    case 'RejectOrder':
      return order(request, desk, manner)
    case 'ReserveInventory':
    case 'ReleaseInventory':
      return inventory(request, desk, manner)
    case 'ProcessPayment':
    case 'RefundPayment':
      return payment(request, desk, manner)
    case 'ArrangeShipping':
    case 'CancelShipping':
      return shipping(request, desk, manner)
    case 'NotifyCustomer':
      return notification(request, desk, manner)
    default:
      return unreachable(request)
  }
}
