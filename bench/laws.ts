import type { Order } from '../shared/order.ts'
import type { LedgerEntry } from '../shared/providers.ts'
import type { ServiceRecord } from '../shared/records.ts'
import { heldBy } from '../shared/services/inventory.ts'
import { notificationStateOf } from '../shared/services/notification.ts'
import { orderStateOf } from '../shared/services/order.ts'
import { paymentStateOf } from '../shared/services/payment.ts'
import { shippingStateOf } from '../shared/services/shipping.ts'
import type { LawResult } from './results.ts'

/** How an order ended, one letter each so that a run's outcomes are a short string: fulfilled, rejected, stuck, inconsistent. */
export type Outcome = 'f' | 'r' | 's' | 'i'

/** The records of a service, by order id; a map is one, a table that is read as it is asked is another. */
export type Book = Pick<ReadonlyMap<string, ServiceRecord>, 'get'> & {
  keys(): Iterable<string>
}

/** What a run left behind, read when it is over. */
export interface Books {
  /** Every order that was submitted, in the order of the workload. */
  readonly orderIds: readonly string[]
  readonly orders: Book
  readonly inventory: Book
  readonly payment: Book
  readonly shipping: Book
  readonly notification: Book
  /** An order as it was submitted. */
  readonly orderOf: (orderId: string) => Pick<Order, 'lines' | 'amount'>
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
  let outcomes = ''
  for (const orderId of books.orderIds) outcomes += outcomeOf(books, orderId, breach)
  for (const sku of unbalancedStock(books)) breach(laws.stockConserved, sku)
  for (const orderId of strangers(books)) breach(laws.onlyWhatWasOrdered, orderId)
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
  told: 'every customer whose order has ended is told, or it is on record that this failed',
  onlyWhatWasOrdered: 'nothing is recorded, charged, shipped or held but for an order',
  recordsAgree: 'the records of payment and shipping agree with the gateway and the carrier',
} as const

const outcomeOf = (
  books: Books,
  orderId: string,
  breach: (law: string, example: string) => void,
): Outcome => {
  const record = books.orders.get(orderId)
  const recorded = record === undefined ? 'unknown' : orderStateOf(record)
  const announced = books.announced.get(orderId) ?? new Set<string>()
  const isEnd = recorded === 'completed' || recorded === 'rejected'
  if (!isEnd || announced.size === 0) {
    breach(laws.ends, orderId)
    if (isOvercharged(books, orderId)) breach(laws.chargedOnce, orderId)
    return 's'
  }
  if (!isTold(books, orderId)) breach(laws.told, orderId)
  const broken = brokenBy(books, orderId, recorded === 'completed')
  const terminal = recorded === 'completed' ? 'OrderCompleted' : 'OrderRejected'
  const ends = (record?.facts ?? []).filter((fact) => fact.type !== 'OrderCreated')
  if (announced.size > 1 || !announced.has(terminal) || ends.length > 1) broken.push(laws.oneEnd)
  for (const law of broken) breach(law, orderId)
  if (broken.length > 0) return 'i'
  return recorded === 'completed' ? 'f' : 'r'
}

const isOvercharged = ({ ledger }: Books, orderId: string): boolean => (ledger.get(orderId)?.charges ?? 0) > 1

/** Whoever was not told has still got what the order came to: a law of its own, the outcome stands. */
const isTold = ({ notification }: Books, orderId: string): boolean => {
  const record = notification.get(orderId)
  return record !== undefined && notificationStateOf(record) !== 'unknown'
}

const noEntry: LedgerEntry = {
  charges: 0,
  charged: 0,
  refunds: 0,
  shipments: 0,
  paymentVoid: false,
  shipmentVoid: false,
}

/** Laws about the parts of one ended order. */
const brokenBy = (books: Books, orderId: string, isFulfilled: boolean): string[] => {
  const ledger = books.ledger.get(orderId) ?? noEntry
  const kept = ledger.charges - ledger.refunds
  const inventory = books.inventory.get(orderId)
  const holds = inventory === undefined ? [] : heldBy(inventory)
  const ordered = isFulfilled ? books.orderOf(orderId).lines : []
  const payment = books.payment.get(orderId)
  const shipping = books.shipping.get(orderId)
  const isCharged = payment !== undefined && paymentStateOf(payment) === 'charged'
  const isShipped = shipping !== undefined && shippingStateOf(shipping) === 'shipped'
  const held: readonly (readonly [string, boolean])[] = [
    [
      laws.chargedOnce,
      ledger.charges <= 1 && ledger.charged === ledger.charges * books.orderOf(orderId).amount,
    ],
    [laws.paidMeansFulfilled, kept === (isFulfilled ? 1 : 0)],
    [laws.shippedMeansPaid, ledger.shipments === (isFulfilled ? 1 : 0) && ledger.shipments <= kept],
    [laws.holdsWhatItOrdered, sameStock(holds, ordered)],
    [laws.recordsAgree, isCharged === (kept === 1) && isShipped === (ledger.shipments === 1)],
  ]
  return held.flatMap(([law, isHeld]) => (isHeld ? [] : [law]))
}

interface Pieces {
  readonly sku: string
  readonly quantity: number
}

const bySku = (lines: readonly Pieces[]): ReadonlyMap<string, number> => {
  const quantities = new Map<string, number>()
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity)
  return quantities
}

const sameStock = (held: readonly Pieces[], ordered: readonly Pieces[]): boolean => {
  const [a, b] = [bySku(held), bySku(ordered)]
  return a.size === b.size && [...a].every(([sku, quantity]) => b.get(sku) === quantity)
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

const unbalancedStock = ({ stockBefore, stockAfter, inventory }: Books): string[] => {
  const held = new Map<string, number>()
  for (const key of inventory.keys()) {
    const record = inventory.get(key)
    for (const { sku, quantity } of record === undefined ? [] : heldBy(record))
      held.set(sku, (held.get(sku) ?? 0) + quantity)
  }
  const skus = new Set([...stockBefore.keys(), ...stockAfter.keys(), ...held.keys()])
  return [...skus].filter((sku) => {
    const before = stockBefore.get(sku) ?? Number.NaN
    const after = stockAfter.get(sku) ?? Number.NaN
    return !(after >= 0 && before - after === (held.get(sku) ?? 0))
  })
}
