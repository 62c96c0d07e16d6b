import { GetCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from 'vitest'
import { awsError } from './clients.testing.ts'
import { messageId } from './messages/envelope.ts'
import { summaryOf } from './order.ts'
import {
  anOrder,
  aSummary,
  deskOf,
  friendlyModel,
  orderOf,
  requestOf,
  steppingClock,
  unanswered,
} from './orders.testing.ts'
import { type ProviderCall, type ProviderModel, ProviderUnavailable, simulateWorld } from './providers.ts'
import { obey } from './services/directory.ts'
import { fakeTable } from './tables.testing.ts'

const process = requestOf('ProcessPayment', { order: aSummary })
const refund = requestOf('RefundPayment', { order: aSummary, reason: 'ShippingFailed' })

const startMs = steppingClock().nowMs()

const workplace = (model: Partial<ProviderModel> = {}) => {
  const calls: ProviderCall[] = []
  const table = fakeTable()
  const clock = steppingClock()
  const desk = deskOf({
    table,
    clock,
    world: simulateWorld({ ...friendlyModel, ...model }, (call) => calls.push(call)),
  })
  return { calls, table, clock, desk }
}

describe('a step', () => {
  it('is recorded as one item with the fact that answers it, caused by the message that brought it', async () => {
    const { desk, table } = workplace()
    const fact = await obey(process, desk)
    expect(fact).toMatchObject({
      type: 'PaymentProcessed',
      id: messageId('o-1', 'PaymentProcessed', process.causeId),
      causationid: process.causeId,
    })
    expect(table.items.get('o-1')).toEqual({ pk: 'o-1', version: 1, facts: [fact] })
  })

  it('that is asked for again has the same answer, to the byte, and asks nobody outside', async () => {
    const { desk, calls, clock } = workplace()
    const fact = await obey(process, desk)
    await clock.sleep(60_000)
    const again = await obey({ ...process, causeId: 'another message', attempt: 7 }, desk)
    expect(JSON.stringify(again)).toBe(JSON.stringify(fact))
    expect(calls).toHaveLength(1)
  })

  it('keeps its answer after it was undone', async () => {
    const { desk } = workplace()
    const fact = await obey(process, desk)
    expect((await obey(refund, desk)).type).toBe('PaymentRefunded')
    expect(await obey(process, desk)).toEqual(fact)
  })

  it('that comes after its fence gets what the fence recorded', async () => {
    const { desk, table } = workplace()
    const fence = await obey(refund, desk)
    expect(fence).toMatchObject({ type: 'PaymentDeclined', data: { reason: 'voided' } })
    expect(await obey(process, desk)).toEqual(fence)
    expect(table.items.get('o-1')).toMatchObject({ version: 1 })
  })

  it('that is given up after its outcome was recorded tells that outcome', async () => {
    const { desk } = workplace()
    const fact = await obey(process, desk)
    expect(await obey(process, unanswered(desk), () => true)).toEqual(fact)
  })

  it('that was given up stays given up when the outage ends: nobody asks the carrier to ship any more', async () => {
    const outages = [{ provider: 'carrier' as const, fromMs: 0, untilMs: startMs + 5_000 }]
    const { desk, clock, calls } = workplace({ outages })
    const arrange = requestOf('ArrangeShipping', { order: aSummary })
    await expect(obey(arrange, desk, () => true)).rejects.toThrow(ProviderUnavailable)
    await clock.sleep(10_000)
    expect(await obey(arrange, desk)).toMatchObject({ type: 'ShippingFailed', data: { reason: 'voided' } })
    expect(calls.map(({ operation }) => operation)).toEqual(['ship', 'cancel', 'cancel'])
  })

  it('that was given up asks the carrier once an attempt, as a cancellation of its own would', async () => {
    const outages = [{ provider: 'carrier' as const, fromMs: 0, untilMs: startMs + 60_000 }]
    const { desk, calls } = workplace({ outages })
    const arrange = requestOf('ArrangeShipping', { order: aSummary })
    for (let attempt = 1; attempt <= 3; attempt++)
      await expect(obey({ ...arrange, attempt }, desk, () => true)).rejects.toThrow(ProviderUnavailable)
    expect(calls.map(({ operation }) => operation)).toEqual(['ship', 'cancel', 'cancel', 'cancel'])
  })

  it('that meets an outage while patience lasts leaves no trace', async () => {
    const { desk, table } = workplace()
    await expect(obey(process, unanswered(desk), () => false)).rejects.toThrow(ProviderUnavailable)
    expect(table.items.size).toBe(0)
  })

  it('of 1,114 skus is reserved in twelve transactions of at most a hundred items', async () => {
    const { desk, table } = workplace()
    const order = orderOf('o-1', 1_114)
    for (const { sku } of order.lines) table.put({ pk: `sku#${sku}`, available: 2 })
    expect((await obey(requestOf('ReserveInventory', { order }), desk)).type).toBe('InventoryReserved')
    expect(table.items.get('o-1')).toMatchObject({ version: 12, holding: { held: 1_114 } })
    const undoing = { order: summaryOf(order), reason: 'PaymentDeclined' }
    expect((await obey(requestOf('ReleaseInventory', undoing), desk)).type).toBe('InventoryReleased')
    expect(table.items.get('o-1')).not.toHaveProperty('holding')
    expect([...table.items.values()].filter(({ available }) => available === 2)).toHaveLength(1_114)
  })

  it.each([
    {
      request: requestOf('CreateOrder', { order: anOrder }),
      out: 'table',
      fact: 'OrderRejected',
      reason: 'PatienceExhausted',
    },
    {
      request: requestOf('ReserveInventory', { order: anOrder }),
      out: 'table',
      fact: 'InventoryRejected',
      reason: 'voided',
    },
    { request: process, out: 'gateway', fact: 'PaymentDeclined', reason: 'voided' },
    {
      request: requestOf('ArrangeShipping', { order: aSummary }),
      out: 'carrier',
      fact: 'ShippingFailed',
      reason: 'voided',
    },
    {
      request: requestOf('NotifyCustomer', { order: aSummary, outcome: 'OrderCompleted' }),
      out: 'mailer',
      fact: 'NotificationFailed',
      reason: 'given-up',
    },
  ])('$request.type that is given up because the $out is out becomes $fact', async (row) => {
    let isThrottled = row.out === 'table'
    const table = fakeTable((command) => {
      if (!isThrottled || command instanceof GetCommand) return
      isThrottled = false
      throw awsError('ThrottlingException')
    })
    const desk = unanswered(deskOf({ table }))
    expect(await obey(row.request, desk, () => true)).toMatchObject({
      type: row.fact,
      data: { reason: row.reason },
    })
  })
})
