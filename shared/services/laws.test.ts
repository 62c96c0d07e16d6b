import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Desk, Request } from '../idempotent.ts'
import { type Order, summaryOf } from '../order.ts'
import { deskOf, friendlyModel, orderOf, requestOf, unanswered } from '../orders.testing.ts'
import { simulateWorld } from '../providers.ts'
import type { ServiceRecord } from '../records.ts'
import { type FakeTable, fakeTable } from '../tables.testing.ts'
import { obey } from './directory.ts'
import { heldBy, inventoryStateOf, stockKey } from './inventory.ts'

/**
 * The laws hold whatever the interleaving. Several deliveries run at once; a scheduler decides which call to the table
 * or to a provider comes next; some of the calls are the last that their environment makes. What died is delivered
 * again, as a queue would.
 */

class Crash extends Error {}

/** A delivery of a request, which dies at these calls to the table: odd before the effect, even after it. */
interface Delivery {
  readonly request: Request
  readonly manner: 'trying' | 'giving up'
  readonly crashes: readonly number[]
}

const receivesMax = 20

const deliver = async (delivery: Delivery, table: FakeTable, desk: Desk): Promise<string> => {
  const crashes = [...delivery.crashes]
  for (let receive = 1; receive <= receivesMax; receive++) {
    let callsLeft = crashes.shift() ?? Number.POSITIVE_INFINITY
    const dying: Desk['dynamo'] = {
      send: (async (command: object) => {
        callsLeft -= 2
        if (callsLeft === -1) throw new Crash()
        const output = await table.dynamo.send(command as never)
        if (callsLeft === 0) throw new Crash()
        return output
      }) as Desk['dynamo']['send'],
    }
    try {
      const request = { ...delivery.request, attempt: receive }
      const mortal = { ...desk, dynamo: dying }
      const fact = await (delivery.manner === 'trying'
        ? obey(request, mortal)
        : obey(request, unanswered(mortal), () => true))
      return JSON.stringify(fact)
    } catch (error) {
      const isOutage = error instanceof Error && error.name === 'ProviderUnavailable'
      if (!(error instanceof Crash) && !isOutage) throw error
    }
  }
  throw new Error('A delivery did not end.')
}

const runAll = async (
  scheduler: fc.Scheduler,
  deliveries: readonly Delivery[],
  { stock = {}, model = {} }: { readonly stock?: Record<string, number>; readonly model?: object },
) => {
  const table = fakeTable(async (_command, when) => {
    if (when === 'before') await scheduler.schedule(Promise.resolve(), 'table')
  })
  for (const [sku, available] of Object.entries(stock)) table.put({ pk: stockKey(sku), available })
  let nowMs = Date.parse('2026-01-05T00:00:00.000Z')
  const clock = {
    nowMs: () => nowMs++,
    sleep: async () => {
      await scheduler.schedule(Promise.resolve(), 'sleep')
    },
  }
  const world = simulateWorld({ ...friendlyModel, ...model })
  const desk = deskOf({ table, clock, world })
  const answers = Promise.all(deliveries.map((delivery) => deliver(delivery, table, desk)))
  const ended = await scheduler.waitFor(answers)
  const typesOf = (type: Request['type']) =>
    new Set(ended.filter((_, index) => deliveries[index]?.request.type === type))
  const record = (orderId: string) => table.items.get(orderId) as ServiceRecord | undefined
  return { table, ledger: world.ledger, ended, typesOf, record }
}

const crashes = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 })
const deliveriesOf = (...requests: readonly Request[]): fc.Arbitrary<Delivery[]> =>
  fc.array(
    fc.record({ request: fc.constantFrom(...requests), manner: fc.constant('trying' as const), crashes }),
    {
      minLength: 1,
      maxLength: 5,
    },
  )

const typeIn = (json: string): string => JSON.parse(json).type

const order = orderOf('o-1')
const summary = summaryOf(order)
const undoing = { order: summary, reason: 'ShippingFailed' }
const runs = { numRuns: 300, seed: 20_260_105 }

describe('payment, whatever the interleaving', () => {
  const process = requestOf('ProcessPayment', { order: summary })
  const refund = requestOf('RefundPayment', undoing)
  const models = fc.record({
    cardsDeclined: fc.constantFrom(0, 0, 1),
    chargeAnswersLost: fc.constantFrom(0, 1),
  })

  it('charges at most once, gives all back when undone, and answers each step alike for ever', async () => {
    const property = fc.asyncProperty(
      fc.scheduler(),
      deliveriesOf(process, refund),
      models,
      async (scheduler, deliveries, model) => {
        const { ledger, typesOf } = await runAll(scheduler, deliveries, { model })
        const entry = ledger.get('o-1')
        const isUndone = deliveries.some(({ request }) => request.type === 'RefundPayment')
        expect(typesOf('ProcessPayment').size).toBeLessThanOrEqual(1)
        expect(typesOf('RefundPayment').size).toBeLessThanOrEqual(1)
        expect(entry?.charges ?? 0).toBeLessThanOrEqual(1)
        if (isUndone) expect(entry?.refunds).toBe(entry?.charges)
        else
          expect([...typesOf('ProcessPayment')].map(typeIn)).toEqual([
            entry?.charges ? 'PaymentProcessed' : 'PaymentDeclined',
          ])
      },
    )
    await fc.assert(property, runs)
  })

  it('never gives money back for a payment that is told as processed, when a delivery gives up beside others', async () => {
    const manners = fc.constantFrom('trying' as const, 'giving up' as const)
    const deliveries = fc.array(fc.record({ request: fc.constant(process), manner: manners, crashes }), {
      minLength: 1,
      maxLength: 5,
    })
    const property = fc.asyncProperty(fc.scheduler(), deliveries, models, async (scheduler, some, model) => {
      const { ledger, ended } = await runAll(scheduler, some, { model })
      const entry = ledger.get('o-1')
      expect(new Set(ended).size).toBe(1)
      const isProcessed = typeIn(ended[0] ?? '') === 'PaymentProcessed'
      expect((entry?.charges ?? 0) - (entry?.refunds ?? 0)).toBe(isProcessed ? 1 : 0)
    })
    await fc.assert(property, runs)
  })
})

describe('shipping, whatever the interleaving', () => {
  it('ships once or not at all, and everybody hears the same', async () => {
    const arrange = requestOf('ArrangeShipping', { order: summary })
    const cancel = requestOf('CancelShipping', undoing)
    const deliveries = deliveriesOf(arrange, cancel).map((some) =>
      some.map((one, index) =>
        one.request === arrange && index % 2 === 1 ? { ...one, manner: 'giving up' as const } : one,
      ),
    )
    const property = fc.asyncProperty(fc.scheduler(), deliveries, async (scheduler, some) => {
      const { ledger, ended } = await runAll(scheduler, some, {})
      expect(new Set(ended).size).toBe(1)
      expect(ledger.get('o-1')?.shipments).toBe(typeIn(ended[0] ?? '') === 'OrderShipped' ? 1 : 0)
    })
    await fc.assert(property, runs)
  })
})

describe('the order, whatever the interleaving', () => {
  it('ends once', async () => {
    const deliveries = deliveriesOf(
      requestOf('CreateOrder', { order }),
      requestOf('RejectOrder', undoing),
      requestOf('CreateOrder', { order }),
    )
    const property = fc.asyncProperty(fc.scheduler(), deliveries, async (scheduler, some) => {
      const { typesOf, record } = await runAll(scheduler, some, {})
      expect(typesOf('CreateOrder').size).toBeLessThanOrEqual(1)
      expect(typesOf('RejectOrder').size).toBeLessThanOrEqual(1)
      expect(
        record('o-1')?.facts.filter(({ type }) => type === 'OrderRejected').length ?? 0,
      ).toBeLessThanOrEqual(1)
    })
    await fc.assert(property, runs)
  })
})

describe('the stock, whatever the interleaving', () => {
  const skus = 230
  const orders = [orderOf('o-1', skus, 2), orderOf('o-2', skus, 1), orderOf('o-3', 3, 1)]
  const requests = orders.flatMap((one): Request[] => [
    requestOf('ReserveInventory', { order: one }),
    requestOf('ReleaseInventory', { order: summaryOf(one), reason: 'PaymentDeclined' }),
  ])
  /** Ample everywhere but in one place, which may be in any chunk and hold too little for all. */
  const stocks = fc
    .record({ scarce: fc.integer({ min: 0, max: skus - 1 }), available: fc.integer({ min: 0, max: 4 }) })
    .map(({ scarce, available }) =>
      Object.fromEntries(
        Array.from({ length: skus }, (_, index) => [`s${index}`, index === scarce ? available : 10]),
      ),
    )

  it('is conserved, held only for who reserved it, and never below nothing', async () => {
    const property = fc.asyncProperty(
      fc.scheduler(),
      deliveriesOf(...requests),
      stocks,
      async (scheduler, deliveries, stock) => {
        const { table, typesOf, record } = await runAll(scheduler, deliveries, { stock })
        const held = new Map<string, number>()
        for (const one of orders) checkHolding(one, record(one.orderId), held)
        for (const [sku, initial] of Object.entries(stock)) {
          const available = Number(table.items.get(stockKey(sku))?.['available'])
          expect(available).toBeGreaterThanOrEqual(0)
          expect(available + (held.get(sku) ?? 0)).toBe(initial)
        }
        expect(typesOf('ReserveInventory').size).toBeLessThanOrEqual(orders.length)
      },
    )
    await fc.assert(property, { ...runs, numRuns: 120 })
  })

  const checkHolding = (one: Order, record: ServiceRecord | undefined, held: Map<string, number>): void => {
    if (record === undefined) return
    const { outcome } = inventoryStateOf(record)
    const lines = heldBy(record)
    expect(outcome).not.toBe('unknown')
    expect(lines.length).toBe(outcome === 'reserved' ? one.lines.length : 0)
    for (const { sku, quantity } of lines) held.set(sku, (held.get(sku) ?? 0) + quantity)
  }

  it('is taken by a reservation that dies at every single call', async () => {
    for (let call = 1; call <= 12; call++) {
      const stock = Object.fromEntries(Array.from({ length: skus }, (_, index) => [`s${index}`, 10]))
      const table = fakeTable()
      for (const [sku, available] of Object.entries(stock)) table.put({ pk: stockKey(sku), available })
      const one = orderOf('o-1', skus)
      const request = requestOf('ReserveInventory', { order: one })
      const answer = await deliver(
        { request, manner: 'trying', crashes: [call, call, call] },
        table,
        deskOf({ table }),
      )
      expect(typeIn(answer)).toBe('InventoryReserved')
      expect([...table.items.values()].filter(({ available }) => available === 8)).toHaveLength(skus)
    }
  })
})
