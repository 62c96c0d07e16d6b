import type { EventName } from '../shared/messages/names.ts'
import type { Order } from '../shared/order.ts'
import type { LedgerEntry } from '../shared/providers.ts'
import type { ServiceRecord } from '../shared/records.ts'
import { heldBy, type StockLine } from '../shared/services/inventory.ts'
import { notificationStateOf } from '../shared/services/notification.ts'
import { orderStateOf } from '../shared/services/order.ts'
import { paymentStateOf } from '../shared/services/payment.ts'
import { shippingStateOf } from '../shared/services/shipping.ts'
import type { ContestantResult, LawResult } from './results.ts'

/** How an order ended, one letter each so that a run's outcomes are a short string: fulfilled, rejected, stuck, inconsistent. */
export type Outcome = 'f' | 'r' | 's' | 'i'

/** The records of a service, by order id; a map is one, a table that is read as it is asked is another. */
export type Book = Pick<ReadonlyMap<string, ServiceRecord>, 'get'> & {
  keys(): Iterable<string>
}

/** What the laws read of a record: of its facts, which they are and when they were recorded, not what they say. */
export const readOfRecords = {
  pk: 'all',
  version: 'all',
  facts: { type: 'all', time: 'all' },
  holding: 'all',
} as const

/** What a run left behind, read when it is over. */
export interface Books {
  /** Every order that was submitted, in the order of the workload. */
  readonly orderIds: readonly string[]
  readonly orders: Book
  readonly inventory: Book
  readonly payment: Book
  readonly shipping: Book
  readonly notification: Book
  /** An order as it was submitted, by its place in the workload. */
  readonly orderAt: (index: number) => Pick<Order, 'lines' | 'amount'>
  readonly stockBefore: ReadonlyMap<string, number>
  readonly stockAfter: ReadonlyMap<string, number>
  readonly ledger: ReadonlyMap<string, Readonly<LedgerEntry>>
  /** The terminal facts that came out, by order: more than one type is a contradiction. */
  readonly announced: ReadonlyMap<string, ReadonlySet<string>>
}

export interface Audit {
  /** One letter an order, in the order of the workload. */
  readonly outcomes: string
  readonly laws: readonly LawResult[]
}

const examplesMax = 5

/** Business laws that hold in every style under every fault that the design promises to survive. */
export const audit = (books: Books): Audit => {
  const breaches = new Map<string, string[]>(Object.values(laws).map((law) => [law, []]))
  const breach = (law: string, example: string): void => {
    breaches.get(law)?.push(example)
  }
  const held = new Map<string, number>()
  let outcomes = ''
  for (const [index, orderId] of books.orderIds.entries()) {
    const records = recordsOf(books, orderId)
    const holds = holdsOf(records)
    outcomes += outcomeOf(books, { orderId, index, records, holds }, breach)
    if (!isInTurn(records)) breach(laws.inTurn, orderId)
    add(held, holds)
  }
  for (const orderId of strangers(books)) {
    add(held, holdsOf(recordsOf(books, orderId)))
    breach(laws.onlyWhatWasOrdered, orderId)
  }
  for (const sku of unbalancedStock(books, held)) breach(laws.stockConserved, sku)
  return {
    outcomes,
    laws: [...breaches].map(([law, examples]) => ({
      law,
      held: examples.length === 0,
      violations: examples.length,
      examples: examples.slice(0, examplesMax),
    })),
  }
}

/** How many orders ended in which way. */
export const tally = (outcomes: string): ContestantResult['outcomes'] => {
  const counts = { f: 0, r: 0, s: 0, i: 0 }
  for (const letter of outcomes) counts[letter as keyof typeof counts] += 1
  return { fulfilled: counts.f, rejected: counts.r, stuck: counts.s, inconsistent: counts.i }
}

/** The laws of a run, from those of its shards. */
export const lawsOf = (shards: readonly (readonly LawResult[])[]): LawResult[] =>
  Object.values(laws).map((law) => {
    const found = shards.flatMap((shard) => shard.filter((result) => result.law === law))
    return {
      law,
      held: found.every(({ held }) => held),
      violations: found.reduce((sum, { violations }) => sum + violations, 0),
      examples: found.flatMap(({ examples }) => examples).slice(0, examplesMax),
    }
  })

export const laws = {
  ends: 'every order ends fulfilled or rejected within the horizon',
  oneEnd: 'what is announced of an order is what is recorded of it, and never two ends',
  stockConserved: 'stock is conserved: what is gone from the shelf is held by an order',
  chargedOnce: 'a customer is charged at most once, and what the order comes to',
  paidMeansFulfilled: 'money is kept for fulfilled orders, and only for those',
  shippedMeansPaid: 'nothing ships unpaid, and every fulfilled order has shipped once',
  holdsWhatItOrdered: 'a rejected order holds no stock, and a fulfilled one what it ordered',
  inTurn: 'steps are taken in their order, and undone in reverse order before an order is rejected',
  told: 'every customer whose order has ended is told, or it is on record that this failed',
  onlyWhatWasOrdered: 'nothing is recorded, charged, shipped or held but for an order',
  recordsAgree: 'the records of payment and shipping agree with the gateway and the carrier',
} as const

type Breach = (law: string, example: string) => void

/** What each service has on record of one order. */
type Records = Readonly<
  Record<'order' | 'inventory' | 'payment' | 'shipping' | 'notification', ServiceRecord | undefined>
>

const recordsOf = (
  { orders, inventory, payment, shipping, notification }: Books,
  orderId: string,
): Records => ({
  order: orders.get(orderId),
  inventory: inventory.get(orderId),
  payment: payment.get(orderId),
  shipping: shipping.get(orderId),
  notification: notification.get(orderId),
})

interface Submitted {
  readonly orderId: string
  readonly index: number
  readonly records: Records
  readonly holds: readonly StockLine[]
}

const outcomeOf = (books: Books, submitted: Submitted, breach: Breach): Outcome => {
  const { orderId, records } = submitted
  const record = records.order
  const recorded = record === undefined ? 'unknown' : orderStateOf(record)
  const announced = books.announced.get(orderId)
  const isEnd = recorded === 'completed' || recorded === 'rejected'
  if (record === undefined || !isEnd || announced === undefined || announced.size === 0) {
    breach(laws.ends, orderId)
    if (isOvercharged(books, orderId)) breach(laws.chargedOnce, orderId)
    return 's'
  }
  if (!isTold(records)) breach(laws.told, orderId)
  const isFulfilled = recorded === 'completed'
  const terminal = isFulfilled ? 'OrderCompleted' : 'OrderRejected'
  const isOneEnd = announced.size === 1 && announced.has(terminal) && endsIn(record) === 1
  if (!isOneEnd) breach(laws.oneEnd, orderId)
  if (!areKept(books, submitted, isFulfilled, breach) || !isOneEnd) return 'i'
  return isFulfilled ? 'f' : 'r'
}

const endsIn = ({ facts }: ServiceRecord): number => {
  let ends = 0
  for (const { type } of facts) if (type !== 'OrderCreated') ends += 1
  return ends
}

const isOvercharged = ({ ledger }: Books, orderId: string): boolean => (ledger.get(orderId)?.charges ?? 0) > 1

/** Whoever was not told has still got what the order came to: a law of its own, the outcome stands. */
const isTold = ({ notification }: Records): boolean =>
  notification !== undefined && notificationStateOf(notification) !== 'unknown'

/** When it is a fact's turn: forth until a step refuses, then back. Of these each order has some, one a turn. */
const turnOf: Readonly<Record<EventName, number>> = {
  OrderCreated: 0,
  InventoryReserved: 1,
  InventoryRejected: 1,
  PaymentProcessed: 2,
  PaymentDeclined: 2,
  OrderShipped: 3,
  ShippingFailed: 3,
  PaymentRefunded: 4,
  InventoryReleased: 5,
  OrderCompleted: 6,
  OrderRejected: 6,
  CustomerNotified: 7,
  NotificationFailed: 7,
  // The view's own, which is in nobody's record.
  OrderOverdue: 8,
}

/** Whether no fact is older than one that it must come after; a law of its own, since all may end well nevertheless. */
const isInTurn = (records: Records): boolean => {
  const times: (string | undefined)[] = []
  for (const record of Object.values(records))
    for (const { type, time } of record?.facts ?? []) times[turnOf[type]] = time
  let last = ''
  for (const time of times) {
    if (time === undefined) continue
    // ISO 8601 in UTC, to the millisecond: text sorts as time does.
    if (time < last) return false
    last = time
  }
  return true
}

const noEntry: LedgerEntry = {
  charges: 0,
  charged: 0,
  refunds: 0,
  shipments: 0,
  paymentVoid: false,
  shipmentVoid: false,
}

/** Whether the laws about the parts of one ended order are kept. */
const areKept = (
  books: Books,
  { orderId, index, records, holds }: Submitted,
  isFulfilled: boolean,
  breach: Breach,
): boolean => {
  const { charges, charged, refunds, shipments } = books.ledger.get(orderId) ?? noEntry
  const kept = charges - refunds
  const { lines, amount } = books.orderAt(index)
  const { payment, shipping } = records
  const isCharged = payment !== undefined && paymentStateOf(payment) === 'charged'
  const isShipped = shipping !== undefined && shippingStateOf(shipping) === 'shipped'
  let areAllKept = true
  const hold = (law: string, isKept: boolean): void => {
    if (isKept) return
    areAllKept = false
    breach(law, orderId)
  }
  hold(laws.chargedOnce, charges <= 1 && charged === charges * amount)
  hold(laws.paidMeansFulfilled, kept === (isFulfilled ? 1 : 0))
  hold(laws.shippedMeansPaid, shipments === (isFulfilled ? 1 : 0) && shipments <= kept)
  hold(laws.holdsWhatItOrdered, isFulfilled ? isSameStock(holds, lines) : holds.length === 0)
  hold(laws.recordsAgree, isCharged === (kept === 1) && isShipped === (shipments === 1))
  return areAllKept
}

const holdsOf = ({ inventory }: Records): readonly StockLine[] =>
  inventory === undefined ? [] : heldBy(inventory)

const add = (quantities: Map<string, number>, lines: readonly StockLine[]): void => {
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity)
}

const isSameStock = (held: readonly StockLine[], ordered: readonly StockLine[]): boolean => {
  const owed = new Map<string, number>()
  add(owed, ordered)
  for (const { sku, quantity } of held) owed.set(sku, (owed.get(sku) ?? 0) - quantity)
  for (const quantity of owed.values()) if (quantity !== 0) return false
  return true
}

/** Whatever bears an id that was never submitted, a charge under a key that is no order's among them. */
const strangers = (books: Books): ReadonlySet<string> => {
  const submitted = new Set(books.orderIds)
  const found = new Set<string>()
  const { orders, inventory, payment, shipping, notification, ledger } = books
  for (const book of [orders, inventory, payment, shipping, notification, ledger])
    for (const key of book.keys()) if (!submitted.has(key)) found.add(key)
  return found
}

const unbalancedStock = ({ stockBefore, stockAfter }: Books, held: ReadonlyMap<string, number>): string[] => {
  const skus = new Set([...stockBefore.keys(), ...stockAfter.keys(), ...held.keys()])
  return [...skus].filter((sku) => {
    const before = stockBefore.get(sku) ?? Number.NaN
    const after = stockAfter.get(sku) ?? Number.NaN
    return !(after >= 0 && before - after === (held.get(sku) ?? 0))
  })
}
