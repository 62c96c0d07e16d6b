import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { recordOf, rigOf } from '../shared/clients.testing.ts'
import {
  command,
  type Envelope,
  type EventEnvelope,
  event,
  type MessageFields,
} from '../shared/messages/envelope.ts'
import { type EventName, eventNames, type MessageName } from '../shared/messages/names.ts'
import { answersTo, events } from '../shared/messages/registry.ts'
import { anOrder, aSummary } from '../shared/orders.testing.ts'
import type { FunctionEntry } from '../shared/runtime.ts'
import * as entries from './entry.ts'
import { deadline, sourceOf, subscriptions } from './subscriptions.ts'

const time = '2026-01-05T00:00:00.000Z'
const startMs = Date.parse(time)
const minutes = 60_000
const functions = entries as Readonly<Record<string, FunctionEntry>>

const extras: Partial<Record<EventName, object>> = {
  OrderCreated: { order: anOrder },
  InventoryRejected: { reason: 'out-of-stock' },
  PaymentDeclined: { reason: 'declined' },
  OrderShipped: { trackingId: 't' },
  ShippingFailed: { reason: 'refused' },
  PaymentRefunded: { reason: 'ShippingFailed' },
  InventoryReleased: { reason: 'PaymentDeclined' },
  OrderRejected: { reason: 'PaymentDeclined' },
}
const eventOf = (type: EventName): EventEnvelope =>
  event({
    type,
    orderId: 'o-1',
    causationId: 'cause',
    time,
    data: { order: aSummary, ...extras[type] },
  } as MessageFields<EventName>)
const frontDoor = command({
  type: 'CreateOrder',
  source: 'shop',
  orderId: 'o-1',
  causationId: 'o-1',
  time,
  data: { order: anOrder },
})
const messageOf = (type: MessageName): Envelope =>
  type === 'CreateOrder' ? frontDoor : eventOf(type as EventName)

/** As it lies in the queue: an event is wrapped by the bus, a command is not. */
const bodyOf = (message: Envelope): unknown =>
  message.type === 'CreateOrder'
    ? message
    : { version: '0', id: 'e', 'detail-type': message.type, source: message.source, detail: message }
const batchOf = (message: Envelope, receives = 1) => ({ Records: [recordOf(bodyOf(message), receives)] })

const publishedBy = (
  sent: readonly { readonly input: Readonly<Record<string, unknown>> }[],
): EventEnvelope[] =>
  sent.flatMap(({ input }) =>
    ((input['Entries'] ?? []) as readonly { readonly Detail: string }[]).map(({ Detail }) =>
      JSON.parse(Detail),
    ),
  )

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('the subscriptions', () => {
  it('have one exported function each', () => {
    const handlers = [...subscriptions.map(({ handler }) => handler), deadline.handler]
    expect(Object.keys(entries).sort()).toEqual(handlers.sort())
  })

  it('publish nothing but what the step can come to', () => {
    for (const { step, publishes } of subscriptions) {
      for (const fact of publishes) expect(step === undefined ? [] : answersTo(step)).toContain(fact)
    }
  })

  it('let every event be published by its owner alone, and heard by the view', () => {
    for (const { listener, publishes } of subscriptions) {
      for (const fact of publishes) expect(events[fact].owner).toBe(listener)
    }
    const view = subscriptions.find(({ listener }) => listener === 'view')
    expect([...(view?.on ?? []), 'OrderOverdue'].sort()).toEqual([...eventNames].sort())
  })
})

describe.each(subscriptions.filter(({ listener }) => listener !== 'view'))('$handler', (subscription) => {
  const [on = 'CreateOrder'] = subscription.on
  const entry = functions[subscription.handler] as FunctionEntry
  const heard = messageOf(on)

  it('does its step and publishes what came of it, caused by what it heard', async () => {
    const { handler, sent, table } = rigOf(entry)
    for (const item of anOrder.lines) table.put({ pk: `sku#${item.sku}`, available: 9 })
    expect(await handler(batchOf(heard))).toEqual({ batchItemFailures: [] })
    const [fact, ...others] = publishedBy(sent)
    expect(others).toEqual([])
    expect(answersTo(subscription.step ?? 'CreateOrder')).toContain(fact?.type)
    expect(fact).toMatchObject({
      causationid: heard.id,
      subject: 'o-1',
      source: sourceOf(subscription.listener),
    })
  })

  it('publishes the same again, to the byte, when it hears it again', async () => {
    const { handler, sent, sleep } = rigOf(entry)
    await handler(batchOf(heard))
    await sleep(1_000)
    await handler(batchOf(heard, 2))
    expect(sent).toHaveLength(2)
    expect(sent[1]).toEqual(sent[0])
  })

  it('hears nothing else', async () => {
    const { handler, sent } = rigOf(entry)
    const other = eventOf(on === 'OrderCompleted' ? 'OrderCreated' : 'OrderCompleted')
    expect(await handler(batchOf(other))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] })
    expect(sent).toEqual([])
  })

  it('fails the message when the bus takes nothing, and hides it until the next attempt', async () => {
    const { handler, sent } = rigOf(entry, { answer: () => ({ FailedEntryCount: 1 }) })
    expect(await handler(batchOf(heard))).toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] })
    expect(sent.map(({ command: name }) => name)).toEqual([
      'PutEventsCommand',
      'ChangeMessageVisibilityCommand',
    ])
  })
})

describe('an outage', () => {
  const down = (provider: 'gateway' | 'carrier' | 'mailer') => ({
    outages: [{ provider, fromMs: startMs, untilMs: startMs + 35 * minutes }],
  })

  it.each([
    { receives: 1, boundS: 1 },
    { receives: 4, boundS: 8 },
    { receives: 50, boundS: 60 },
  ])('on receive $receives hides the message for at most $boundS s', async ({ receives, boundS }) => {
    const { handler, sent } = rigOf(entries.paymentOnInventoryReserved, { model: down('gateway') })
    expect(await handler(batchOf(eventOf('InventoryReserved'), receives))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm-1' }],
    })
    expect(sent[0]?.input).toMatchObject({ QueueUrl: 'queue', ReceiptHandle: 'handle of m-1' })
    expect(sent[0]?.input['VisibilityTimeout']).toBeLessThanOrEqual(boundS)
    expect(Number.isInteger(sent[0]?.input['VisibilityTimeout'])).toBe(true)
  })

  it.each([
    {
      entry: entries.notificationOnOrderCompleted,
      on: 'OrderCompleted',
      provider: 'mailer',
      fact: 'NotificationFailed',
    },
    {
      entry: entries.notificationOnOrderRejected,
      on: 'OrderRejected',
      provider: 'mailer',
      fact: 'NotificationFailed',
    },
  ] as const)('that outlasts patience settles $on for $fact', async ({ entry, on, provider, fact }) => {
    const { handler, sent, sleep } = rigOf(entry, { model: down(provider) })
    await sleep(30 * minutes)
    await handler(batchOf(eventOf(on)))
    expect(publishedBy(sent)).toMatchObject([{ type: fact, data: { reason: 'given-up' } }])
  })

  it.each([
    {
      entry: entries.paymentOnInventoryReserved,
      on: 'InventoryReserved',
      provider: 'gateway',
      fact: 'PaymentDeclined',
    },
    {
      entry: entries.shippingOnPaymentProcessed,
      on: 'PaymentProcessed',
      provider: 'carrier',
      fact: 'ShippingFailed',
    },
  ] as const)(
    'that outlasts patience becomes $fact once the fence of $on has reached the provider',
    async (row) => {
      const { handler, sent, sleep } = rigOf(row.entry, {
        model: {
          outages: [{ provider: row.provider, fromMs: startMs, untilMs: startMs + 30 * minutes + 500 }],
        },
      })
      await sleep(30 * minutes)
      await handler(batchOf(eventOf(row.on)))
      expect(publishedBy(sent)).toMatchObject([{ type: row.fact, data: { reason: 'voided' } }])
    },
  )

  it('never ends a compensation', async () => {
    const { handler, sent, sleep } = rigOf(entries.paymentOnShippingFailed, { model: down('gateway') })
    await sleep(32 * minutes)
    await handler(batchOf(eventOf('ShippingFailed')))
    expect(publishedBy(sent)).toEqual([])
    expect(sent).toMatchObject([{ command: 'ChangeMessageVisibilityCommand' }])
  })
})
