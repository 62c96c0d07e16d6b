import { type CommandName, type EventName, type ServiceName, sourceOf } from '../shared/messages/names.ts'

/** One listener: a service, what it listens to, and what it publishes then. Rule → queue → function. */
export interface Subscription {
  readonly listener: ServiceName | 'view'
  /** The event listened to. `CreateOrder` is the front door: a command, sent straight to the queue. */
  readonly on: readonly (EventName | 'CreateOrder')[]
  /** The command that the service gives itself on hearing it; the step is the same as in the other style. */
  readonly step?: CommandName
  /** The export of `entry.ts` that reacts; the queue, rule and function are named after it. */
  readonly handler: string
  readonly publishes: readonly EventName[]
}

/** Who publishes which event: the `source` of a rule's pattern. */
export { sourceOf }

/** The whole flow on one page: who listens to which event. */
export const subscriptions: readonly Subscription[] = [
  {
    listener: 'order',
    on: ['CreateOrder'],
    step: 'CreateOrder',
    handler: 'orderOnCreateOrder',
    publishes: ['OrderCreated', 'OrderRejected'],
  },
  {
    listener: 'inventory',
    on: ['OrderCreated'],
    step: 'ReserveInventory',
    handler: 'inventoryOnOrderCreated',
    publishes: ['InventoryReserved', 'InventoryRejected'],
  },
  {
    listener: 'payment',
    on: ['InventoryReserved'],
    step: 'ProcessPayment',
    handler: 'paymentOnInventoryReserved',
    publishes: ['PaymentProcessed', 'PaymentDeclined'],
  },
  {
    listener: 'shipping',
    on: ['PaymentProcessed'],
    step: 'ArrangeShipping',
    handler: 'shippingOnPaymentProcessed',
    publishes: ['OrderShipped', 'ShippingFailed'],
  },
  {
    listener: 'order',
    on: ['OrderShipped'],
    step: 'CompleteOrder',
    handler: 'orderOnOrderShipped',
    publishes: ['OrderCompleted'],
  },
  {
    listener: 'notification',
    on: ['OrderCompleted'],
    step: 'NotifyCustomer',
    handler: 'notificationOnOrderCompleted',
    publishes: ['CustomerNotified', 'NotificationFailed'],
  },
  {
    listener: 'notification',
    on: ['OrderRejected'],
    step: 'NotifyCustomer',
    handler: 'notificationOnOrderRejected',
    publishes: ['CustomerNotified', 'NotificationFailed'],
  },
  {
    listener: 'payment',
    on: ['ShippingFailed'],
    step: 'RefundPayment',
    handler: 'paymentOnShippingFailed',
    publishes: ['PaymentRefunded'],
  },
  {
    listener: 'inventory',
    on: ['PaymentRefunded'],
    step: 'ReleaseInventory',
    handler: 'inventoryOnPaymentRefunded',
    publishes: ['InventoryReleased'],
  },
  {
    listener: 'inventory',
    on: ['PaymentDeclined'],
    step: 'ReleaseInventory',
    handler: 'inventoryOnPaymentDeclined',
    publishes: ['InventoryReleased'],
  },
  {
    listener: 'order',
    on: ['InventoryRejected'],
    step: 'RejectOrder',
    handler: 'orderOnInventoryRejected',
    publishes: ['OrderRejected'],
  },
  {
    listener: 'order',
    on: ['InventoryReleased'],
    step: 'RejectOrder',
    handler: 'orderOnInventoryReleased',
    publishes: ['OrderRejected'],
  },
  {
    listener: 'view',
    on: [
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
    ],
    handler: 'viewOnAnyEvent',
    publishes: [],
  },
]

/** The view's deadline: a delayed message to itself (an order past it becomes OrderOverdue). */
export const deadline = {
  handler: 'viewOnDeadline',
  publishes: ['OrderOverdue'] as const satisfies readonly EventName[],
}
