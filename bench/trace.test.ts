import { describe, expect, it } from 'vitest'
import { createTrace } from './trace.ts'
import type { ApiCall, Invocation } from './virtual-aws/observer.ts'

/** An invocation whose event nobody can read, so that it bears no order. */
const unreadable = (startedMs: number, endedMs = startedMs + 5): Invocation => ({
  functionId: 'Pay',
  event: { garbled: true },
  startedMs,
  endedMs,
  billedMs: 5,
  initMs: 0,
  memoryMiB: 1024,
  end: 'failed',
  result: undefined,
})

const invoke = (startedMs: number, endedMs: number): ApiCall => ({
  service: 'lambda',
  action: 'Invoke',
  by: 'OrderFlow',
  resource: 'Pay',
  input: { Payload: JSON.stringify({ orderId: 'order-1' }) },
  output: undefined,
  startedMs,
  endedMs,
  error: undefined,
  meter: undefined,
  units: 0,
})

const invocationsTold = (invocations: readonly Invocation[], call: ApiCall): readonly number[] => {
  const trace = createTrace('order-1')
  for (const invocation of invocations) trace.observer.invocation?.(invocation)
  trace.observer.call?.(call)
  return trace
    .entries()
    .filter(({ what }) => what.startsWith('lambda:invocation'))
    .map(({ startedMs }) => startedMs)
}

describe('an invocation that nobody can read', () => {
  it("is an order's when it alone took place within a call for that order", () => {
    expect(invocationsTold([unreadable(3)], invoke(0, 10))).toEqual([3])
    expect(invocationsTold([unreadable(30)], invoke(0, 10))).toEqual([])
  })

  it('is nobody’s when another took place within the call as well', () => {
    expect(invocationsTold([unreadable(2), unreadable(3)], invoke(0, 10))).toEqual([])
  })

  it('is remembered while others of the function come and go', () => {
    const others = Array.from({ length: 40 }, (_, index) => unreadable(100 + index))
    expect(invocationsTold([unreadable(3), ...others], invoke(0, 10))).toEqual([3])
  })
})
