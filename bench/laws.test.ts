import { describe, expect, it } from 'vitest'
import type { EventName } from '../shared/messages/names.ts'
import type { LedgerEntry } from '../shared/providers.ts'
import type { ServiceRecord } from '../shared/records.ts'
import { audit, type Books, laws } from './laws.ts'

const lines = [
  { sku: 'a', quantity: 2, unitPrice: 5 },
  { sku: 'a', quantity: 1, unitPrice: 6 },
]

/** When each fact is recorded of an order that goes as it should. */
const seconds: Readonly<Partial<Record<EventName, string>>> = {
  OrderCreated: '00.000',
  InventoryReserved: '01.000',
  InventoryRejected: '01.000',
  PaymentProcessed: '02.000',
  PaymentDeclined: '02.000',
  OrderShipped: '03.000',
  ShippingFailed: '03.000',
  PaymentRefunded: '04.000',
  InventoryReleased: '05.000',
  OrderCompleted: '06.000',
  OrderRejected: '06.000',
  CustomerNotified: '07.000',
  NotificationFailed: '07.000',
}
const timeOf = (second: string | undefined): string => `2026-01-01T00:00:${second}Z`

/** A record with facts of these types; of them the laws read when they were recorded, and nothing else. */
const record = (pk: string, types: readonly EventName[], holding?: unknown): ServiceRecord => ({
  pk,
  version: types.length,
  facts: types.map((type) => ({
    type,
    time: timeOf(seconds[type]),
  })) as unknown as ServiceRecord['facts'],
  ...(holding === undefined ? {} : { holding }),
})
/** The same record, with all its facts recorded at another time. */
const at = (second: string, { facts, ...rest }: ServiceRecord): ServiceRecord => ({
  ...rest,
  facts: facts.map((fact) => ({ ...fact, time: timeOf(second) })),
})
const of = (...records: readonly ServiceRecord[]): ReadonlyMap<string, ServiceRecord> =>
  new Map(records.map((each) => [each.pk, each]))
const held = { lines: [{ sku: 'a', quantity: 3 }], held: 1 }
const paid: LedgerEntry = {
  charges: 1,
  charged: 16,
  refunds: 0,
  shipments: 1,
  paymentVoid: false,
  shipmentVoid: false,
}
const returned: LedgerEntry = { ...paid, refunds: 1, shipments: 0 }

/** One order fulfilled, one rejected after its payment was refunded; nothing wrong. */
const sound = {
  orderIds: ['good', 'bad'],
  orders: of(
    record('good', ['OrderCreated', 'OrderCompleted']),
    record('bad', ['OrderCreated', 'OrderRejected']),
  ),
  inventory: of(
    record('good', ['InventoryReserved'], held),
    record('bad', ['InventoryReserved', 'InventoryReleased']),
  ),
  payment: of(record('good', ['PaymentProcessed']), record('bad', ['PaymentProcessed', 'PaymentRefunded'])),
  shipping: of(record('good', ['OrderShipped']), record('bad', ['ShippingFailed'])),
  notification: of(record('good', ['CustomerNotified']), record('bad', ['NotificationFailed'])),
  orderAt: () => ({ lines, amount: 16 }),
  stockBefore: new Map([['a', 10]]),
  stockAfter: new Map([['a', 7]]),
  ledger: new Map([
    ['good', paid],
    ['bad', returned],
  ]),
  announced: new Map([
    ['good', new Set(['OrderCompleted'])],
    ['bad', new Set(['OrderRejected'])],
  ]),
}

const broken = (books: Books): readonly string[] =>
  audit(books)
    .laws.filter((law) => !law.held)
    .map((law) => law.law)

describe('an audit', () => {
  it('finds nothing wrong with sound books, and tells how each order ended', () => {
    expect(broken(sound)).toEqual([])
    expect(audit(sound).outcomes).toBe('fr')
  })

  const good = (entry: Partial<LedgerEntry>): Books['ledger'] =>
    new Map([...sound.ledger, ['good', { ...paid, ...entry }]])
  const cases: readonly { name: string; books: Books; breaks: readonly string[]; outcomes: string }[] = [
    {
      name: 'an order that nobody recorded',
      books: {
        ...sound,
        orders: of(record('bad', ['OrderRejected'])),
        announced: new Map([['bad', new Set(['OrderRejected'])]]),
      },
      breaks: [laws.ends],
      outcomes: 'sr',
    },
    {
      name: 'an end that was recorded and never announced',
      books: { ...sound, announced: new Map([['bad', new Set(['OrderRejected'])]]) },
      breaks: [laws.ends],
      outcomes: 'sr',
    },
    {
      name: 'two ends announced',
      books: {
        ...sound,
        announced: new Map([...sound.announced, ['good', new Set(['OrderCompleted', 'OrderRejected'])]]),
      },
      breaks: [laws.oneEnd],
      outcomes: 'ir',
    },
    {
      name: 'the other end announced',
      books: { ...sound, announced: new Map([...sound.announced, ['good', new Set(['OrderRejected'])]]) },
      breaks: [laws.oneEnd],
      outcomes: 'ir',
    },
    {
      name: 'a piece that left the shelf and went nowhere',
      books: { ...sound, stockAfter: new Map([['a', 6]]) },
      breaks: [laws.stockConserved],
      outcomes: 'fr',
    },
    {
      name: 'more sold than there was',
      books: {
        ...sound,
        stockBefore: new Map([['a', 2]]),
        stockAfter: new Map([['a', -1]]),
      },
      breaks: [laws.stockConserved],
      outcomes: 'fr',
    },
    {
      name: 'a sku that is gone from the books',
      books: { ...sound, stockAfter: new Map() },
      breaks: [laws.stockConserved],
      outcomes: 'fr',
    },
    {
      name: 'a customer charged twice',
      books: { ...sound, ledger: good({ charges: 2, charged: 32 }) },
      breaks: [laws.chargedOnce, laws.paidMeansFulfilled, laws.recordsAgree],
      outcomes: 'ir',
    },
    {
      name: 'a customer charged twice and given one back',
      books: { ...sound, ledger: good({ charges: 2, refunds: 1 }) },
      breaks: [laws.chargedOnce],
      outcomes: 'ir',
    },
    {
      name: 'a customer charged more than the order comes to',
      books: { ...sound, ledger: good({ charged: 160 }) },
      breaks: [laws.chargedOnce],
      outcomes: 'ir',
    },
    {
      name: 'a rejected order that was never refunded',
      books: { ...sound, ledger: new Map([...sound.ledger, ['bad', { ...returned, refunds: 0 }]]) },
      breaks: [laws.paidMeansFulfilled, laws.recordsAgree],
      outcomes: 'fi',
    },
    {
      name: 'a parcel for a rejected order',
      books: { ...sound, ledger: new Map([...sound.ledger, ['bad', { ...returned, shipments: 1 }]]) },
      breaks: [laws.shippedMeansPaid, laws.recordsAgree],
      outcomes: 'fi',
    },
    {
      name: 'a fulfilled order that never shipped',
      books: { ...sound, ledger: good({ shipments: 0 }) },
      breaks: [laws.shippedMeansPaid, laws.recordsAgree],
      outcomes: 'ir',
    },
    {
      name: 'a rejected order that holds stock',
      books: {
        ...sound,
        inventory: of(
          record('good', ['InventoryReserved'], held),
          record('bad', ['InventoryReserved'], held),
        ),
        stockAfter: new Map([['a', 4]]),
      },
      breaks: [laws.holdsWhatItOrdered],
      outcomes: 'fi',
    },
    {
      name: 'a fulfilled order that holds less than it ordered',
      books: {
        ...sound,
        inventory: of(
          record('good', ['InventoryReserved'], { lines: [{ sku: 'a', quantity: 2 }], held: 1 }),
          record('bad', ['InventoryReserved', 'InventoryReleased']),
        ),
        stockAfter: new Map([['a', 8]]),
      },
      breaks: [laws.holdsWhatItOrdered],
      outcomes: 'ir',
    },
    {
      name: 'two ends on record',
      books: {
        ...sound,
        orders: of(
          record('good', ['OrderCreated', 'OrderRejected', 'OrderCompleted']),
          record('bad', ['OrderCreated', 'OrderRejected']),
        ),
      },
      breaks: [laws.oneEnd],
      outcomes: 'ir',
    },
    {
      name: 'a customer who was never told',
      books: { ...sound, notification: of(record('good', ['CustomerNotified'])) },
      breaks: [laws.told],
      outcomes: 'fr',
    },
    {
      name: 'a charge under a key that is no order',
      books: { ...sound, ledger: new Map([...sound.ledger, ['good#2', paid]]) },
      breaks: [laws.onlyWhatWasOrdered],
      outcomes: 'fr',
    },
    {
      name: 'stock held for nobody',
      books: {
        ...sound,
        inventory: new Map([...sound.inventory, ['ghost', record('ghost', ['InventoryReserved'])]]),
      },
      breaks: [laws.onlyWhatWasOrdered],
      outcomes: 'fr',
    },
    {
      name: 'a sku from nowhere',
      books: { ...sound, stockAfter: new Map([...sound.stockAfter, ['b', 4]]) },
      breaks: [laws.stockConserved],
      outcomes: 'fr',
    },
    {
      name: 'a stuck order that was charged twice',
      books: {
        ...sound,
        announced: new Map([['bad', new Set(['OrderRejected'])]]),
        ledger: good({ charges: 2 }),
      },
      breaks: [laws.ends, laws.chargedOnce],
      outcomes: 'sr',
    },
    {
      name: 'stock that was given back before the money was',
      books: {
        ...sound,
        payment: of(record('good', ['PaymentProcessed']), at('05.001', record('bad', ['PaymentRefunded']))),
      },
      breaks: [laws.inTurn],
      outcomes: 'fr',
    },
    {
      name: 'money that was given back before the shipment was off',
      books: {
        ...sound,
        shipping: of(record('good', ['OrderShipped']), at('04.001', record('bad', ['ShippingFailed']))),
      },
      breaks: [laws.inTurn],
      outcomes: 'fr',
    },
    {
      name: 'an order that was rejected before it was undone',
      books: {
        ...sound,
        orders: of(
          record('good', ['OrderCreated', 'OrderCompleted']),
          at('04.999', record('bad', ['OrderRejected'])),
        ),
      },
      breaks: [laws.inTurn],
      outcomes: 'fr',
    },
    {
      name: 'a parcel that left before it was paid',
      books: {
        ...sound,
        shipping: of(at('01.999', record('good', ['OrderShipped'])), record('bad', ['ShippingFailed'])),
      },
      breaks: [laws.inTurn],
      outcomes: 'fr',
    },
    {
      name: 'a stuck order whose stock was given back before the money was',
      books: {
        ...sound,
        announced: new Map([['good', new Set(['OrderCompleted'])]]),
        payment: of(record('good', ['PaymentProcessed']), at('05.001', record('bad', ['PaymentRefunded']))),
      },
      breaks: [laws.ends, laws.inTurn],
      outcomes: 'fs',
    },
    {
      name: 'a payment record that the gateway contradicts',
      books: {
        ...sound,
        payment: of(
          record('good', ['PaymentDeclined']),
          record('bad', ['PaymentProcessed', 'PaymentRefunded']),
        ),
      },
      breaks: [laws.recordsAgree],
      outcomes: 'ir',
    },
  ]
  it.each(cases)('notices $name', ({ books, breaks, outcomes }) => {
    expect(broken(books)).toEqual(Object.values(laws).filter((law) => breaks.includes(law)))
    expect(audit(books).outcomes).toBe(outcomes)
  })

  it('takes no offence at two steps of the same millisecond', () => {
    const orders = of(
      record('good', ['OrderCreated', 'OrderCompleted']),
      at('05.000', record('bad', ['OrderRejected'])),
    )
    expect(broken({ ...sound, orders })).toEqual([])
  })

  it('names at most five examples and counts them all', () => {
    const orderIds = Array.from({ length: 9 }, (_, index) => `lost-${index}`)
    const [ends] = audit({ ...sound, orderIds: [...sound.orderIds, ...orderIds] }).laws
    expect(ends).toEqual({ law: laws.ends, held: false, violations: 9, examples: orderIds.slice(0, 5) })
  })
})
