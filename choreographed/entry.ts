import { viewOnAnyEvent, viewOnDeadline } from './order-view.ts'
import { inventoryOnOrderCreated } from './reactions/inventory-on-order-created.ts'
import { inventoryOnPaymentDeclined } from './reactions/inventory-on-payment-declined.ts'
import { inventoryOnPaymentRefunded } from './reactions/inventory-on-payment-refunded.ts'
import { notificationOnOrderCompleted } from './reactions/notification-on-order-completed.ts'
import { notificationOnOrderRejected } from './reactions/notification-on-order-rejected.ts'
import { orderOnCreateOrder } from './reactions/order-on-create-order.ts'
import { orderOnInventoryRejected } from './reactions/order-on-inventory-rejected.ts'
import { orderOnInventoryReleased } from './reactions/order-on-inventory-released.ts'
import { orderOnOrderShipped } from './reactions/order-on-order-shipped.ts'
import { paymentOnInventoryReserved } from './reactions/payment-on-inventory-reserved.ts'
import { paymentOnShippingFailed } from './reactions/payment-on-shipping-failed.ts'
import { shippingOnPaymentProcessed } from './reactions/shipping-on-payment-processed.ts'

/* The functions behind the queues, as the template names them. */
export {
  inventoryOnOrderCreated,
  inventoryOnPaymentDeclined,
  inventoryOnPaymentRefunded,
  notificationOnOrderCompleted,
  notificationOnOrderRejected,
  orderOnCreateOrder,
  orderOnInventoryRejected,
  orderOnInventoryReleased,
  orderOnOrderShipped,
  paymentOnInventoryReserved,
  paymentOnShippingFailed,
  shippingOnPaymentProcessed,
  viewOnAnyEvent,
  viewOnDeadline,
}
