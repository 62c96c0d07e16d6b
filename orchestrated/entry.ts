import { routeOf } from './commands.ts'
import { worker } from './worker.ts'

/* The functions behind the queues, as the template names them. */

export const createOrder = worker(routeOf('CreateOrder'))
export const reserveInventory = worker(routeOf('ReserveInventory'))
export const processPayment = worker(routeOf('ProcessPayment'))
export const arrangeShipping = worker(routeOf('ArrangeShipping'))
export const completeOrder = worker(routeOf('CompleteOrder'))
export const notifyCustomer = worker(routeOf('NotifyCustomer'))
export const cancelShipping = worker(routeOf('CancelShipping'))
export const refundPayment = worker(routeOf('RefundPayment'))
export const releaseInventory = worker(routeOf('ReleaseInventory'))
export const rejectOrder = worker(routeOf('RejectOrder'))
