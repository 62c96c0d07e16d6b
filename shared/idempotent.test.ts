import { describe, expect, it } from 'vitest'
import { messageId } from './messages/envelope.ts'
import { anOrder, aSummary, deskOf, friendlyModel, requestOf, steppingClock } from './orders.testing.ts'
import { type ProviderCall, simulateWorld } from './providers.ts'
import { obey } from './services/directory.ts'
import { fakeTable } from './tables.testing.ts'

const process = requestOf('ProcessPayment', { order: aSummary })
const refund = requestOf('RefundPayment', { order: aSummary, reason: 'ShippingFailed' })

const workplace = () => {
  const calls: ProviderCall[] = []
  const table = fakeTable()
  const clock = steppingClock()
  const desk = deskOf({ table, clock, world: simulateWorld(friendlyModel, (call) => calls.push(call)) })
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
    expect(await obey(process, desk, 'giving up')).toEqual(fact)
  })

  it.each([
    {
      request: requestOf('CreateOrder', { order: anOrder }),
      fact: 'OrderRejected',
      reason: 'PatienceExhausted',
    },
    {
      request: requestOf('ReserveInventory', { order: anOrder }),
      fact: 'InventoryRejected',
      reason: 'voided',
    },
    { request: process, fact: 'PaymentDeclined', reason: 'voided' },
    { request: requestOf('ArrangeShipping', { order: aSummary }), fact: 'ShippingFailed', reason: 'voided' },
    {
      request: requestOf('NotifyCustomer', { order: aSummary, outcome: 'OrderCompleted' }),
      fact: 'NotificationFailed',
      reason: 'given-up',
    },
  ])('$request.type that is given up becomes $fact', async ({ request, fact, reason }) => {
    const { desk } = workplace()
    expect(await obey(request, desk, 'giving up')).toMatchObject({ type: fact, data: { reason } })
  })
})
