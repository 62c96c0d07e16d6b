import { z } from 'zod'
import type { Order, OrderSummary } from '../order.ts'
import type { CommandName, EventName, MessageName, ServiceName } from './names.ts'

/** What the registry knows of a command: its owner obeys it and answers with one of these facts. */
interface CommandContract {
  readonly kind: 'command'
  readonly version: number
  readonly owner: ServiceName
  readonly answers: readonly EventName[]
  readonly data: z.ZodType
}

/** What the registry knows of an event: its owner alone publishes it. */
interface EventContract {
  readonly kind: 'event'
  readonly version: number
  readonly owner: ServiceName | 'view'
  readonly data: z.ZodType
}

const name = z.string().min(1)
const minorUnits = z.int()

/** Shape only: whether an order makes sense is for the order service to decide, and to refuse. */
const order: z.ZodType<Order> = z.object({
  orderId: name,
  customerId: name,
  country: z.string(),
  currency: name,
  amount: minorUnits,
  lines: z.array(z.object({ sku: name, quantity: z.int(), unitPrice: minorUnits })),
})

const summary: z.ZodType<OrderSummary> = z.object({
  orderId: name,
  customerId: name,
  country: z.string(),
  currency: name,
  amount: minorUnits,
  units: z.int(),
})

/** Name of the refusal or of the technical error that ended the way forward. */
const reason = name
const trackingId = name

/** `data.order` is the order, whole or in summary; what a message adds of its own stands beside it. */
const wholeOrder = z.object({ order })
const orderSummary = z.object({ order: summary })
const undoing = z.object({ order: summary, reason })

export const commands = {
  CreateOrder: {
    kind: 'command',
    version: 1,
    owner: 'order',
    answers: ['OrderCreated', 'OrderRejected'],
    data: wholeOrder,
  },
  ReserveInventory: {
    kind: 'command',
    version: 1,
    owner: 'inventory',
    answers: ['InventoryReserved', 'InventoryRejected'],
    data: wholeOrder,
  },
  ProcessPayment: {
    kind: 'command',
    version: 1,
    owner: 'payment',
    answers: ['PaymentProcessed', 'PaymentDeclined'],
    data: orderSummary,
  },
  ArrangeShipping: {
    kind: 'command',
    version: 1,
    owner: 'shipping',
    answers: ['OrderShipped', 'ShippingFailed'],
    data: orderSummary,
  },
  CompleteOrder: {
    kind: 'command',
    version: 1,
    owner: 'order',
    answers: ['OrderCompleted', 'OrderRejected'],
    data: orderSummary,
  },
  NotifyCustomer: {
    kind: 'command',
    version: 1,
    owner: 'notification',
    answers: ['CustomerNotified', 'NotificationFailed'],
    data: z.object({ order: summary, outcome: z.enum(['OrderCompleted', 'OrderRejected']) }),
  },
  CancelShipping: {
    kind: 'command',
    version: 1,
    owner: 'shipping',
    answers: ['ShippingFailed', 'OrderShipped'],
    data: undoing,
  },
  RefundPayment: {
    kind: 'command',
    version: 1,
    owner: 'payment',
    answers: ['PaymentRefunded', 'PaymentDeclined'],
    data: undoing,
  },
  ReleaseInventory: {
    kind: 'command',
    version: 1,
    owner: 'inventory',
    answers: ['InventoryReleased', 'InventoryRejected'],
    data: undoing,
  },
  RejectOrder: {
    kind: 'command',
    version: 1,
    owner: 'order',
    answers: ['OrderRejected', 'OrderCompleted'],
    data: undoing,
  },
} satisfies Record<CommandName, CommandContract>

export const events = {
  OrderCreated: { kind: 'event', version: 1, owner: 'order', data: wholeOrder },
  InventoryReserved: { kind: 'event', version: 1, owner: 'inventory', data: orderSummary },
  InventoryRejected: {
    kind: 'event',
    version: 1,
    owner: 'inventory',
    data: z.object({ order: summary, reason: z.enum(['out-of-stock', 'voided']) }),
  },
  PaymentProcessed: { kind: 'event', version: 1, owner: 'payment', data: orderSummary },
  PaymentDeclined: {
    kind: 'event',
    version: 1,
    owner: 'payment',
    data: z.object({ order: summary, reason: z.enum(['declined', 'voided']) }),
  },
  OrderShipped: {
    kind: 'event',
    version: 1,
    owner: 'shipping',
    data: z.object({ order: summary, trackingId }),
  },
  ShippingFailed: {
    kind: 'event',
    version: 1,
    owner: 'shipping',
    data: z.object({ order: summary, reason: z.enum(['refused', 'voided']) }),
  },
  OrderCompleted: { kind: 'event', version: 1, owner: 'order', data: orderSummary },
  OrderRejected: { kind: 'event', version: 1, owner: 'order', data: undoing },
  CustomerNotified: {
    kind: 'event',
    version: 1,
    owner: 'notification',
    data: z.object({ order: summary, outcome: z.enum(['OrderCompleted', 'OrderRejected']) }),
  },
  NotificationFailed: {
    kind: 'event',
    version: 1,
    owner: 'notification',
    data: z.object({
      order: summary,
      outcome: z.enum(['OrderCompleted', 'OrderRejected']),
      reason: z.enum(['bounced', 'given-up']),
    }),
  },
  PaymentRefunded: { kind: 'event', version: 1, owner: 'payment', data: undoing },
  InventoryReleased: { kind: 'event', version: 1, owner: 'inventory', data: undoing },
  OrderOverdue: {
    kind: 'event',
    version: 1,
    owner: 'view',
    data: z.object({ order: summary, dueAt: z.iso.datetime() }),
  },
} satisfies Record<EventName, EventContract>

/** Every message of the flow: name → schema, version, kind and owner. */
export const registry = { ...commands, ...events } satisfies Record<
  MessageName,
  CommandContract | EventContract
>

type Registry = typeof registry

/** What a message of that name carries. */
export type DataOf<Name extends MessageName> = z.output<Registry[Name]['data']>

/** Facts that can answer a command; a repeat of the command gets the first of them that was recorded. */
export const answersTo = (command: CommandName): readonly EventName[] => commands[command].answers

export const isCommandName = (name: string): name is CommandName => Object.hasOwn(commands, name)
export const isEventName = (name: string): name is EventName => Object.hasOwn(events, name)
