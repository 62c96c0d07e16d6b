import type { ApiCall, Invocation, Meter } from '../virtual-aws/observer.ts'

/** A successful call that costs nothing and takes 10 ms; a test overrides what it is about. */
export const apiCall = (call: Partial<ApiCall>): ApiCall => ({
  service: 'sqs',
  action: 'SendMessage',
  by: 'SomeFunction',
  resource: 'Queue',
  input: {},
  output: {},
  startedMs: 0,
  endedMs: 10,
  error: undefined,
  meter: undefined,
  units: 0,
  ...call,
})

export const metered = (meter: Meter, units: number, call: Partial<ApiCall> = {}): ApiCall =>
  apiCall({ meter, units, ...call })

/** A warm invocation that returned. */
export const invocation = (ended: Partial<Invocation>): Invocation => ({
  functionId: 'Function',
  event: {},
  startedMs: 0,
  endedMs: 10,
  billedMs: 10,
  initMs: 0,
  memoryMiB: 512,
  end: 'returned',
  result: undefined,
  ...ended,
})

export const envelope = (type: string, orderId: string, causationid?: string): Record<string, unknown> => ({
  specversion: '1.0',
  id: `${orderId}/${type}/${causationid ?? ''}`,
  type,
  subject: orderId,
  causationid,
  data: {},
})

/** One PutEvents of these envelopes; indices in `refused` got an ErrorCode. */
export const putEvents = (
  envelopes: readonly Readonly<Record<string, unknown>>[],
  call: Partial<ApiCall> = {},
  refused: readonly number[] = [],
): ApiCall =>
  apiCall({
    service: 'events',
    action: 'PutEvents',
    resource: 'OrderBus',
    input: {
      Entries: envelopes.map((detail) => ({ DetailType: detail['type'], Detail: JSON.stringify(detail) })),
    },
    output: {
      FailedEntryCount: refused.length,
      Entries: envelopes.map((_, index) =>
        refused.includes(index) ? { ErrorCode: 'InternalFailure' } : { EventId: `${index}` },
      ),
    },
    ...call,
  })

/** The record of an order, saved by the order service. */
export const putOrder = (orderId: string, endedMs: number, call: Partial<ApiCall> = {}): ApiCall =>
  apiCall({
    service: 'dynamodb',
    action: 'PutItem',
    resource: 'OrderTable',
    input: { TableName: 'orders', Item: { pk: orderId, version: 1 } },
    startedMs: endedMs - 5,
    endedMs,
    ...call,
  })
