import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ProviderCall } from '../../shared/providers.ts'
import { createLatency, type LatencyFold, latencyOf } from './latency.ts'
import { envelope, invocation, putEvents, putOrder } from './observations.testing.ts'

const charge = (
  key: string,
  startedMs: number,
  endedMs: number,
  over: Partial<ProviderCall> = {},
): ProviderCall => ({
  provider: 'gateway',
  operation: 'charge',
  key,
  startedMs,
  endedMs,
  end: 'answered',
  ...over,
})

/** An order that starts at `atMs`, is recorded 40 ms later, charged for 100 ms, and completes at `endMs`. */
const orderly = (fold: LatencyFold, orderId: string, atMs: number, endMs: number): void => {
  fold.submitted(orderId, atMs)
  fold.accepted(orderId, atMs + 20)
  fold.observer.call?.(putOrder(orderId, atMs + 40))
  fold.provider(charge(orderId, atMs + 50, atMs + 150))
  fold.observer.call?.(putEvents([envelope('OrderCompleted', orderId)], { endedMs: endMs }))
}

const measuring = (...orderIds: readonly string[]): LatencyFold =>
  createLatency({ seed: 1, orders: orderIds.map((orderId) => ({ orderId })) })

describe('latency', () => {
  it('is measured from the intended start to each point, coordination without the providers', () => {
    const fold = measuring('o-1')
    orderly(fold, 'o-1', 1_000, 1_400)
    const { latencyMs, sample, unfinished } = latencyOf([fold.finish()], { seed: 1 })
    expect(sample).toEqual([
      { orderId: 'o-1', acceptance: 20, recorded: 40, completion: 400, coordination: 300 },
    ])
    expect(latencyMs.coordination).toEqual({ n: 1, p50: 300, p90: 300, p95: 300, p99: 300, max: 300 })
    expect(unfinished).toEqual({ acceptance: 0, recorded: 0, completion: 0 })
  })

  it.each([
    { name: 'a rejection completes an order too', type: 'OrderRejected', completion: 400 },
    { name: 'any other fact does not', type: 'OrderShipped', completion: undefined },
  ])('$name', ({ type, completion }) => {
    const fold = measuring('o-1')
    fold.submitted('o-1', 0)
    fold.observer.call?.(putEvents([envelope(type, 'o-1')], { endedMs: 400 }))
    expect(latencyOf([fold.finish()], { seed: 1 }).sample[0]?.completion).toBe(completion)
  })

  it('takes the first success of each point: neither a refused call, nor a refused entry, nor a repeat', () => {
    const fold = measuring('o-1')
    fold.submitted('o-1', 0)
    fold.observer.call?.(putOrder('o-1', 30, { error: 'ConditionalCheckFailedException' }))
    fold.observer.call?.(putOrder('o-1', 35, { resource: 'PaymentTable' }))
    fold.observer.call?.(putOrder('o-1', 50))
    fold.observer.call?.(putOrder('o-1', 90))
    const done = [envelope('OrderCompleted', 'o-1')]
    fold.observer.call?.(putEvents(done, { endedMs: 100, error: 'ThrottlingException' }))
    fold.observer.call?.(putEvents(done, { endedMs: 200 }, [0]))
    fold.observer.call?.(putEvents(done, { endedMs: 300 }))
    fold.observer.call?.(putEvents(done, { endedMs: 900 }))
    const { sample, latencyMs } = latencyOf([fold.finish()], { seed: 1 })
    expect(sample[0]).toMatchObject({ recorded: 50, completion: 300 })
    expect(latencyMs.completion.n).toBe(1)
  })

  it.each<{ name: string; calls: readonly ProviderCall[]; coordination: number }>([
    {
      name: 'sums the providers of all steps',
      calls: [charge('o-1', 100, 200), charge('o-1', 300, 350, { provider: 'carrier' })],
      coordination: 850,
    },
    {
      name: 'leaves a provider that did not answer in',
      calls: [charge('o-1', 100, 200, { end: 'unavailable' })],
      coordination: 1_000,
    },
    {
      name: 'leaves a lost answer in',
      calls: [charge('o-1', 100, 200, { end: 'answer lost' })],
      coordination: 1_000,
    },
    {
      name: 'knows no mailer: it comes after the end',
      calls: [charge('o-1', 100, 200, { provider: 'mailer' })],
      coordination: 1_000,
    },
    {
      name: 'counts calls that overlap once',
      calls: [charge('o-1', 120, 180), charge('o-1', 100, 200), charge('o-1', 150, 250)],
      coordination: 850,
    },
    {
      name: 'leaves a call out that ends after completion',
      calls: [charge('o-1', 950, 1_050)],
      coordination: 1_000,
    },
    { name: 'knows no other order', calls: [charge('o-2', 100, 200)], coordination: 1_000 },
  ])('coordination $name', ({ calls, coordination }) => {
    const fold = measuring('o-1')
    fold.submitted('o-1', 0)
    for (const call of calls) fold.provider(call)
    fold.observer.call?.(putEvents([envelope('OrderCompleted', 'o-1')], { endedMs: 1_000 }))
    expect(latencyOf([fold.finish()], { seed: 1 }).sample[0]?.coordination).toBe(coordination)
  })

  it('counts orders that never came to an end', () => {
    const fold = measuring('stuck', 'done')
    fold.submitted('stuck', 0)
    fold.accepted('stuck', 10)
    orderly(fold, 'done', 0, 500)
    const { unfinished, sample, latencyMs } = latencyOf([fold.finish()], { seed: 1 })
    expect(unfinished).toEqual({ acceptance: 0, recorded: 1, completion: 1 })
    expect(latencyMs.completion.n).toBe(1)
    expect(sample.map(({ orderId, completion }) => [orderId, completion])).toEqual([
      ['done', 500],
      ['stuck', undefined],
    ])
  })

  it('ignores what is published of orders that it does not know, or has done with', () => {
    const fold = measuring('o-1')
    orderly(fold, 'o-1', 0, 500)
    fold.observer.invocation?.(invocation({ endedMs: 900_000 }))
    fold.observer.call?.(putEvents([envelope('OrderCompleted', 'o-1')], { endedMs: 950_000 }))
    fold.observer.call?.(putEvents([envelope('OrderCompleted', 'nobody')], { endedMs: 950_000 }))
    expect(latencyOf([fold.finish()], { seed: 1 }).latencyMs.completion).toMatchObject({ n: 1, max: 500 })
  })

  it.each([
    {
      name: 'the order view touches no order: nothing waits for it',
      functionId: 'ViewOnAnyEventFunction',
      touched: 0,
    },
    { name: 'the flow does', functionId: 'PaymentOnInventoryReservedFunction', touched: 1 },
    { name: 'what an option says is beside the flow does not', functionId: 'AuditFunction', touched: 0 },
  ])('a cold start of $name', ({ functionId, touched }) => {
    const fold = createLatency({
      seed: 1,
      orders: [{ orderId: 'o-1' }],
      ...(functionId.startsWith('Audit') ? { partOf: () => 'audit' } : {}),
    })
    fold.submitted('o-1', 0)
    const event = { Records: [{ body: JSON.stringify(envelope('OrderCreated', 'o-1')) }] }
    fold.observer.invocation?.(invocation({ functionId, event, initMs: 130, startedMs: 50, endedMs: 300 }))
    fold.observer.call?.(putEvents([envelope('OrderCompleted', 'o-1')], { endedMs: 400 }))
    const { coldStarts } = latencyOf([fold.finish()], { seed: 1 })
    expect(coldStarts).toMatchObject({ invocations: 1, cold: 1, ordersTouched: touched })
    expect(coldStarts.completionMs?.warm.n).toBe(1 - touched)
  })

  it('tells orders that a cold invocation held up from warm ones', () => {
    const fold = measuring('cold-1', 'cold-2', 'warm')
    const batch = (ids: readonly string[]): object => ({
      Records: ids.map((id) => ({
        body: JSON.stringify({ taskToken: 't', command: envelope('CreateOrder', id) }),
      })),
    })
    orderly(fold, 'cold-1', 0, 500)
    orderly(fold, 'cold-2', 0, 600)
    orderly(fold, 'warm', 0, 400)
    fold.observer.invocation?.(
      invocation({ event: batch(['cold-1', 'cold-2']), initMs: 130, startedMs: 10, endedMs: 610 }),
    )
    fold.observer.invocation?.(
      invocation({ event: batch(['cold-1']), initMs: 130, startedMs: 300, endedMs: 610 }),
    )
    // It starts after the terminal fact: a notification.
    fold.observer.invocation?.(
      invocation({ event: batch(['warm']), initMs: 130, startedMs: 450, endedMs: 620 }),
    )
    fold.observer.invocation?.(invocation({ event: batch(['warm']), endedMs: 630 }))
    const { coldStarts } = latencyOf([fold.finish()], { seed: 1 })
    expect(coldStarts).toMatchObject({ invocations: 4, cold: 3, ordersTouched: 2 })
    expect(coldStarts.completionMs?.cold).toMatchObject({ n: 2, max: 600 })
    expect(coldStarts.completionMs?.warm).toMatchObject({ n: 1, max: 400 })
  })

  it('keeps the same bounded sample of orders whatever happens to them', () => {
    const run = (endOf: (index: number) => number): string[] => {
      const orders = Array.from({ length: 1_000 }, (_, index) => ({ orderId: `o-${index}` }))
      const fold = createLatency({ seed: 7, orders, sampleMax: 50 })
      for (const [index, { orderId }] of orders.entries())
        orderly(fold, orderId, index * 100, index * 100 + endOf(index))
      return latencyOf([fold.finish()], { seed: 1 }).sample.map(({ orderId }) => orderId)
    }
    const sampled = run((index) => 300 + (index % 17))
    expect(sampled).toHaveLength(50)
    expect(run((index) => 5_000 - index)).toEqual(sampled)
  })

  it('does not depend on how the histories of different orders interleave', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 200, max: 5_000 }), { minLength: 1, maxLength: 30 }), (ends) => {
        const orders = ends.map((end, index) => ({
          orderId: `o-${index}`,
          atMs: index * 10,
          end: index * 10 + end,
        }))
        const inOrder = createLatency({ seed: 1, orders })
        const reversed = createLatency({ seed: 1, orders })
        for (const { orderId, atMs, end } of orders) orderly(inOrder, orderId, atMs, end)
        for (const { orderId, atMs, end } of orders.toReversed()) orderly(reversed, orderId, atMs, end)
        expect(reversed.finish()).toEqual(inOrder.finish())
      }),
    )
  })
})
