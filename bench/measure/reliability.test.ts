import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Loss, Observer } from '../virtual-aws/observer.ts'
import { apiCall, envelope, invocation, putEvents } from './observations.testing.ts'
import { createReliability } from './reliability.ts'

const none = {
  deadLettered: 0,
  retries: 0,
  throttled: 0,
  duplicatesDelivered: 0,
  unmatchedEvents: 0,
  crashes: 0,
  transactionConflicts: 0,
  overdue: 0,
  dropped: 0,
}
const lost = (how: Loss['how']): Loss => ({ how, resource: 'Queue', body: {}, atMs: 0, reason: '' })
const received = (...counts: readonly number[]): object => ({
  Records: counts.map((count) => ({ body: '{}', attributes: { ApproximateReceiveCount: String(count) } })),
})
const transition = (retry: number): Parameters<Required<Observer>['transition']>[0] => ({
  machineId: 'OrderFlow',
  executionName: 'o-1',
  state: 'ProcessPayment',
  atMs: 0,
  retry,
})
const cancelled = (...codes: readonly string[]): Parameters<Required<Observer>['call']>[0] =>
  apiCall({
    service: 'dynamodb',
    action: 'TransactWriteItems',
    error: 'TransactionCanceledException',
    output: { CancellationReasons: codes.map((Code) => ({ Code })) },
  })

type Observe = (observer: Observer) => void
const observations: { name: string; observe: Observe; expected: Partial<typeof none> }[] = [
  { name: 'a dead letter', observe: (o) => o.lost?.(lost('dead-lettered')), expected: { deadLettered: 1 } },
  { name: 'a message that expired', observe: (o) => o.lost?.(lost('expired')), expected: { dropped: 1 } },
  {
    name: 'an event dropped without a queue for it',
    observe: (o) => o.lost?.(lost('dropped')),
    expected: { dropped: 1 },
  },
  {
    name: 'an event that nobody hears',
    observe: (o) => o.lost?.(lost('unmatched')),
    expected: { unmatchedEvents: 1 },
  },
  { name: 'the first attempt of a state', observe: (o) => o.transition?.(transition(0)), expected: {} },
  {
    name: 'the second attempt of a state',
    observe: (o) => o.transition?.(transition(1)),
    expected: { retries: 1 },
  },
  {
    name: 'records received once',
    observe: (o) => o.invocation?.(invocation({ event: received(1, 1) })),
    expected: {},
  },
  {
    name: 'two records of three received before',
    observe: (o) => o.invocation?.(invocation({ event: received(2, 1, 7) })),
    expected: { retries: 2 },
  },
  {
    name: 'a function invoked without records',
    observe: (o) => o.invocation?.(invocation({ event: { command: {} } })),
    expected: {},
  },
  {
    name: 'a message put off, before it comes back',
    observe: (o) => o.call?.(apiCall({ action: 'ChangeMessageVisibility' })),
    expected: {},
  },
  {
    name: 'a crash',
    observe: (o) => o.invocation?.(invocation({ end: 'crashed' })),
    expected: { crashes: 1 },
  },
  {
    name: 'a time-out',
    observe: (o) => o.invocation?.(invocation({ end: 'timed out' })),
    expected: { crashes: 1 },
  },
  {
    name: 'a function that threw',
    observe: (o) => o.invocation?.(invocation({ end: 'failed' })),
    expected: {},
  },
  {
    name: 'a request refused by a quota',
    observe: (o) => o.throttled?.({ quota: 'q', effect: 'rejected', delayMs: 0, atMs: 0 }),
    expected: { throttled: 1 },
  },
  {
    name: 'a transition delayed by one',
    observe: (o) => o.throttled?.({ quota: 'q', effect: 'delayed', delayMs: 5, atMs: 0 }),
    expected: { throttled: 1 },
  },
  { name: 'a duplicate', observe: (o) => o.duplicate?.('Queue', {}), expected: { duplicatesDelivered: 1 } },
  {
    name: 'a transaction that met another',
    observe: (o) => o.call?.(cancelled('None', 'TransactionConflict')),
    expected: { transactionConflicts: 1 },
  },
  {
    name: 'a transaction whose condition failed',
    observe: (o) => o.call?.(cancelled('ConditionalCheckFailed')),
    expected: {},
  },
  {
    name: 'a write that met a transaction',
    observe: (o) => o.call?.(apiCall({ service: 'dynamodb', error: 'TransactionConflictException' })),
    expected: { transactionConflicts: 1 },
  },
  {
    name: 'an overdue order',
    observe: (o) => o.call?.(putEvents([envelope('OrderOverdue', 'o-1'), envelope('OrderShipped', 'o-1')])),
    expected: { overdue: 1 },
  },
  {
    name: 'an overdue order that the bus did not take',
    observe: (o) => o.call?.(putEvents([envelope('OrderOverdue', 'o-1')], {}, [0])),
    expected: {},
  },
]

describe('reliability counts', () => {
  it.each(observations)('$name: $expected', ({ observe, expected }) => {
    const fold = createReliability()
    observe(fold.observer)
    expect(fold.finish()).toEqual({ ...none, ...expected })
  })

  it('a duplicate as a duplicate and not as a retry, and a retry of the same message as one', () => {
    const fold = createReliability()
    const handed = (count: number): object => ({
      Records: [{ body: 'the message', attributes: { ApproximateReceiveCount: String(count) } }],
    })
    fold.observer.call?.(apiCall({ resource: 'Queue' }))
    fold.observer.invocation?.(invocation({ event: handed(1) }))
    fold.observer.duplicate?.('Queue', 'the message')
    fold.observer.invocation?.(invocation({ event: handed(2) }))
    fold.observer.invocation?.(invocation({ event: handed(3) }))
    // An event's duplicate reaches the queue as a message of its own.
    fold.observer.duplicate?.('InventoryOnOrderCreatedRule', 'the message')
    fold.observer.invocation?.(invocation({ event: handed(1) }))
    fold.observer.invocation?.(invocation({ event: handed(2) }))
    expect(fold.finish()).toEqual({ ...none, duplicatesDelivered: 2, retries: 2 })
  })

  it('the same in whatever order things go wrong', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...observations), { maxLength: 50 }), (some) => {
        const forth = createReliability()
        const back = createReliability()
        for (const { observe } of some) observe(forth.observer)
        for (const { observe } of some.toReversed()) observe(back.observer)
        expect(back.finish()).toEqual(forth.finish())
      }),
    )
  })
})
