import { describe, expect, it } from 'vitest'
import {
  at,
  distinct,
  everyTemplate,
  type Json,
  listAt,
  referred,
  resourcesOf,
  untagged,
} from './templates.testing.ts'

const functions = resourcesOf('AWS::Lambda::Function')
const queues = resourcesOf('AWS::SQS::Queue')
const mappings = resourcesOf('AWS::Lambda::EventSourceMapping')
const roles = resourcesOf('AWS::IAM::Role')
const tables = resourcesOf('AWS::DynamoDB::Table')
const workQueues = queues.filter(({ properties }) => at(properties, 'RedrivePolicy') !== undefined)

describe('every contestant runs under the same conditions', () => {
  it('is measured on functions, queues and mappings that are there', () => {
    expect([functions.length, mappings.length, workQueues.length]).toEqual([34, 24, 24])
  })

  it.each(['MemorySize', 'Timeout', 'Architectures', 'Runtime', 'Code'])('functions have one %s', (name) => {
    expect(distinct(functions.map(({ properties }) => at(properties, name)))).toHaveLength(1)
  })

  it('functions log in one format, each to a group of its own that forgets after the same time', () => {
    expect(
      distinct(functions.map(({ properties }) => at(properties, 'LoggingConfig', 'LogFormat'))),
    ).toHaveLength(1)
    const groups = functions.map(({ stack, properties }) => [
      stack,
      referred(at(properties, 'LoggingConfig', 'LogGroup')),
    ])
    expect(distinct(groups)).toHaveLength(functions.length)
    const retentions = resourcesOf('AWS::Logs::LogGroup').map(({ properties }) =>
      at(properties, 'RetentionInDays'),
    )
    expect(distinct(retentions)).toHaveLength(1)
  })

  it.each(['VisibilityTimeout', 'MessageRetentionPeriod'])('queues have one %s', (name) => {
    expect(distinct(workQueues.map(({ properties }) => at(properties, name)))).toHaveLength(1)
  })

  it('queues give a message up after the same number of receives', () => {
    expect(
      distinct(workQueues.map(({ properties }) => at(properties, 'RedrivePolicy', 'maxReceiveCount'))),
    ).toHaveLength(1)
  })

  it('a message is hidden for six times as long as its function may run', () => {
    const timeouts = functions.map(({ properties }) => Number(at(properties, 'Timeout')))
    for (const { properties } of workQueues)
      expect(at(properties, 'VisibilityTimeout')).toBe(6 * Math.max(...timeouts))
  })

  it('a task waits longer for its answer than its message can be received', () => {
    const [flow] = resourcesOf('AWS::StepFunctions::StateMachine', 'Orchestrated')
    const { States } = JSON.parse(String(at(flow?.properties, 'DefinitionString'))) as { States: Json }
    const waiting = Object.values(States ?? {}).filter((state) => at(state, 'Type') === 'Task')
    const longestSeconds = Math.max(
      ...workQueues.map(
        ({ properties }) =>
          Number(at(properties, 'RedrivePolicy', 'maxReceiveCount')) *
          Number(at(properties, 'VisibilityTimeout')),
      ),
    )
    expect(waiting).toHaveLength(10)
    for (const task of waiting) expect(at(task, 'TimeoutSeconds')).toBeGreaterThan(longestSeconds)
  })

  it('mappings differ in their queue and function alone', () => {
    const settings = mappings.map(({ properties }) => ({
      ...untagged(properties),
      EventSourceArn: undefined,
      FunctionName: undefined,
    }))
    expect(distinct(settings)).toHaveLength(1)
  })

  it('tables are the same', () => {
    expect(distinct(tables.map(({ properties }) => untagged(properties)))).toHaveLength(1)
  })

  it('an alarm on the same signal asks the same of people, whatever the stack', () => {
    const severities = new Map<string, Set<string>>()
    for (const { properties } of resourcesOf('AWS::CloudWatch::Alarm')) {
      const signal = String(at(properties, 'MetricName'))
      const says = String(at(properties, 'AlarmDescription'))
      severities.set(signal, (severities.get(signal) ?? new Set()).add(says.slice(0, says.indexOf(']'))))
      expect(says).toMatch(/^\[(page|ticket)\] /)
    }
    for (const found of severities.values()) expect([...found]).toHaveLength(1)
  })

  it('what a quiet resource does not report never rings an alarm', () => {
    const treatments = resourcesOf('AWS::CloudWatch::Alarm').map(({ properties }) =>
      at(properties, 'TreatMissingData'),
    )
    expect(distinct(treatments)).toEqual(['"notBreaching"'])
  })
})

describe('nothing is dropped in silence', () => {
  const deadLettersOf = (stack: string): ReadonlySet<string | undefined> =>
    new Set([
      ...workQueues
        .filter((queue) => queue.stack === stack)
        .map(({ properties }) => referred(at(properties, 'RedrivePolicy', 'deadLetterTargetArn'))),
      ...resourcesOf('AWS::Events::Rule', stack).flatMap(({ properties }) =>
        listAt(properties, 'Targets').map((target) => referred(at(target, 'DeadLetterConfig', 'Arn'))),
      ),
    ])

  it('every queue that a function reads has a dead-letter queue of its own', () => {
    const targets = workQueues.map(({ stack, properties }) => [
      stack,
      at(properties, 'RedrivePolicy', 'deadLetterTargetArn'),
    ])
    expect(distinct(targets)).toHaveLength(workQueues.length)
    const read = mappings.map(({ stack, properties }) => [stack, referred(at(properties, 'EventSourceArn'))])
    expect(distinct(read).toSorted()).toEqual(
      distinct(workQueues.map(({ stack, id }) => [stack, id])).toSorted(),
    )
  })

  it('every target of a rule has a dead-letter queue of its own', () => {
    const targets = resourcesOf('AWS::Events::Rule').flatMap(({ stack, properties }) =>
      listAt(properties, 'Targets').map((target) => [stack, referred(at(target, 'DeadLetterConfig', 'Arn'))]),
    )
    expect(targets.length).toBeGreaterThan(0)
    expect(targets.every(([, id]) => id !== undefined)).toBe(true)
    expect(distinct(targets)).toHaveLength(targets.length)
  })

  it('dead letters are kept for 14 days and ring when they can be seen', () => {
    for (const [stack] of everyTemplate)
      for (const id of deadLettersOf(stack)) {
        const queue = queues.find((candidate) => candidate.stack === stack && candidate.id === id)
        expect(at(queue?.properties, 'MessageRetentionPeriod'), `${stack}/${id}`).toBe(14 * 86_400)
        const alarms = resourcesOf('AWS::CloudWatch::Alarm', stack).filter(
          ({ properties }) =>
            at(properties, 'MetricName') === 'ApproximateNumberOfMessagesVisible' &&
            referred(at(properties, 'Dimensions', 0, 'Value')) === id,
        )
        expect(alarms, `${stack}/${id}`).toHaveLength(1)
      }
  })

  it('a queue that no function reads is a dead-letter queue or the inbox of the operators', () => {
    const others = queues.filter(
      ({ stack, id, properties }) =>
        at(properties, 'RedrivePolicy') === undefined && !deadLettersOf(stack).has(id),
    )
    expect(others.map(({ stack, id }) => `${stack}/${id}`)).toEqual(['Choreographed/OrderOverdueInbox'])
  })
})

describe('a role belongs to one', () => {
  it('no two functions or machines share a role, and none lies idle', () => {
    const bearers = [...functions, ...resourcesOf('AWS::StepFunctions::StateMachine')].map(
      ({ stack, properties }) => [stack, referred(at(properties, 'Role') ?? at(properties, 'RoleArn'))],
    )
    expect(distinct(bearers)).toHaveLength(bearers.length)
    expect(distinct(bearers).toSorted()).toEqual(
      distinct(roles.map(({ stack, id }) => [stack, id])).toSorted(),
    )
  })
})
