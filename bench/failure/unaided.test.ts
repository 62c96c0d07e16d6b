import { describe, expect, it } from 'vitest'
import type { ApiCall } from '../virtual-aws/observer.ts'
import { createUnaided, faultsEnd } from './unaided.ts'

const ended = (orderId: string, endedMs: number, type = 'OrderCompleted'): ApiCall => ({
  service: 'events',
  action: 'PutEvents',
  by: 'OrderFunction',
  resource: 'OrderBus',
  input: { Entries: [{ DetailType: type, Detail: JSON.stringify({ id: 'e', type, subject: orderId }) }] },
  output: { Entries: [{ EventId: 'e' }] },
  startedMs: endedMs - 1,
  endedMs,
  error: undefined,
  meter: undefined,
  units: 0,
})

/** Orders by when they came and when they ended, around a fault that ends at 1,000. */
const unaided = (orders: readonly (readonly [number, number | undefined])[]) => {
  const fold = createUnaided(1_000)
  for (const [index, [fromMs]] of orders.entries()) fold.submitted(`order-${index}`, fromMs)
  for (const [index, [, endMs]] of orders.entries())
    if (endMs !== undefined) fold.observer.call?.(ended(`order-${index}`, endMs))
  return fold.finish()
}

describe('the time to recover', () => {
  it.each([
    { name: 'counts no order that ended by the end of the fault', orders: [[0, 1_000]], open: 0, ended: 0 },
    {
      name: 'runs until the last order that was late then has ended',
      orders: [
        [0, 1_001],
        [500, 1_700],
        [600, 900],
      ],
      open: 2,
      ended: 2,
      recoveredMs: 700,
    },
    {
      name: 'counts no order that came when the fault was over',
      orders: [[1_000, 9_000]],
      open: 0,
      ended: 0,
    },
    { name: 'counts an order that never ended as open', orders: [[999, undefined]], open: 1, ended: 0 },
    {
      name: 'is of those that ended where others never do',
      orders: [
        [0, 1_200],
        [0, undefined],
      ],
      open: 2,
      ended: 1,
      recoveredMs: 200,
    },
  ] as const)('$name', ({ name: _, orders, ...found }) => {
    expect(unaided(orders)).toEqual(found)
  })

  it('takes the first end of an order, be it a rejection, and no other fact', () => {
    const fold = createUnaided(1_000)
    fold.submitted('order-0', 0)
    fold.observer.call?.(ended('order-0', 1_050, 'PaymentProcessed'))
    fold.observer.call?.(ended('order-0', 1_100, 'OrderRejected'))
    fold.observer.call?.(ended('order-0', 1_900, 'OrderCompleted'))
    expect(fold.finish()).toEqual({ open: 1, ended: 1, recoveredMs: 100 })
  })
})

describe('the end of the faults', () => {
  it.each([
    { name: 'of none is nowhere', faults: [], end: undefined },
    { name: 'of one without a window is nowhere', faults: [{ probability: 0.1 }], end: undefined },
    {
      name: 'is the end of the last window',
      faults: [
        { fromMs: 5, forMs: 9 },
        { fromMs: 7, forMs: 1 },
      ],
      end: 14,
    },
    {
      name: 'of another definition is the moment at which it comes',
      faults: [
        { fromMs: 5, forMs: 1 },
        { kind: 'definition-update', fromMs: 7 },
      ],
      end: 7,
    },
    {
      name: 'is nowhere where one goes on until somebody puts it right',
      faults: [
        { fromMs: 5, forMs: 1 },
        { kind: 'wrong-pattern', fromMs: 7 },
      ],
      end: undefined,
    },
  ])('$name', ({ faults, end }) => {
    expect(faultsEnd(faults)).toBe(end)
  })
})
