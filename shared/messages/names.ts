/** The five services, and the projection that only choreography needs. */
export const serviceNames = ['order', 'inventory', 'payment', 'shipping', 'notification'] as const
export type ServiceName = (typeof serviceNames)[number]

/** A command asks: imperative, one owner, may be refused. */
export const commandNames = [
  'CreateOrder',
  'ReserveInventory',
  'ProcessPayment',
  'ArrangeShipping',
  'CompleteOrder',
  'NotifyCustomer',
  'CancelShipping',
  'RefundPayment',
  'ReleaseInventory',
  'RejectOrder',
] as const
export type CommandName = (typeof commandNames)[number]

/** An event tells: past tense, any reader, a fact. */
export const eventNames = [
  'OrderCreated',
  'InventoryReserved',
  'InventoryRejected',
  'PaymentProcessed',
  'PaymentDeclined',
  'OrderShipped',
  'ShippingFailed',
  'OrderCompleted',
  'OrderRejected',
  'CustomerNotified',
  'NotificationFailed',
  'PaymentRefunded',
  'InventoryReleased',
  'OrderOverdue',
] as const
export type EventName = (typeof eventNames)[number]
export type MessageName = CommandName | EventName

const sources: Readonly<Record<ServiceName | 'view', string>> = {
  order: 'order-service',
  inventory: 'inventory-service',
  payment: 'payment-service',
  shipping: 'shipping-service',
  notification: 'notification-service',
  view: 'view-service',
}

/** The `source` of what a service publishes; the order view publishes too, where nobody is in charge. */
export const sourceOf = (owner: ServiceName | 'view'): string => sources[owner]
