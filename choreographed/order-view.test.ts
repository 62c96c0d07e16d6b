import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Rig, recordOf, rigOf } from '../shared/clients.testing.ts'
import { type EventEnvelope, event, type MessageFields } from '../shared/messages/envelope.ts'
import type { EventName } from '../shared/messages/names.ts'
import { anOrder, aSummary } from '../shared/orders.testing.ts'
import { viewOnAnyEvent, viewOnDeadline } from './order-view.ts'

const time = '2026-01-05T00:00:00.000Z'
const minutes = 60_000

const extras: Partial<Record<EventName, object>> = {
  OrderCreated: { order: anOrder },
  OrderShipped: { trackingId: 't' },
  ShippingFailed: { reason: 'refused' },
  PaymentRefunded: { reason: 'ShippingFailed' },
  InventoryReleased: { reason: 'ShippingFailed' },
  OrderRejected: { reason: 'ShippingFailed' },
  CustomerNotified: { outcome: 'OrderRejected' },
}
const eventOf = (type: EventName): EventEnvelope =>
  event({
    type,
    orderId: 'o-1',
    causationId: 'cause',
    time,
    data: { order: aSummary, ...extras[type] },
  } as MessageFields<EventName>)
const hear = ({ handler }: Rig, type: EventName) =>
  handler({ Records: [recordOf({ detail: eventOf(type) })] })
const viewIn = ({ table }: Rig) => table.items.get('o-1')

const way: readonly EventName[] = [
  'OrderCreated',
  'InventoryReserved',
  'PaymentProcessed',
  'ShippingFailed',
  'PaymentRefunded',
  'InventoryReleased',
  'OrderRejected',
  'CustomerNotified',
]

describe('the order view', () => {
  it('knows where an order is, and how it ended', async () => {
    const rig = rigOf(viewOnAnyEvent)
    await hear(rig, 'InventoryReserved')
    expect(viewIn(rig)).toMatchObject({ stage: 'InventoryReserved', outcome: 'open', since: time })
    await hear(rig, 'OrderRejected')
    expect(viewIn(rig)).toMatchObject({ stage: 'OrderRejected', outcome: 'rejected' })
    await hear(rig, 'CustomerNotified')
    expect(viewIn(rig)).toMatchObject({ stage: 'CustomerNotified', outcome: 'rejected' })
  })

  it('ends alike whatever the order of the events and however often they come', async () => {
    const shuffled = fc.shuffledSubarray([...way, ...way], {
      minLength: way.length,
      maxLength: way.length * 2,
    })
    const property = fc.asyncProperty(shuffled, async (heard) => {
      const rig = rigOf(viewOnAnyEvent)
      for (const type of heard) await hear(rig, type)
      const farthest = way.findLast((type) => heard.includes(type))
      expect(viewIn(rig)).toMatchObject({ stage: farthest })
    })
    await fc.assert(property, { seed: 1, numRuns: 200 })
  })

  it('sets a deadline when an order is created, and at no other event', async () => {
    const rig = rigOf(viewOnAnyEvent)
    for (const type of way) await hear(rig, type)
    expect(rig.sent).toMatchObject([{ input: { QueueUrl: 'deadlines', DelaySeconds: 900 } }])
  })
})

describe('the deadline of an order', () => {
  const message = {
    order: aSummary,
    dueAt: '2026-01-05T00:45:00.000Z',
    causeId: eventOf('OrderCreated').id,
  }
  const falls = ({ handler }: Rig) => handler({ Records: [recordOf(message)] })
  const rigAt = async (afterMs: number, rank: number): Promise<Rig> => {
    const rig = rigOf(viewOnDeadline)
    rig.table.put({ pk: 'o-1', stage: 'PaymentProcessed', rank, outcome: 'open', since: time })
    await rig.sleep(afterMs)
    return rig
  }

  it.each([
    { name: '15 minutes', afterMs: 15 * minutes, delayS: 900 },
    { name: '44 minutes', afterMs: 44 * minutes, delayS: 60 },
    { name: 'the last moment', afterMs: 45 * minutes - 1, delayS: 1 },
  ])('is set again after $name, for what is left of it', async ({ afterMs, delayS }) => {
    const rig = await rigAt(afterMs, 4)
    await falls(rig)
    expect(rig.sent).toMatchObject([
      { input: { QueueUrl: 'deadlines', DelaySeconds: delayS, MessageBody: JSON.stringify(message) } },
    ])
  })

  it('makes an order that is still open overdue, and says so in the same words when it falls again', async () => {
    const rig = await rigAt(45 * minutes, 9)
    await falls(rig)
    await falls(rig)
    expect(viewIn(rig)).toMatchObject({ overdueAt: message.dueAt, rank: 9 })
    expect(rig.sent).toMatchObject([
      { input: { Entries: [{ Source: 'view-service', DetailType: 'OrderOverdue' }] } },
      {},
    ])
    expect(rig.sent[1]).toEqual(rig.sent[0])
  })

  it.each([{ rank: 10 }, { rank: 11 }])(
    'is forgotten once the order has ended (rank $rank)',
    async ({ rank }) => {
      const rig = await rigAt(45 * minutes, rank)
      await falls(rig)
      expect(rig.sent).toEqual([])
      expect(viewIn(rig)).not.toHaveProperty('overdueAt')
    },
  )
})
