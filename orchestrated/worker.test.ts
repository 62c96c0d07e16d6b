import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { awsError, recordOf, rigOf } from '../shared/clients.testing.ts'
import { type CommandEnvelope, command as makeCommand } from '../shared/messages/envelope.ts'
import { answersTo } from '../shared/messages/registry.ts'
import { anOrder, aSummary } from '../shared/orders.testing.ts'
import { commandRoutes } from './commands.ts'
import * as entries from './entry.ts'
import * as directEntries from './entry-direct.ts'

const time = '2026-01-05T00:00:00.000Z'
const startMs = Date.parse(time)
const minutes = 60_000

const base = { source: 'order-flow', orderId: 'o-1', causationId: 'cause', time }
const create = makeCommand({ ...base, type: 'CreateOrder', data: { order: anOrder } })
const pay = makeCommand({ ...base, type: 'ProcessPayment', data: { order: aSummary } })
const complete = makeCommand({ ...base, type: 'CompleteOrder', data: { order: aSummary } })
const notify = makeCommand({
  ...base,
  type: 'NotifyCustomer',
  data: { order: aSummary, outcome: 'OrderCompleted' },
})
const refund = makeCommand({
  ...base,
  type: 'RefundPayment',
  data: { order: aSummary, reason: 'ShippingFailed' },
})

const bodyOf = (command: CommandEnvelope, taskToken = 'token') => ({ taskToken, attempt: 1, command })
const batchOf = (...commands: readonly CommandEnvelope[]) => ({
  Records: commands.map((command, index) => recordOf(bodyOf(command, `token-${index}`), 1, `m-${index}`)),
})
const down = (provider: 'gateway' | 'mailer') => ({
  outages: [{ provider, fromMs: startMs, untilMs: startMs + 24 * 60 * minutes }],
})

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

describe('the routes', () => {
  it('answer each command with the facts that the registry promises', () => {
    for (const { command, facts, refusals } of commandRoutes) {
      expect(new Set([...facts, ...refusals])).toEqual(new Set(answersTo(command)))
    }
  })

  it.each([
    { name: 'behind the queues', exported: Object.keys(entries) },
    { name: 'that are invoked', exported: Object.keys(directEntries) },
  ])('have one exported function each, $name', ({ exported }) => {
    expect(exported.sort()).toEqual(commandRoutes.map(({ handler }) => handler).sort())
  })
})

describe('the worker behind a queue', () => {
  it('answers the task with the fact', async () => {
    const { handler, sent } = rigOf(entries.processPayment)
    expect(await handler(batchOf(pay))).toEqual({ batchItemFailures: [] })
    expect(sent).toEqual([
      {
        command: 'SendTaskSuccessCommand',
        input: { taskToken: 'token-0', output: expect.stringContaining('"type":"PaymentProcessed"') },
      },
    ])
  })

  it('answers with a failure named after the refusal, whose cause is the id of the fact', async () => {
    const { handler, sent, table } = rigOf(entries.processPayment, { model: { cardsDeclined: 1 } })
    await handler(batchOf(pay))
    const [fact] = (table.items.get('o-1') as { facts: readonly { id: string }[] }).facts
    expect(sent).toMatchObject([
      { command: 'SendTaskFailureCommand', input: { error: 'PaymentDeclined', cause: fact?.id } },
    ])
  })

  it('takes a repeat for what it is: the same answer, nothing charged', async () => {
    const { handler, sent } = rigOf(entries.processPayment)
    await handler(batchOf(pay))
    await handler(batchOf(pay))
    expect(sent[1]).toEqual(sent[0])
  })

  it('hands an outage to the retry of the state, by name', async () => {
    const { handler, sent } = rigOf(entries.processPayment, { model: down('gateway') })
    expect(await handler(batchOf(pay))).toEqual({ batchItemFailures: [] })
    expect(sent).toMatchObject([{ input: { taskToken: 'token-0', error: 'ProviderUnavailable' } }])
  })

  it.each([
    { name: 'just before', afterMs: 30 * minutes - 1_001, error: 'ProviderUnavailable' },
    { name: 'at', afterMs: 30 * minutes - 1_000, error: 'PatienceExhausted' },
  ])('$name the end of patience an outage is $error', async ({ afterMs, error }) => {
    const { handler, sent, sleep } = rigOf(entries.processPayment, { model: down('gateway') })
    await sleep(afterMs)
    await handler(batchOf(pay))
    expect(sent).toMatchObject([{ input: { error } }])
  })

  it('never gives up a compensation', async () => {
    const { handler, sent, sleep } = rigOf(entries.refundPayment, { model: down('gateway') })
    await sleep(40 * minutes)
    await handler(batchOf(refund))
    expect(sent).toMatchObject([{ input: { error: 'ProviderUnavailable' } }])
  })

  it('settles a notification for failure at the end of patience, as a fact', async () => {
    const { handler, sent, sleep } = rigOf(entries.notifyCustomer, { model: down('mailer') })
    await sleep(30 * minutes)
    await handler(batchOf(notify))
    expect(sent).toMatchObject([
      {
        command: 'SendTaskSuccessCommand',
        input: { output: expect.stringContaining('NotificationFailed') },
      },
    ])
  })

  it('announces the end of an order before it answers', async () => {
    const { handler, sent } = rigOf(entries.completeOrder)
    await handler(batchOf(complete))
    expect(sent).toMatchObject([
      {
        command: 'PutEventsCommand',
        input: { Entries: [{ EventBusName: 'bus', Source: 'order-service', DetailType: 'OrderCompleted' }] },
      },
      { command: 'SendTaskSuccessCommand' },
    ])
  })

  it('announces the end again, to the byte, when it is delivered again', async () => {
    const { handler, sent } = rigOf(entries.completeOrder)
    await handler(batchOf(complete))
    await handler(batchOf(complete))
    expect(sent[2]).toEqual(sent[0])
  })

  it('announces an order that it cannot take, and no other that it created', async () => {
    const taken = rigOf(entries.createOrder)
    await taken.handler(batchOf(create))
    expect(taken.sent.map(({ command }) => command)).toEqual(['SendTaskSuccessCommand'])
    const refused = rigOf(entries.createOrder)
    await refused.handler(batchOf({ ...create, data: { order: { ...anOrder, amount: 7 } } }))
    expect(refused.sent).toMatchObject([
      { command: 'PutEventsCommand', input: { Entries: [{ DetailType: 'OrderRejected' }] } },
      { command: 'SendTaskFailureCommand', input: { error: 'OrderRejected' } },
    ])
  })

  it('reports a bus that takes nothing as an outage', async () => {
    const { handler, sent } = rigOf(entries.completeOrder, { answer: () => ({ FailedEntryCount: 1 }) })
    await handler(batchOf(complete))
    expect(sent[1]).toMatchObject({ command: 'SendTaskFailureCommand', input: { error: 'BusUnavailable' } })
  })

  it.each([
    { name: 'TaskTimedOut', isDone: true },
    { name: 'TaskDoesNotExist', isDone: true },
    { name: 'InvalidToken', isDone: false },
    { name: 'ThrottlingException', isDone: false },
  ])('is done when its answer meets $name: $isDone', async ({ name, isDone }) => {
    const { handler } = rigOf(entries.processPayment, {
      answer: () => {
        throw awsError(name)
      },
    })
    const batchItemFailures = isDone ? [] : [{ itemIdentifier: 'm-0' }]
    expect(await handler(batchOf(pay))).toEqual({ batchItemFailures })
  })

  it.each([
    { name: 'no JSON', body: 'nonsense' },
    { name: 'another command', body: bodyOf(complete) },
    { name: 'no token', body: { attempt: 1, command: pay } },
    { name: 'no attempt', body: { taskToken: 't', command: pay } },
    { name: 'null', body: 'null' },
  ])('returns a message with $name to its queue, and that one alone', async ({ body }) => {
    const { handler, sent } = rigOf(entries.processPayment)
    const records = [recordOf(body, 1, 'bad'), recordOf(bodyOf(pay), 1, 'good')]
    expect(await handler({ Records: records })).toEqual({ batchItemFailures: [{ itemIdentifier: 'bad' }] })
    expect(sent).toHaveLength(1)
    expect(console.error).toHaveBeenCalledOnce()
  })
})

describe('the worker that is invoked', () => {
  it('returns the fact', async () => {
    const { handler, sent } = rigOf(directEntries.processPayment)
    expect(await handler({ attempt: 1, command: pay })).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      type: 'PaymentProcessed',
    })
    expect(sent).toEqual([])
  })

  it('throws a refusal by its name, with the id of the fact as message', async () => {
    const { handler } = rigOf(directEntries.processPayment, { model: { cardsDeclined: 1 } })
    await expect(handler({ attempt: 1, command: pay })).rejects.toMatchObject({
      name: 'PaymentDeclined',
      message: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('throws an outage by its name until patience ends', async () => {
    const { handler, sleep } = rigOf(directEntries.processPayment, { model: down('gateway') })
    const payload = { attempt: 1, command: pay }
    await expect(handler(payload)).rejects.toMatchObject({ name: 'ProviderUnavailable' })
    await sleep(30 * minutes)
    await expect(handler(payload)).rejects.toMatchObject({ name: 'PatienceExhausted' })
  })

  it('throws what is malformed as a defect', async () => {
    const { handler } = rigOf(directEntries.processPayment)
    await expect(handler({ attempt: 1, command: complete })).rejects.toMatchObject({
      name: 'MalformedMessage',
    })
  })
})
