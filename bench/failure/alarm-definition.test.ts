import { describe, expect, it } from 'vitest'
import { synth } from '../../infra/synth.ts'
import { alarmsIn } from '../measure/cost.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import { alarmDefinitions } from './alarm-definition.ts'

const given = {
  AlarmDescription: '[page] Dead letters.',
  Namespace: 'AWS/SQS',
  MetricName: 'ApproximateNumberOfMessagesVisible',
  Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Dead', 'QueueName'] } }],
  Statistic: 'Maximum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
}

const templateOf = (
  properties: Readonly<Record<string, unknown>>,
  resource: Readonly<Record<string, unknown>> = {},
): Template => ({
  Resources: {
    Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead-letters' } },
    Work: { Type: 'AWS::Lambda::Function', Properties: {} },
    Flow: { Type: 'AWS::StepFunctions::StateMachine', Properties: {} },
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } },
    OtherBus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'others' } },
    Rule: { Type: 'AWS::Events::Rule', Properties: { Name: 'listen', EventBusName: { Ref: 'Bus' } } },
    Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { ...given, ...properties }, ...resource },
  },
})

const read = (properties: Readonly<Record<string, unknown>> = {}) =>
  alarmDefinitions(templateOf(properties))[0]

const onRule = (bus: unknown, rule: unknown) => ({
  Namespace: 'AWS/Events',
  MetricName: 'FailedInvocations',
  Dimensions: [
    { Name: 'EventBusName', Value: bus },
    { Name: 'RuleName', Value: rule },
  ],
})

describe('an alarm of a template', () => {
  it('is read as it stands; what it leaves out has the default of AWS', () => {
    expect(read()).toEqual({
      id: 'Alarm',
      severity: 'page',
      says: 'Dead letters.',
      series: 'AWS/SQS ApproximateNumberOfMessagesVisible Dead',
      statistic: 'Maximum',
      periodMinutes: 1,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      threshold: 0,
      comparison: 'GreaterThanThreshold',
      missingData: 'missing',
    })
  })

  it('needs all its evaluation periods unless it says how many', () => {
    expect(read({ EvaluationPeriods: 3 })?.datapointsToAlarm).toBe(3)
    expect(read({ EvaluationPeriods: 3, DatapointsToAlarm: 2 })?.datapointsToAlarm).toBe(2)
  })

  it('takes numbers as text, as CloudFormation does', () => {
    expect(read({ Period: '300', Threshold: '1.5' })).toMatchObject({ periodMinutes: 5, threshold: 1.5 })
  })

  it.each([
    { name: 'a queue by its attribute', properties: {}, id: 'Dead' },
    {
      name: 'a queue by its name',
      properties: { Dimensions: [{ Name: 'QueueName', Value: 'dead-letters' }] },
      id: 'Dead',
    },
    {
      name: 'a function by Ref',
      properties: {
        Namespace: 'AWS/Lambda',
        MetricName: 'Errors',
        Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Work' } }],
      },
      id: 'Work',
    },
    {
      name: 'a state machine by its ARN',
      properties: {
        Namespace: 'AWS/States',
        MetricName: 'ExecutionsFailed',
        Dimensions: [{ Name: 'StateMachineArn', Value: { 'Fn::GetAtt': ['Flow', 'Arn'] } }],
      },
      id: 'Flow',
    },
    { name: 'a rule by its name, on its bus', properties: onRule({ Ref: 'Bus' }, 'listen'), id: 'Rule' },
    {
      name: 'what is not there by its own name: nobody will ever tell of it',
      properties: { Dimensions: [{ Name: 'QueueName', Value: 'gone' }] },
      id: 'gone',
    },
  ])('names $name', ({ properties, id }) => {
    expect(read(properties)?.series.split(' ').at(-1)).toBe(id)
  })

  it.each([
    { properties: { Statistic: undefined, ExtendedStatistic: 'p99' }, named: 'ExtendedStatistic' },
    { properties: { Metrics: [] }, named: 'Metrics' },
    { properties: { Unit: 'Count' }, named: 'Unit' },
    { properties: { EvaluationWindow: { WallClockWindow: {} } }, named: 'EvaluationWindow' },
    { properties: { ThresholdMetricId: 'band' }, named: 'ThresholdMetricId' },
    { properties: { Statistic: 'IQM' }, named: 'IQM' },
    { properties: { ComparisonOperator: 'GreaterThanUpperThreshold' }, named: 'GreaterThanUpperThreshold' },
    { properties: { TreatMissingData: 'zero' }, named: 'zero' },
    { properties: { Period: 30 }, named: '30 s' },
    { properties: { Period: 90 }, named: '90 s' },
    { properties: { Period: 7_200 }, named: '7200 s' },
    { properties: { Namespace: 'AWS/DynamoDB' }, named: 'AWS/DynamoDB' },
    { properties: { MetricName: 'NumberOfMessagesSent' }, named: 'NumberOfMessagesSent' },
    { properties: { Dimensions: [] }, named: 'none of AWS/SQS' },
    { properties: onRule({ Ref: 'OtherBus' }, 'listen'), named: 'not on the bus "OtherBus"' },
    {
      properties: { Dimensions: [{ Name: 'QueueName', Value: { Ref: 'Dead' } }] },
      named: 'QueueName: no AWS::SQS::Queue of the template is {"Ref":"Dead"}',
    },
    { properties: { AlarmDescription: 'Dead letters.' }, named: '[page] or [ticket]' },
    { properties: { DatapointsToAlarm: 2 }, named: 'DatapointsToAlarm' },
    { properties: { EvaluationPeriods: undefined }, named: 'EvaluationPeriods' },
    { properties: { Threshold: undefined }, named: 'Threshold' },
  ])('is refused by name: $named', ({ properties, named }) => {
    expect(() => read(properties)).toThrow(named)
    expect(() => read(properties)).toThrow('AWS::CloudWatch::Alarm "Alarm"')
  })

  it('is refused with a condition, and as a composite one', () => {
    expect(() => alarmDefinitions(templateOf({}, { Condition: 'IsProduction' }))).toThrow('Condition')
    expect(() => alarmDefinitions(templateOf({}, { Type: 'AWS::CloudWatch::CompositeAlarm' }))).toThrow(
      'AWS::CloudWatch::CompositeAlarm "Alarm"',
    )
  })
})

describe('the alarms of the stacks', () => {
  const templates = synth()

  it.each(['Orchestrated', 'OrchestratedDirect', 'Choreographed'] as const)(
    'of %s are all read, each on a resource that is there',
    (stack) => {
      const template = templates[stack]
      const definitions = alarmDefinitions(template)
      expect(definitions.map(({ id }) => id)).toEqual(alarmsIn(template))
      for (const { series } of definitions)
        expect(Object.keys(template.Resources)).toContain(series.split(' ').at(-1))
    },
  )
})
