import type { CommandName, EventName, ServiceName } from '../shared/messages/names.ts'

/** One command of the flow: the one service that obeys it, and how it may answer. */
export interface CommandRoute {
  readonly command: CommandName
  readonly service: ServiceName
  /** The export of `entry.ts` (and of `entry-direct.ts`) that obeys it. */
  readonly handler: string
  /** Facts that answer the task with success. */
  readonly facts: readonly EventName[]
  /** Facts that answer the task with a failure of that name. */
  readonly refusals: readonly EventName[]
  /** Whether an answer may be the end of the order: OrderCompleted and OrderRejected are announced on the bus. */
  readonly announces: boolean
}

/** Which queue carries which command, and which service obeys it. */
export const commandRoutes: readonly CommandRoute[] = [
  {
    command: 'CreateOrder',
    service: 'order',
    handler: 'createOrder',
    facts: ['OrderCreated'],
    refusals: ['OrderRejected'],
    announces: true,
  },
  {
    command: 'ReserveInventory',
    service: 'inventory',
    handler: 'reserveInventory',
    facts: ['InventoryReserved'],
    refusals: ['InventoryRejected'],
    announces: false,
  },
  {
    command: 'ProcessPayment',
    service: 'payment',
    handler: 'processPayment',
    facts: ['PaymentProcessed'],
    refusals: ['PaymentDeclined'],
    announces: false,
  },
  {
    command: 'ArrangeShipping',
    service: 'shipping',
    handler: 'arrangeShipping',
    facts: ['OrderShipped'],
    refusals: ['ShippingFailed'],
    announces: false,
  },
  {
    command: 'CompleteOrder',
    service: 'order',
    handler: 'completeOrder',
    facts: ['OrderCompleted'],
    refusals: ['OrderRejected'],
    announces: true,
  },
  {
    command: 'NotifyCustomer',
    service: 'notification',
    handler: 'notifyCustomer',
    facts: ['CustomerNotified', 'NotificationFailed'],
    refusals: [],
    announces: false,
  },
  {
    command: 'CancelShipping',
    service: 'shipping',
    handler: 'cancelShipping',
    facts: ['ShippingFailed', 'OrderShipped'],
    refusals: [],
    announces: false,
  },
  {
    command: 'RefundPayment',
    service: 'payment',
    handler: 'refundPayment',
    facts: ['PaymentRefunded', 'PaymentDeclined'],
    refusals: [],
    announces: false,
  },
  {
    command: 'ReleaseInventory',
    service: 'inventory',
    handler: 'releaseInventory',
    facts: ['InventoryReleased', 'InventoryRejected'],
    refusals: [],
    announces: false,
  },
  {
    command: 'RejectOrder',
    service: 'order',
    handler: 'rejectOrder',
    facts: ['OrderRejected', 'OrderCompleted'],
    refusals: [],
    announces: true,
  },
]

export const routeOf = (command: CommandName): CommandRoute => {
  const route = commandRoutes.find((candidate) => candidate.command === command)
  if (route === undefined) throw new Error(`Expected a route for the command ${command}; there is none.`)
  return route
}
