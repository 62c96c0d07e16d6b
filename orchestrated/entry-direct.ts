import { routeOf } from './commands.ts'
import { directWorker } from './direct-worker.ts'

/* The functions that the state machine invokes itself, as the template names them. */

export const createOrder = directWorker(routeOf('CreateOrder'))
export const reserveInventory = directWorker(routeOf('ReserveInventory'))
export const processPayment = directWorker(routeOf('ProcessPayment'))
export const arrangeShipping = directWorker(routeOf('ArrangeShipping'))
export const completeOrder = directWorker(routeOf('CompleteOrder'))
export const notifyCustomer = directWorker(routeOf('NotifyCustomer'))
export const cancelShipping = directWorker(routeOf('CancelShipping'))
export const refundPayment = directWorker(routeOf('RefundPayment'))
export const releaseInventory = directWorker(routeOf('ReleaseInventory'))
export const rejectOrder = directWorker(routeOf('RejectOrder'))
