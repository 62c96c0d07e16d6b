import { describe, expect, it } from 'vitest'
import { synth } from '../../infra/synth.ts'
import { contestants } from '../contestants.ts'
import type { Coupling } from '../results.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import { couplingOf, type LogicalEdge } from './coupling.ts'

const ref = (logicalId: string): object => ({ Ref: logicalId })
const arn = (logicalId: string): object => ({ 'Fn::GetAtt': [logicalId, 'Arn'] })
const worker = (
  table: string,
  environment: object = {},
  role = 'SomeRole',
): Template['Resources'][string] => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Role: arn(role),
    Environment: { Variables: { TABLE_NAME: ref(table), ...environment } },
  },
})
const mapping = (queue: string, functionId: string): Template['Resources'][string] => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: { EventSourceArn: arn(queue), FunctionName: ref(functionId) },
})
const queue = { Type: 'AWS::SQS::Queue', Properties: {} }
const table = { Type: 'AWS::DynamoDB::Table', Properties: {} }
const bus = { Type: 'AWS::Events::EventBus', Properties: { Name: 'Bus' } }
const rule = (target: string): Template['Resources'][string] => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    EventBusName: ref('OrderBus'),
    Targets: [{ Arn: arn(target), DeadLetterConfig: { Arn: arn('Dlq') } }],
  },
})

const role = (...statements: readonly object[]): Template['Resources'][string] => ({
  Type: 'AWS::IAM::Role',
  Properties: { Policies: [{ PolicyName: 'Least', PolicyDocument: { Statement: statements } }] },
})

/** A conductor over two services, one of which answers by token; the order service announces the end on the bus. */
const conducted: Template = {
  Resources: {
    OrderTable: table,
    PaymentTable: table,
    OrderBus: bus,
    OrderArchive: { Type: 'AWS::Events::Archive', Properties: { SourceArn: arn('OrderBus') } },
    CreateOrderQueue: queue,
    CreateOrderFunction: worker('OrderTable', { BUS_NAME: ref('OrderBus') }),
    CreateOrderMapping: mapping('CreateOrderQueue', 'CreateOrderFunction'),
    ProcessPaymentQueue: queue,
    ProcessPaymentFunction: worker('PaymentTable', {}, 'ProcessPaymentRole'),
    ProcessPaymentMapping: mapping('ProcessPaymentQueue', 'ProcessPaymentFunction'),
    ProcessPaymentRole: role(
      { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: arn('PaymentTable') },
      { Effect: 'Allow', Action: 'sqs:ReceiveMessage', Resource: [arn('ProcessPaymentQueue')] },
      { Effect: 'Allow', Action: ['states:SendTaskSuccess'], Resource: [ref('OrderFlow')] },
      { Effect: 'Allow', Action: 'xray:PutTraceSegments', Resource: '*' },
      { Effect: 'Deny', Action: 'events:PutEvents', Resource: arn('OrderBus') },
    ),
    OrderFlow: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn: arn('OrderFlowRole'),
        DefinitionString: { 'Fn::Join': ['', ['{"QueueUrl":"', ref('CreateOrderQueue'), '"}']] },
        DefinitionSubstitutions: { Pay: { 'Fn::Sub': `\${ProcessPaymentQueue}` } },
      },
    },
  },
  Outputs: { StateMachineArn: { Value: ref('OrderFlow') }, OrderTableName: { Value: ref('OrderTable') } },
}
const conductedFunctions = { CreateOrderFunction: 'order', ProcessPaymentFunction: 'payment' }
const conductedRoutes: LogicalEdge[] = [
  { from: 'conductor', to: 'order', message: 'CreateOrder', kind: 'command' },
  { from: 'order', to: 'conductor', message: 'OrderCreated', kind: 'event' },
  { from: 'conductor', to: 'payment', message: 'ProcessPayment', kind: 'command' },
]

/** Two services that hear each other's events. */
const danced: Template = {
  Resources: {
    OrderTable: table,
    PaymentTable: table,
    OrderBus: bus,
    Dlq: queue,
    OrderOnCreateOrderQueue: queue,
    OrderOnCreateOrderFunction: worker('OrderTable', {
      BUS_NAME: ref('OrderBus'),
      QUEUE_URL: ref('OrderOnCreateOrderQueue'),
    }),
    OrderOnCreateOrderMapping: mapping('OrderOnCreateOrderQueue', 'OrderOnCreateOrderFunction'),
    PaymentOnOrderCreatedQueue: queue,
    PaymentOnOrderCreatedFunction: worker('PaymentTable', { BUS_NAME: ref('OrderBus') }),
    PaymentOnOrderCreatedMapping: mapping('PaymentOnOrderCreatedQueue', 'PaymentOnOrderCreatedFunction'),
    PaymentOnOrderCreatedRule: rule('PaymentOnOrderCreatedQueue'),
    OverdueInbox: queue,
    OverdueRule: rule('OverdueInbox'),
  },
  Outputs: { CreateOrderQueueUrl: { Value: ref('OrderOnCreateOrderQueue') } },
}
const dancedFunctions = { OrderOnCreateOrderFunction: 'order', PaymentOnOrderCreatedFunction: 'payment' }
const dancedRoutes: LogicalEdge[] = [
  { from: 'customer', to: 'order', message: 'CreateOrder', kind: 'command' },
  { from: 'order', to: 'payment', message: 'OrderCreated', kind: 'event' },
  { from: 'payment', to: 'order', message: 'PaymentProcessed', kind: 'event' },
]

const row = (rows: Coupling['direct'], service: string): unknown => {
  const { ca, ce, instability, ais, ads, acs } =
    rows.find((some) => some.service === service) ?? rows[0] ?? {}
  return { ca, ce, instability, ais, ads, acs }
}
const orchestrated = couplingOf({
  template: conducted,
  functions: conductedFunctions,
  routes: conductedRoutes,
})
const choreographed = couplingOf({ template: danced, functions: dancedFunctions, routes: dancedRoutes })

describe('coupling over direct edges', () => {
  it('a conductor names each service that it commands; who answers by token names it', () => {
    expect(row(orchestrated.direct, 'conductor')).toEqual({
      ca: 1,
      ce: 2,
      instability: 2 / 3,
      ais: 2,
      ads: 2,
      acs: 4,
    })
    expect(row(orchestrated.direct, 'payment')).toEqual({
      ca: 1,
      ce: 1,
      instability: 0.5,
      ais: 1,
      ads: 1,
      acs: 1,
    })
  })
  it('a service that announces names the bus', () => {
    expect(row(orchestrated.direct, 'order')).toEqual({
      ca: 1,
      ce: 1,
      instability: 0.5,
      ais: 1,
      ads: 1,
      acs: 1,
    })
    expect(row(orchestrated.direct, 'bus')).toEqual({ ca: 1, ce: 0, instability: 0, ais: 1, ads: 0, acs: 0 })
  })
  it('services on a bus name the bus and not each other; who only people read is no component', () => {
    expect(row(choreographed.direct, 'order')).toEqual({
      ca: 0,
      ce: 1,
      instability: 1,
      ais: 1,
      ads: 1,
      acs: 1,
    })
    expect(row(choreographed.direct, 'payment')).toEqual({
      ca: 0,
      ce: 1,
      instability: 1,
      ais: 0,
      ads: 1,
      acs: 0,
    })
    expect(row(choreographed.direct, 'bus')).toEqual({ ca: 2, ce: 0, instability: 0, ais: 2, ads: 0, acs: 0 })
    expect(choreographed.direct.map(({ service }) => service)).toEqual(['order', 'payment', 'bus'])
    expect(choreographed.mutualPairs.direct).toBe(0)
  })
})

describe('coupling over logical edges', () => {
  it('the sender of a command depends on who obeys it, the listener to an event on who publishes it', () => {
    expect(row(orchestrated.logical, 'conductor')).toEqual({
      ca: 0,
      ce: 2,
      instability: 1,
      ais: 1,
      ads: 2,
      acs: 2,
    })
    expect(row(choreographed.logical, 'payment')).toEqual({
      ca: 1,
      ce: 1,
      instability: 0.5,
      ais: 1,
      ads: 1,
      acs: 1,
    })
  })
  it('the customer is a client, and no component', () => {
    expect(row(choreographed.logical, 'order')).toEqual({
      ca: 1,
      ce: 1,
      instability: 0.5,
      ais: 2,
      ads: 1,
      acs: 2,
    })
  })
  it('two services that hear each other are a mutual pair, which direct edges hide', () => {
    expect(choreographed.mutualPairs).toEqual({ direct: 0, logical: 1 })
    expect(orchestrated.mutualPairs).toEqual({ direct: 1, logical: 0 })
  })
  it('a bus carries messages and owns none', () => {
    expect(row(choreographed.logical, 'bus')).toEqual({
      ca: 0,
      ce: 0,
      instability: null,
      ais: 0,
      ads: 0,
      acs: 0,
    })
  })
})

describe('the contestants, by hand from their templates', () => {
  const templates: Readonly<Record<string, Template>> = synth()
  // Ca and Ce. The order service alone announces in the conducted ones; a token worker may call the state machine.
  it.each<{ id: string; edges: Readonly<Record<string, readonly [ca: number, ce: number]>>; mutual: number }>(
    [
      {
        id: 'orchestrated',
        edges: { order: [1, 2], payment: [1, 1], notification: [1, 1], conductor: [5, 5], bus: [1, 0] },
        mutual: 5,
      },
      {
        id: 'orchestrated-direct',
        edges: { order: [1, 1], payment: [1, 0], notification: [1, 0], conductor: [0, 5], bus: [1, 0] },
        mutual: 0,
      },
      {
        id: 'choreographed',
        edges: { order: [0, 1], payment: [0, 1], view: [0, 1], bus: [6, 0] },
        mutual: 0,
      },
    ],
  )('$id', ({ id, edges, mutual }) => {
    const contestant = contestants.find((some) => some.id === id)
    const template = templates[contestant?.stack ?? '']
    if (contestant === undefined || template === undefined) throw new Error(`There is no contestant ${id}.`)
    const { direct, mutualPairs } = couplingOf({ ...contestant, template })
    const found = Object.fromEntries(direct.map(({ service, ca, ce }) => [service, [ca, ce]]))
    expect(found).toMatchObject(edges)
    expect(mutualPairs.direct).toBe(mutual)
  })
})

describe('a template', () => {
  it('is counted by resource type, in the order of the alphabet', () => {
    expect(Object.entries(choreographed.resources)).toEqual([
      ['AWS::DynamoDB::Table', 2],
      ['AWS::Events::EventBus', 1],
      ['AWS::Events::Rule', 2],
      ['AWS::Lambda::EventSourceMapping', 2],
      ['AWS::Lambda::Function', 2],
      ['AWS::SQS::Queue', 4],
    ])
  })
  it('with a function of nobody is refused by name', () => {
    expect(() => couplingOf({ template: danced, functions: {}, routes: [] })).toThrow(
      'Function OrderOnCreateOrderFunction of the template belongs to no known component',
    )
  })
})
