import { describe, expect, it } from 'vitest'
import type { Deployment } from '../virtual-aws/deploy.ts'
import type { ApiCall, Invocation } from '../virtual-aws/observer.ts'
import { createFootprint, footprintOf } from './footprint.ts'

const orders = [{ orderId: 'one' }, { orderId: 'two' }]
const nothingDeployed = { outputs: {} } as Deployment

const fold = () =>
  createFootprint({
    orders,
    functions: { PayFunction: 'payment', ShipFunction: 'shipping' },
    machines: new Set(['OrderFlow']),
    answers: new Set(['PaymentDeclined']),
  })

const message = (subject: string) => JSON.stringify({ id: `of-${subject}`, type: 'Any', subject })

const call = (more: Partial<ApiCall>): ApiCall => ({
  service: 'sqs',
  action: 'SendMessage',
  by: 'caller',
  resource: 'Elsewhere',
  input: {},
  output: {},
  startedMs: 0,
  endedMs: 0,
  error: undefined,
  meter: undefined,
  units: 0,
  ...more,
})

const invocation = (more: Partial<Invocation>): Invocation => ({
  functionId: 'PayFunction',
  event: { Records: [{ messageId: 'm1', body: message('one') }] },
  startedMs: 0,
  endedMs: 0,
  billedMs: 0,
  initMs: 0,
  memoryMiB: 512,
  end: 'returned',
  result: undefined,
  ...more,
})

type Told = ReturnType<typeof fold>['observer']

const whatIsLeft = (tell: (observer: Told) => void) => {
  const { observer, finish } = fold()
  tell(observer)
  const { failures, troubles } = finish(nothingDeployed, [])
  return { failures: Object.fromEntries(failures), troubles: [...troubles] }
}

describe('a failure of a service', () => {
  it.each(['failed', 'timed out', 'crashed'] as const)('is an invocation that %s', (end) => {
    expect(whatIsLeft(({ invocation: told }) => told?.(invocation({ end })))).toEqual({
      failures: { payment: 1 },
      troubles: [1, 0],
    })
  })

  it('is an invocation that gave back records of its batch, of the orders that they are about', () => {
    const event = {
      Records: [
        { messageId: 'm1', body: message('one') },
        { messageId: 'm2', body: message('two') },
      ],
    }
    const result = { batchItemFailures: [{ itemIdentifier: 'm2' }] }
    expect(whatIsLeft(({ invocation: told }) => told?.(invocation({ event, result })))).toEqual({
      failures: { payment: 1 },
      troubles: [0, 1],
    })
  })

  it('is none where an invocation returned', () => {
    const result = { batchItemFailures: [] }
    expect(whatIsLeft(({ invocation: told }) => told?.(invocation({ result }))).failures).toEqual({})
  })

  it('is a throttled invocation, once, whoever invokes', () => {
    const told = whatIsLeft(({ throttled, call: called }) => {
      throttled?.({ quota: 'any', resource: 'PayFunction', effect: 'rejected', delayMs: 0, atMs: 0 })
      throttled?.({ quota: 'any', resource: 'PayFunction', effect: 'delayed', delayMs: 9, atMs: 0 })
      called?.(
        call({
          service: 'lambda',
          action: 'Invoke',
          by: 'OrderFlow',
          resource: 'PayFunction',
          error: 'TooManyRequestsException',
        }),
      )
    })
    expect(told.failures).toEqual({ payment: 1, conductor: 1 })
  })

  it('is an answer that tells of an outage, and not one that refuses', () => {
    const answer = (error: string) =>
      call({ service: 'states', action: 'SendTaskFailure', by: 'PayFunction', input: { error } })
    expect(whatIsLeft(({ call: told }) => told?.(answer('GatewayUnavailable'))).failures).toEqual({
      payment: 1,
    })
    expect(whatIsLeft(({ call: told }) => told?.(answer('PaymentDeclined'))).failures).toEqual({})
  })

  it('is not a refusal for which the invocation failed by its name, where that is how one answers', () => {
    const failed = (errorType: string) =>
      whatIsLeft((observer) => {
        observer.invocation?.(invocation({ end: 'failed' }))
        observer.call?.(
          call({
            service: 'lambda',
            action: 'Invoke',
            by: 'OrderFlow',
            resource: 'PayFunction',
            output: { FunctionError: 'Unhandled', Payload: { errorType } },
          }),
        )
      }).failures
    expect(failed('PaymentDeclined')).toEqual({ payment: 0 })
    expect(failed('GatewayUnavailable')).toEqual({ payment: 1 })
  })

  it('is a refused call, of both whom it was by and whom it was to', () => {
    const input = { MessageBody: message('two') }
    expect(
      whatIsLeft(({ call: told }) =>
        told?.(call({ by: 'OrderFlow', resource: 'ShipQueue', input, error: 'AccessDenied' })),
      ),
    ).toEqual({ failures: { conductor: 1, shipping: 1 }, troubles: [0, 1] })
    expect(
      whatIsLeft(({ call: told }) =>
        told?.(
          call({
            by: 'PayFunction',
            input: { Entries: [{ Detail: message('one') }] },
            error: 'ServiceUnavailable',
          }),
        ),
      ),
    ).toEqual({ failures: { payment: 1 }, troubles: [1, 0] })
  })

  it.each(['FAILED', 'TIMED_OUT', 'ABORTED'] as const)(
    'is an execution that %s, of whoever is in charge, and about the order that it is named after',
    (status) => {
      const end = { machineId: 'OrderFlow', executionName: 'two', startedMs: 0, endedMs: 0 }
      expect(whatIsLeft(({ execution }) => execution?.({ ...end, status }))).toEqual({
        failures: { conductor: 1 },
        troubles: [0, 1],
      })
      expect(whatIsLeft(({ execution }) => execution?.({ ...end, status: 'SUCCEEDED' })).failures).toEqual({})
    },
  )

  it.each(['ConditionalCheckFailedException', 'TransactionCanceledException', 'TaskTimedOut'])(
    'is not %s: it tells of what was done or decided before',
    (error) => {
      expect(whatIsLeft(({ call: told }) => told?.(call({ by: 'PayFunction', error }))).failures).toEqual({})
    },
  )

  it.each([
    { how: 'dead-lettered', resource: 'PayRule', service: 'payment' },
    { how: 'dead-lettered', resource: 'ShipQueue', service: 'shipping' },
    { how: 'expired', resource: 'PayQueue', service: 'payment' },
    { how: 'dropped', resource: 'ShipRuleDlq', service: 'shipping' },
  ] as const)('is a message that $resource lost: $how', ({ how, resource, service }) => {
    expect(
      whatIsLeft(({ lost }) => lost?.({ how, resource, body: message('one'), atMs: 0, reason: '' })),
    ).toEqual({ failures: { [service]: 1 }, troubles: [1, 0] })
  })

  it('is nobody’s where an event is lost that no rule is for', () => {
    const body = message('one')
    expect(
      whatIsLeft(({ lost }) => lost?.({ how: 'unmatched', resource: 'OrderBus', body, atMs: 0, reason: '' }))
        .failures,
    ).toEqual({})
  })

  it('is an event that its rule did not take; what expired in a queue was told of before', () => {
    const missing = (resource: string) => ({ resource, bus: 'OrderBus', events: 3, fromMs: 0, toMs: 0 })
    const { failures } = fold().finish(nothingDeployed, [missing('PayRule'), missing('ShipQueue')])
    expect(Object.fromEntries(failures)).toEqual({ payment: 3 })
  })
})

describe('an order', () => {
  it('is in trouble when a message about it comes again, which is no failure', () => {
    expect(whatIsLeft(({ duplicate }) => duplicate?.('PayQueue', message('two')))).toEqual({
      failures: {},
      troubles: [0, 1],
    })
  })

  it('is completed when the bus took its first last word, counted from its intended start', () => {
    const { observer, submitted, finish } = fold()
    const tell = (type: string, endedMs: number) =>
      observer.call?.(
        call({
          service: 'events',
          action: 'PutEvents',
          input: { Entries: [{ DetailType: type, Detail: message('two') }] },
          output: { Entries: [{ EventId: 'e' }] },
          endedMs,
        }),
      )
    submitted('one', 100)
    submitted('two', 200)
    tell('OrderShipped', 300)
    tell('OrderCompleted', 450)
    tell('OrderCompleted', 900)
    expect([...finish(nothingDeployed, []).completionMs]).toEqual([Number.NaN, 250])
  })
})

describe('the footprints of shards', () => {
  const shard = (completionMs: number, failed: number, state: string) => ({
    intendedMs: Float64Array.of(100 * completionMs),
    completionMs: Float64Array.of(completionMs),
    troubles: Uint32Array.of(failed),
    failures: new Map([['payment', failed]]),
    records: new Map([['payment', { names: ['other', state], states: Uint8Array.of(1) }]]),
  })

  it('are their orders one after the other, and their failures together', () => {
    const whole = footprintOf([shard(5, 2, 'charged'), shard(7, 3, 'declined')])
    expect(whole).toMatchObject({
      intendedMs: Float64Array.of(500, 700),
      completionMs: Float64Array.of(5, 7),
      troubles: Uint32Array.of(2, 3),
      failures: new Map([['payment', 5]]),
    })
    const { names = [], states = [] } = whole?.records.get('payment') ?? {}
    expect([...states].map((state) => names[state])).toEqual(['charged', 'declined'])
  })

  it('are none where none was kept', () => {
    expect(footprintOf([])).toBeUndefined()
  })
})
