import { describe, expect, it } from 'vitest'
import type { ApiCall } from '../virtual-aws/observer.ts'
import { type ChainFold, chainOf, createChain } from './chain.ts'
import { apiCall, envelope, putEvents } from './observations.testing.ts'

type Envelope = ReturnType<typeof envelope>
const idOf = (message: Envelope): string => String(message['id'])
const send = (body: unknown, call: Partial<ApiCall> = {}): ApiCall =>
  apiCall({ action: 'SendMessage', input: { QueueUrl: 'q', MessageBody: body }, ...call })
const followed = (...orderIds: readonly string[]): ChainFold =>
  createChain({ seed: 1, orders: orderIds.map((orderId) => ({ orderId })) })

describe('chain depth', () => {
  it('of a choreography counts each event that came of what the customer sent, and that not', () => {
    const fold = followed('o-1')
    const create = envelope('CreateOrder', 'o-1', 'o-1')
    const created = envelope('OrderCreated', 'o-1', idOf(create))
    const reserved = envelope('InventoryReserved', 'o-1', idOf(created))
    fold.observer.call?.(send(JSON.stringify(create), { by: 'caller' }))
    fold.observer.call?.(putEvents([created]))
    fold.observer.call?.(putEvents([reserved]))
    expect(chainOf([fold.finish()])).toEqual({ n: 1, p50: 2, max: 2, commandsP50: 0, factsP50: 2 })
  })

  it('counts the front door alike, whether it is a queue that takes a command or an API that takes an order', () => {
    const byQueue = followed('o-1')
    const byApi = followed('o-1')
    const create = envelope('CreateOrder', 'o-1', 'o-1')
    const created = envelope('OrderCreated', 'o-1', idOf(create))
    byQueue.observer.call?.(send(JSON.stringify(create), { by: 'caller' }))
    byApi.observer.call?.(
      apiCall({
        service: 'states',
        action: 'StartExecution',
        by: 'caller',
        input: { name: 'o-1', input: '{}' },
      }),
    )
    for (const fold of [byQueue, byApi]) fold.observer.call?.(putEvents([created]))
    expect(chainOf([byQueue.finish()])).toEqual(chainOf([byApi.finish()]))
    expect(chainOf([byQueue.finish()]).max).toBe(1)
  })

  it('is that of the longest path, where a message has two consequences', () => {
    const fold = followed('o-1')
    const completed = envelope('OrderCompleted', 'o-1')
    const notified = envelope('CustomerNotified', 'o-1', idOf(completed))
    const overdue = envelope('OrderOverdue', 'o-1', 'elsewhere')
    for (const message of [completed, notified, overdue]) fold.observer.call?.(putEvents([message]))
    expect(chainOf([fold.finish()]).max).toBe(2)
  })

  it('of a conductor goes down with each command and up with each answer, by its task token', () => {
    const fold = followed('o-1')
    const create = envelope('CreateOrder', 'o-1', 'o-1')
    const created = envelope('OrderCreated', 'o-1', idOf(create))
    const pay = envelope('ProcessPayment', 'o-1', idOf(created))
    const declined = envelope('PaymentDeclined', 'o-1', idOf(pay))
    const reject = envelope('RejectOrder', 'o-1', idOf(declined))
    const answer = (action: string, input: object): ApiCall => apiCall({ service: 'states', action, input })
    fold.observer.call?.(send({ taskToken: 't-1', command: create }))
    fold.observer.call?.(
      answer('SendTaskSuccess', {
        taskToken: 't-1',
        output: JSON.stringify({ id: idOf(created), type: 'OrderCreated' }),
      }),
    )
    fold.observer.call?.(send(JSON.stringify({ taskToken: 't-2', command: pay })))
    fold.observer.call?.(
      answer('SendTaskFailure', {
        taskToken: 't-2',
        error: 'PaymentDeclined',
        cause: idOf(declined),
      }),
    )
    fold.observer.call?.(send(JSON.stringify({ taskToken: 't-3', command: reject })))
    expect(chainOf([fold.finish()])).toEqual({ n: 1, p50: 5, max: 5, commandsP50: 3, factsP50: 2 })
  })

  it('knows an outage from a refusal: it is no message', () => {
    const fold = followed('o-1')
    const pay = envelope('ProcessPayment', 'o-1', 'o-1')
    fold.observer.call?.(send({ taskToken: 't-1', command: pay }))
    fold.observer.call?.(
      apiCall({
        service: 'states',
        action: 'SendTaskFailure',
        input: { taskToken: 't-1', error: 'ProviderUnavailable', cause: 'the gateway did not answer' },
      }),
    )
    expect(chainOf([fold.finish()]).max).toBe(1)
  })

  it('of a conductor that invokes functions itself is read from what they were given and gave back', () => {
    const fold = followed('o-1')
    const create = envelope('CreateOrder', 'o-1', 'o-1')
    const created = envelope('OrderCreated', 'o-1', idOf(create))
    const reserve = envelope('ReserveInventory', 'o-1', idOf(created))
    const rejected = envelope('InventoryRejected', 'o-1', idOf(reserve))
    const reject = envelope('RejectOrder', 'o-1', idOf(rejected))
    const terminal = envelope('OrderRejected', 'o-1', idOf(reject))
    const invoke = (command: Envelope, output: object): ApiCall =>
      apiCall({ service: 'lambda', action: 'Invoke', input: { Payload: { command, attempt: 1 } }, output })
    fold.observer.call?.(invoke(create, { Payload: { id: idOf(created), type: 'OrderCreated' } }))
    fold.observer.call?.(
      invoke(reserve, {
        FunctionError: 'Unhandled',
        Payload: { errorType: 'InventoryRejected', errorMessage: idOf(rejected) },
      }),
    )
    // What a function publishes is observed before the end of its invocation.
    fold.observer.call?.(putEvents([terminal]))
    fold.observer.call?.(invoke(reject, { Payload: { id: idOf(terminal), type: 'OrderRejected' } }))
    expect(chainOf([fold.finish()])).toEqual({ n: 1, p50: 6, max: 6, commandsP50: 3, factsP50: 3 })
  })

  it('tells apart what asks and what tells, on the longest path alone', () => {
    const fold = followed('o-1')
    const create = envelope('CreateOrder', 'o-1', 'o-1')
    const created = envelope('OrderCreated', 'o-1', idOf(create))
    const reserved = envelope('InventoryReserved', 'o-1', idOf(created))
    const aside = envelope('NotifyCustomer', 'o-1', idOf(create))
    fold.observer.call?.(send({ command: create }))
    fold.observer.call?.(send({ command: aside }))
    for (const event of [created, reserved]) fold.observer.call?.(putEvents([event]))
    expect(chainOf([fold.finish()])).toEqual({ n: 1, p50: 3, max: 3, commandsP50: 1, factsP50: 2 })
  })

  it('of messages that claim to have caused each other is finite', () => {
    const fold = followed('o-1')
    fold.observer.call?.(putEvents([{ ...envelope('OrderCreated', 'o-1', 'b'), id: 'a' }]))
    fold.observer.call?.(putEvents([{ ...envelope('OrderShipped', 'o-1', 'a'), id: 'b' }]))
    expect(chainOf([fold.finish()]).max).toBe(2)
  })

  it('is not lengthened by what is sent again, nor by what was refused', () => {
    const fold = followed('o-1')
    const created = envelope('OrderCreated', 'o-1')
    const reserved = envelope('InventoryReserved', 'o-1', idOf(created))
    for (const message of [created, created, reserved, reserved, created])
      fold.observer.call?.(putEvents([message]))
    fold.observer.call?.(putEvents([envelope('PaymentProcessed', 'o-1', idOf(reserved))], {}, [0]))
    fold.observer.call?.(
      putEvents([envelope('PaymentProcessed', 'o-1', idOf(reserved))], { error: 'ThrottlingException' }),
    )
    expect(chainOf([fold.finish()])).toEqual({ n: 1, p50: 2, max: 2, commandsP50: 0, factsP50: 2 })
  })

  it('tells orders apart, and counts none that sent nothing', () => {
    const fold = followed('o-1', 'o-2', 'silent')
    const first = envelope('OrderCreated', 'o-1')
    fold.observer.call?.(putEvents([first, envelope('OrderCreated', 'o-2')]))
    fold.observer.call?.(
      putEvents([envelope('InventoryReserved', 'o-1', idOf(first)), envelope('OrderCreated', 'unknown')]),
    )
    expect(chainOf([fold.finish()])).toEqual({ n: 2, p50: 1, max: 2, commandsP50: 0, factsP50: 1 })
  })

  it('reads an event where it is put, and not again where a rule hands it on', () => {
    const fold = followed('o-1')
    const [created, elsewhere] = [envelope('OrderCreated', 'o-1'), envelope('OrderShipped', 'o-1')]
    fold.observer.call?.(putEvents([created]))
    for (const detail of [created, elsewhere])
      fold.observer.call?.(send(JSON.stringify({ version: '0', id: 'event-1', detail })))
    expect(chainOf([fold.finish()])).toEqual({ n: 1, p50: 1, max: 1, commandsP50: 0, factsP50: 1 })
  })

  it('ignores messages that are no envelopes', () => {
    const fold = followed('o-1')
    for (const body of ['not json', '{"half', '{}', 7, undefined, { orderId: 'o-1' }])
      fold.observer.call?.(send(body))
    expect(chainOf([fold.finish()])).toEqual({ n: 0, p50: 0, max: 0, commandsP50: 0, factsP50: 0 })
  })

  it('follows a bounded sample of many orders', () => {
    const orders = Array.from({ length: 500 }, (_, index) => ({ orderId: `o-${index}` }))
    const fold = createChain({ seed: 1, orders, sampleMax: 10 })
    for (const { orderId } of orders) fold.observer.call?.(putEvents([envelope('OrderCreated', orderId)]))
    expect(chainOf([fold.finish()])).toEqual({ n: 10, p50: 1, max: 1, commandsP50: 0, factsP50: 1 })
  })
})
