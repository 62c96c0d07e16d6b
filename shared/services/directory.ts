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
  isPatienceOver?: () => boolean,
): Promise<EventEnvelope> => {
  switch (request.type) {
    case 'CreateOrder':
    case 'CompleteOrder':
    case 'RejectOrder':
      return order(request, desk, isPatienceOver)
    case 'ReserveInventory':
    case 'ReleaseInventory':
      return inventory(request, desk, isPatienceOver)
    case 'ProcessPayment':
    case 'RefundPayment':
      return payment(request, desk, isPatienceOver)
    case 'ArrangeShipping':
    case 'CancelShipping':
      return shipping(request, desk, isPatienceOver)
    case 'NotifyCustomer':
      return notification(request, desk, isPatienceOver)
    default:
      return unreachable(request)
  }
}
