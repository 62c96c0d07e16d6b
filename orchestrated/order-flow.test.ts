import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import jsonata from 'jsonata'
import { describe, expect, it } from 'vitest'
import { messageId } from '../shared/messages/envelope.ts'
import type { CommandName } from '../shared/messages/names.ts'
import { parse } from '../shared/messages/parse.ts'
import { summaryOf } from '../shared/order.ts'
import { anOrder, orderOf } from '../shared/orders.testing.ts'
import { atEndOfPatience, retrySchedule, technicalErrors } from '../shared/patience.ts'
import { commandRoutes } from './commands.ts'

// The package has no types of its own.
const aslValidator = createRequire(import.meta.url)('asl-validator') as (definition: unknown) => {
  readonly isValid: boolean
  readonly errorsText: (separator: string) => string
}

interface Catcher {
  readonly ErrorEquals: readonly string[]
  readonly Next: string
  readonly Assign?: Readonly<Record<string, string>>
  readonly Output?: unknown
}
interface State {
  readonly Type: string
  readonly Resource?: string
  readonly TimeoutSeconds?: number
  readonly Arguments?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[]
  readonly Catch?: readonly Catcher[]
  readonly Assign?: Readonly<Record<string, string>>
  readonly Next?: string
}
interface Machine {
  readonly StartAt: string
  readonly States: Readonly<Record<string, State>>
}

const read = (name: string): Machine =>
  JSON.parse(readFileSync(new URL(`${name}.asl.json`, import.meta.url), 'utf8')) as Machine
const machines = { 'order-flow': read('order-flow'), 'order-flow-direct': read('order-flow-direct') }
const named = Object.entries(machines)
const tasksOf = ({ States }: Machine) => Object.entries(States).filter(([, { Type }]) => Type === 'Task')

describe.each(named)('%s', (_name, machine) => {
  it('is valid Amazon States Language', () => {
    const { isValid, errorsText } = aslValidator(machine)
    expect(isValid, errorsText('\n')).toBe(true)
  })

  it('has one task for every command, named after it', () => {
    expect(tasksOf(machine).map(([name]) => name)).toEqual(
      expect.arrayContaining(commandRoutes.map(({ command }) => command)),
    )
    expect(tasksOf(machine)).toHaveLength(commandRoutes.length)
  })

  it('retries outages by name on the stated schedule, and never everything', () => {
    for (const [, { Retry }] of tasksOf(machine)) {
      const [outages, timeout] = Retry ?? []
      expect(outages).toMatchObject({
        ErrorEquals: expect.arrayContaining([...technicalErrors]),
        IntervalSeconds: retrySchedule.intervalMs / 1_000,
        BackoffRate: retrySchedule.backoffRate,
        MaxDelaySeconds: retrySchedule.delayMsMax / 1_000,
        MaxAttempts: retrySchedule.retriesMax,
        JitterStrategy: 'FULL',
      })
      expect(timeout).toMatchObject({ ErrorEquals: ['States.Timeout'], MaxAttempts: 2 })
      expect(JSON.stringify(Retry)).not.toContain('States.ALL')
    }
  })

  it('catches whatever a route may refuse, and a technical end of every step that can be given up', () => {
    for (const { command, refusals } of commandRoutes) {
      const caught = (machine.States[command]?.Catch ?? []).flatMap(({ ErrorEquals }) => ErrorEquals)
      const isGivenUp = atEndOfPatience[command] !== 'never'
      expect(caught).toEqual(isGivenUp ? [...refusals, 'States.ALL'] : [])
    }
  })

  it.each([
    { step: 'CreateOrder', undoing: 'RejectOrder' },
    { step: 'ReserveInventory', undoing: 'ReleaseInventory' },
    { step: 'ProcessPayment', undoing: 'RefundPayment' },
    { step: 'ArrangeShipping', undoing: 'CancelShipping' },
  ])(
    'undoes $step by $undoing when its end is unknown, then all before it in reverse',
    ({ step, undoing }) => {
      const catchers = machine.States[step]?.Catch ?? []
      expect(catchers.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], Next: undoing })
      const path: string[] = []
      let next: string | undefined = undoing
      while (next !== undefined && path.length < 10) {
        path.push(next)
        next = next === 'HasItShipped' ? 'RefundPayment' : machine.States[next]?.Next
      }
      const chain = [
        'CancelShipping',
        'HasItShipped',
        'RefundPayment',
        'ReleaseInventory',
        'RejectOrder',
        'NotifyCustomer',
      ]
      expect(path).toEqual(chain.slice(chain.indexOf(undoing)))
    },
  )

  it('enters six states for an order that goes well', () => {
    const path: string[] = []
    let next: string | undefined = machine.StartAt
    while (next !== undefined) {
      path.push(next)
      next = machine.States[next]?.Next
    }
    expect(path).toHaveLength(6)
  })

  it('does not carry the lines on after the inventory has them', () => {
    const users = tasksOf(machine).filter(([, state]) =>
      JSON.stringify(state.Arguments).includes('$states.input %}'),
    )
    expect(users.map(([name]) => name)).toEqual(['CreateOrder', 'ReserveInventory'])
  })

  it.each(commandRoutes.map(({ command }) => ({ command })))(
    'sends a $command that its worker can read',
    async ({ command }) => {
      const isFirst = command === 'CreateOrder'
      const cause = isFirst ? anOrder.orderId : 'id of the fact before'
      const input =
        isFirst || command === 'ReserveInventory' ? anOrder : { id: cause, type: 'OrderCompleted' }
      const sent = await evaluate(bodyOf(machine.States[command]), {
        states: { input, context: { Task: { Token: 't' }, State: { EnteredTime: time, RetryCount: 2 } } },
        order: summaryOf(anOrder),
        cause,
        reason: 'ShippingFailed',
      })
      const { attempt, command: envelope } = sent as { attempt: number; command: unknown }
      expect(attempt).toBe(3)
      expect(parse([command], envelope)).toEqual(envelope)
      expect(envelope).toMatchObject({
        id: messageId(anOrder.orderId, command, cause),
        time,
        subject: 'o-1',
        causationid: cause,
      })
    },
  )

  it.each([
    { name: 'many lines', order: orderOf('o-1', 3, 2) },
    { name: 'one line', order: orderOf('o-1', 1, 5) },
    { name: 'no lines', order: orderOf('o-1', 0) },
  ])('sums up an order of $name as the services do', async ({ order }) => {
    const { CreateOrder } = machine.States
    const summaries = [CreateOrder?.Assign, ...(CreateOrder?.Catch ?? []).map(({ Assign }) => Assign)]
    expect(summaries).toHaveLength(3)
    for (const assigned of summaries) {
      expect(await evaluate(assigned?.['order'], { states: { input: order } })).toEqual(summaryOf(order))
    }
  })
})

describe('the two machines', () => {
  /** What is left of a state without its integration: where to go on, and on which errors. */
  const shapeOf = ({ Type, Next, Catch, Retry, ...rest }: State & { readonly [field: string]: unknown }) => ({
    Type,
    Next,
    End: rest['End'],
    Choices: rest['Choices'],
    Default: rest['Default'],
    Catch: Catch?.map(({ ErrorEquals, Next: next }) => ({ ErrorEquals, Next: next })),
    Retry: Retry?.map(({ ErrorEquals, ...schedule }) => ({
      ErrorEquals: ErrorEquals.filter((error) => !/^(SQS|Lambda|Sandbox|Runtime)\./.test(error)),
      ...schedule,
    })),
  })
  const shapesOf = ({ States }: Machine) =>
    Object.fromEntries(Object.entries(States).map(([name, state]) => [name, shapeOf(state as never)]))

  it('have the same states, transitions, catches and retries: only the integration differs', () => {
    expect(shapesOf(machines['order-flow-direct'])).toEqual(shapesOf(machines['order-flow']))
    expect(machines['order-flow-direct'].StartAt).toBe(machines['order-flow'].StartAt)
  })

  it('name their queues and functions by placeholders after the command', () => {
    for (const { command } of commandRoutes) {
      expect(machines['order-flow'].States[command]?.Arguments?.['QueueUrl']).toBe(`\${${command}QueueUrl}`)
      expect(machines['order-flow-direct'].States[command]?.Arguments?.['FunctionName']).toBe(
        `\${${command}FunctionArn}`,
      )
    }
  })

  it('send the same command', () => {
    const commandsOf = (machine: Machine) =>
      tasksOf(machine).map(([name, state]) => [name, (bodyOf(state) as { command: unknown }).command])
    expect(commandsOf(machines['order-flow-direct'])).toEqual(commandsOf(machines['order-flow']))
  })
})

const time = '2026-01-05T00:00:00.000Z'

const bodyOf = (state: State | undefined): unknown =>
  state?.Arguments?.['MessageBody'] ?? state?.Arguments?.['Payload']

type Bindings = Readonly<Record<string, unknown>>

/** Evaluates a template as Step Functions does: every string between `{%` and `%}` is JSONata. */
const evaluate = async (template: unknown, bindings: Bindings): Promise<unknown> => {
  if (typeof template === 'string')
    return template.startsWith('{%') ? evaluateOne(template, bindings) : template
  if (typeof template !== 'object' || template === null) return template
  const entries = Object.entries(template).map(
    async ([key, value]) => [key, await evaluate(value, bindings)] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

const evaluateOne = async (template: string, bindings: Bindings): Promise<unknown> => {
  const expression = jsonata(template.slice(2, -2))
  expression.registerFunction('hash', async (text: string) => {
    const [orderId = '', type = '', cause = ''] = text.split('/')
    return messageId(orderId, type as CommandName, cause)
  })
  const result: unknown = await expression.evaluate(undefined, bindings)
  return JSON.parse(JSON.stringify(result))
}
