import { describe, expect, it } from 'vitest'
import type { Coupling } from '../results.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import { couplingOf, type LogicalEdge } from './coupling.ts'

const ref = (logicalId: string): object => ({ Ref: logicalId })
const arn = (logicalId: string): object => ({ 'Fn::GetAtt': [logicalId, 'Arn'] })
const worker = (table: string, environment: object = {}): Template['Resources'][string] => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Role: arn('SomeRole'),
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

/** A conductor over two services; the order service announces the end on the bus. */
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
    ProcessPaymentFunction: worker('PaymentTable'),
    ProcessPaymentMapping: mapping('ProcessPaymentQueue', 'ProcessPaymentFunction'),
    ProcessPaymentRole: {
      Type: 'AWS::IAM::Role',
      Properties: { Policies: [{ Resource: ref('OrderFlow') }] },
    },
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
  it('a conductor names each service that it commands, and is named by nobody inside', () => {
    expect(row(orchestrated.direct, 'conductor')).toEqual({
      ca: 0,
      ce: 2,
      instability: 1,
      ais: 1,
      ads: 2,
      acs: 2,
    })
  })
  it('a service that only obeys names nobody; its permission to answer is no wiring', () => {
    expect(row(orchestrated.direct, 'payment')).toEqual({
      ca: 1,
      ce: 0,
      instability: 0,
      ais: 1,
      ads: 0,
      acs: 0,
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
    expect(orchestrated.mutualPairs).toEqual({ direct: 0, logical: 0 })
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
