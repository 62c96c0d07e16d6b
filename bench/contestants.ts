import { StartExecutionCommand } from '@aws-sdk/client-sfn'
import { SendMessageCommand } from '@aws-sdk/client-sqs'
import * as choreographedEntry from '../choreographed/entry.ts'
import { deadline, subscriptions } from '../choreographed/subscriptions.ts'
import { commandRoutes } from '../orchestrated/commands.ts'
import * as orchestratedEntry from '../orchestrated/entry.ts'
import * as directEntry from '../orchestrated/entry-direct.ts'
import flowDefinition from '../orchestrated/order-flow.asl.json' with { type: 'json' }
import directDefinition from '../orchestrated/order-flow-direct.asl.json' with { type: 'json' }
import { command } from '../shared/messages/envelope.ts'
import type { CommandName } from '../shared/messages/names.ts'
import type { Order } from '../shared/order.ts'
import type { Clients, FunctionEntry } from '../shared/runtime.ts'
import { flowOfStateMachine, flowOfSubscriptions } from './flows.ts'
import type { ContestantInfo } from './results.ts'
import { deafTo, withoutConsumer } from './template-surgery.ts'
import type { Template } from './virtual-aws/deploy.ts'

/** Who sends which message to whom, whatever it travels through: the logical edges of a contestant. */
export interface MessageRoute {
  readonly from: string
  readonly to: string
  readonly message: string
  readonly kind: 'command' | 'event'
}

/** One way to coordinate the flow. This file is the only one that sees them all: a variant is one entry. */
export interface Contestant extends ContestantInfo {
  /** Name of its stack among the synthesised templates. */
  readonly stack: string
  /** By the template's `Handler`. */
  readonly code: Readonly<Record<string, FunctionEntry>>
  readonly routes: readonly MessageRoute[]
  /** The component that a function belongs to, for coupling: function's logical id → service, conductor or view. */
  readonly functions: Readonly<Record<string, string>>
  /** The step of the flow that a function takes, by its logical id: the same steps in every style. */
  readonly steps: Readonly<Record<string, CommandName>>
  /** The one durable call that accepts an order. */
  readonly submit: (
    clients: Clients,
    outputs: Readonly<Record<string, string>>,
    order: Order,
    atMs: number,
  ) => Promise<unknown>
  /** The template with nobody listening to that message. */
  readonly withoutListeners: (template: Template, message: string) => Template
}

const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1)
const entries = (file: string, exports: object): Readonly<Record<string, FunctionEntry>> =>
  Object.fromEntries(
    Object.entries(exports).map(([name, entry]) => [`${file}.${name}`, entry as FunctionEntry]),
  )
const output = (outputs: Readonly<Record<string, string>>, name: string): string => {
  const value = outputs[name]
  if (value === undefined) throw new Error(`The stack has no output ${name}.`)
  return value
}

const startExecution: Contestant['submit'] = (clients, outputs, order) =>
  clients.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: output(outputs, 'StateMachineArn'),
      name: order.orderId,
      input: JSON.stringify(order),
    }),
  )

const sendCreateOrder: Contestant['submit'] = (clients, outputs, order, atMs) =>
  clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: output(outputs, 'CreateOrderQueueUrl'),
      MessageBody: JSON.stringify(
        command({
          type: 'CreateOrder',
          orderId: order.orderId,
          causationId: order.orderId,
          time: new Date(atMs).toISOString(),
          source: 'customer',
          data: { order },
        }),
      ),
    }),
  )

/** A command goes down to its service; the fact that answers it comes back up to the conductor. */
const conducted: readonly MessageRoute[] = commandRoutes.flatMap((route) => [
  { from: 'conductor', to: route.service, message: route.command, kind: 'command' as const },
  ...[...route.facts, ...route.refusals].map((fact) => ({
    from: route.service,
    to: 'conductor',
    message: fact,
    kind: 'event' as const,
  })),
])

const danced: readonly MessageRoute[] = subscriptions.flatMap((subscription) =>
  subscription.on.flatMap((message): MessageRoute[] => {
    if (message === 'CreateOrder')
      return [{ from: 'customer', to: subscription.listener, message, kind: 'command' }]
    const publishers = new Set(
      subscriptions.filter((other) => other.publishes.includes(message)).map((other) => other.listener),
    )
    return [...publishers].map((from) => ({ from, to: subscription.listener, message, kind: 'event' }))
  }),
)

/** Nobody in the flow hears that an order is overdue; people do, through an inbox. */
const overdue: readonly MessageRoute[] = deadline.publishes.map((message) => ({
  from: 'view',
  to: 'operator',
  message,
  kind: 'event' as const,
}))

const conductedFunctions = Object.fromEntries(
  commandRoutes.map((route) => [`${route.command}Function`, route.service]),
)

/** Same order everywhere: reports list contestants as this array does. */
const conductedSteps = Object.fromEntries(commandRoutes.map(({ command: step }) => [`${step}Function`, step]))

export const contestants: readonly Contestant[] = [
  {
    id: 'orchestrated',
    style: 'orchestration',
    title: 'Standard with SQS tokens',
    variant: {
      orchestrator: 'Step Functions Standard workflow',
      integration: 'a command a queue: sqs:sendMessage.waitForTaskToken',
    },
    stack: 'Orchestrated',
    flow: flowOfStateMachine(flowDefinition),
    code: entries('orchestrated', orchestratedEntry),
    routes: conducted,
    functions: conductedFunctions,
    steps: conductedSteps,
    submit: startExecution,
    withoutListeners: (template, message) => withoutConsumer(template, `${message}Function`),
  },
  {
    id: 'orchestrated-direct',
    style: 'orchestration',
    title: 'Standard with direct Lambda',
    variant: {
      orchestrator: 'Step Functions Standard workflow',
      integration: 'a command a function: lambda:invoke',
    },
    stack: 'OrchestratedDirect',
    flow: flowOfStateMachine(directDefinition),
    code: entries('orchestrated-direct', directEntry),
    routes: conducted,
    functions: conductedFunctions,
    steps: conductedSteps,
    submit: startExecution,
    withoutListeners: (template, message) => withoutConsumer(template, `${message}Function`),
  },
  {
    id: 'choreographed',
    style: 'choreography',
    title: 'Classic bus with SQS',
    variant: {
      bus: 'EventBridge custom event bus, Classic',
      integration: 'a reaction a rule, queue and function',
    },
    stack: 'Choreographed',
    flow: flowOfSubscriptions(subscriptions),
    code: entries('choreographed', choreographedEntry),
    routes: [...danced, ...overdue],
    functions: Object.fromEntries(
      [...subscriptions, { ...deadline, listener: 'view' }].map((subscription) => [
        `${pascal(subscription.handler)}Function`,
        subscription.listener,
      ]),
    ),
    steps: Object.fromEntries(
      subscriptions.flatMap(({ handler, step }) =>
        step === undefined ? [] : [[`${pascal(handler)}Function`, step]],
      ),
    ),
    submit: sendCreateOrder,
    withoutListeners: (template, message) =>
      message === 'CreateOrder'
        ? withoutConsumer(template, 'OrderOnCreateOrderFunction')
        : deafTo(template, message),
  },
]
