import { type Stack, Validations } from 'aws-cdk-lib'
import type { CfnRule } from 'aws-cdk-lib/aws-events'
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { deadline, type Subscription, subscriptions } from '../choreographed/subscriptions.ts'
import {
  type CommandName,
  commandNames,
  type EventName,
  serviceNames,
  sourceOf,
} from '../shared/messages/names.ts'
import { dashboard, queueLine, ruleLine, rulesOf, type Signs, underWay } from './dashboard.ts'
import { eventRule } from './event-rule.ts'
import { type Owner, stemOf, terminalFacts } from './names.ts'
import { allow } from './policy.ts'
import { guardQueue, peopleQueue, workQueue } from './queues.ts'
import { type ServiceFunction, serviceFunction } from './service-function.ts'
import { output, type SharedResources, sharedResources } from './shared-resources.ts'

/** No conductor: each service hears what it subscribed to, through a rule, a queue and a function of its own. */
export const choreographedStack = (scope: Construct, codeFolder: string): Stack => {
  const shared = sharedResources(scope, 'Choreographed', codeFolder, [...serviceNames, 'view'])
  const deadlines = workQueue(shared.stack, stemOf(deadline.handler))
  guardQueue(shared.stack, deadlines)
  const queues = subscriptions.map((subscription) => listen(shared, subscription, deadlines))
  // A deadline looks whether its order has ended; events move the view on without reading it.
  const readsView = { tableActions: ['dynamodb:GetItem'] }
  reaction(shared, { ...deadline, ...readsView, listener: 'view' }, deadlines, deadlines)
  const inboxes = deadline.publishes.map((event) => tellOperators(shared, event))
  dashboard(shared.stack, signsOf(shared, queues, inboxes))
  return shared.stack
}

/** What the bus and the front door tell: an order is a command that came in and a terminal fact that went out. */
const signsOf = (
  { stack, bus }: SharedResources,
  queues: readonly CfnQueue[],
  inboxes: readonly CfnQueue[],
): Signs => {
  const doors = queues.filter((_, index) => subscriptions[index]?.on.some(isCommand))
  const ends = subscriptions.filter(
    ({ listener, on }) => listener !== 'view' && terminalFacts.some((fact) => on.includes(fact)),
  )
  const rules = rulesOf(stack)
  const endRules = ends.flatMap(({ handler }) => rules.filter(({ name }) => name === stemOf(handler)))
  const ended = endRules.map((_, index) => `ended${index}`)
  return {
    orders: [
      ...doors.map((door) =>
        queueLine(door, 'NumberOfMessagesSent', { stat: 'Sum', id: 'entered', label: 'in' }),
      ),
      ...endRules.map((rule, index) =>
        ruleLine(rule, bus.ref, { id: ended[index] ?? '', label: `out: ${ends[index]?.on.join()}` }),
      ),
      underWay('entered', ...ended),
    ],
    pace: { title: 'Events by rule', lines: rules.map((rule) => ruleLine(rule, bus.ref)) },
    overdue: inboxes.map((inbox) => queueLine(inbox, 'ApproximateNumberOfMessagesVisible')),
    inboxes,
  }
}

/** The way of one subscription: from the bus by a rule, or from outside when it is the front door. */
const listen = (shared: SharedResources, subscription: Subscription, deadlines: CfnQueue): CfnQueue => {
  const stem = stemOf(subscription.handler)
  const queue = workQueue(shared.stack, stem)
  const events = subscription.on.filter((name) => !isCommand(name))
  guardQueue(shared.stack, queue, events.length === 0 ? undefined : ruleFor(shared, stem, events, queue))
  for (const command of subscription.on.filter(isCommand))
    output(shared.stack, `${command}QueueUrl`, queue.ref)
  reaction(shared, subscription, queue, deadlines)
  return queue
}

type Reaction = Pick<Subscription, 'handler' | 'listener' | 'publishes'> &
  Pick<ServiceFunction, 'tableActions'>

const reaction = (
  shared: SharedResources,
  { handler, listener, publishes, tableActions = [] }: Reaction,
  queue: CfnQueue,
  deadlines: CfnQueue,
): void => {
  const keepsDeadlines = listener === 'view'
  serviceFunction(shared, {
    file: 'choreographed',
    handler,
    owner: listener,
    queue,
    publishes: publishes.length > 0,
    tableActions,
    statements: [
      // A reaction puts a message off by hiding it for longer: choreography has no conductor to retry it.
      allow(['sqs:ChangeMessageVisibility'], queue.attrArn),
      ...(keepsDeadlines ? [allow(['sqs:SendMessage'], deadlines.attrArn)] : []),
    ],
    environment: {
      QUEUE_URL: queue.ref,
      ...(keepsDeadlines ? { DEADLINE_QUEUE_URL: deadlines.ref } : {}),
    },
  })
}

/** An event that asks for a person: it lies in the operators' inbox until somebody takes it out. */
const tellOperators = (shared: SharedResources, event: EventName): CfnQueue => {
  const inbox = peopleQueue(shared.stack, `${event}Inbox`, 'overdueOrders')
  Validations.of(inbox).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'People empty it, no program does: there is no receive that could fail too often.',
  })
  guardQueue(shared.stack, inbox, ruleFor(shared, event, [event], inbox))
  return inbox
}

const ruleFor = (
  { stack, bus }: SharedResources,
  stem: string,
  events: readonly string[],
  queue: CfnQueue,
): CfnRule =>
  eventRule(
    stack,
    bus,
    stem,
    { source: [...new Set(events.flatMap(sourcesOf))], 'detail-type': events },
    queue,
  )

/** Who publishes an event; an event that nobody publishes would make a rule that matches nothing. */
const sourcesOf = (event: string): readonly string[] => {
  const owners = publishers.filter(({ publishes }) => publishes.some((name) => name === event))
  if (owners.length === 0) throw new Error(`Nobody publishes "${event}", which a subscription listens to.`)
  return owners.map(({ listener }) => sourceOf(listener))
}

const publishers: readonly { readonly listener: Owner; readonly publishes: readonly EventName[] }[] = [
  ...subscriptions,
  { ...deadline, listener: 'view' },
]

const isCommand = (name: string): name is CommandName => commandNames.some((command) => command === name)
