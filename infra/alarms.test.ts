import { describe, expect, it } from 'vitest'
import { overdueAfterMs } from '../shared/patience.ts'
import { at, everyTemplate, type Json, referred, resourcesOf } from './templates.testing.ts'

const isRedriven = (queue: Json): boolean => at(queue, 'RedrivePolicy') !== undefined
const always = (): boolean => true

/** What a team wants to be told of, by the resource that tells it. */
const wanted: readonly {
  readonly signal: string
  readonly type: string
  readonly metric: string
  readonly of: (properties: Json) => boolean
}[] = [
  {
    signal: 'the age of the oldest message',
    type: 'AWS::SQS::Queue',
    metric: 'ApproximateAgeOfOldestMessage',
    of: isRedriven,
  },
  {
    signal: 'what lies in a dead-letter queue or an inbox',
    type: 'AWS::SQS::Queue',
    metric: 'ApproximateNumberOfMessagesVisible',
    of: (queue) => !isRedriven(queue),
  },
  { signal: 'failed invocations', type: 'AWS::Lambda::Function', metric: 'Errors', of: always },
  { signal: 'throttled invocations', type: 'AWS::Lambda::Function', metric: 'Throttles', of: always },
  { signal: 'events not delivered', type: 'AWS::Events::Rule', metric: 'FailedInvocations', of: always },
  ...['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionTime', 'ExecutionThrottled'].map((metric) => ({
    signal: metric,
    type: 'AWS::StepFunctions::StateMachine',
    metric,
    of: always,
  })),
]

describe.each(everyTemplate.map(([stack]) => stack))('the alarms of %s', (stack) => {
  const alarms = resourcesOf('AWS::CloudWatch::Alarm', stack)
  const watched = (metric: string): readonly string[] =>
    alarms
      .filter(({ properties }) => at(properties, 'MetricName') === metric)
      .map(({ properties }) => {
        const dimensions = at(properties, 'Dimensions')
        const value = at(dimensions, Array.isArray(dimensions) ? dimensions.length - 1 : 0, 'Value')
        // A rule's metric names it as the rule does.
        return referred(value) ?? `${String(value)}Rule`
      })
      .toSorted()

  it.each(wanted)('tell of $signal, for every resource that has it', ({ type, metric, of }) => {
    const having = resourcesOf(type, stack)
      .filter(({ properties }) => of(properties))
      .map(({ id }) => id)
    expect(watched(metric)).toEqual(having.toSorted())
  })

  it('tell of nothing else', () => {
    const metrics = new Set(alarms.map(({ properties }) => String(at(properties, 'MetricName'))))
    expect([...metrics].filter((metric) => !wanted.some((each) => each.metric === metric))).toEqual([])
  })
})

describe('overdue orders', () => {
  it('ring where somebody asks for them, by the inbox that the order view fills', () => {
    const [alarm] = resourcesOf('AWS::CloudWatch::Alarm', 'Choreographed').filter(
      ({ properties }) => referred(at(properties, 'Dimensions', 0, 'Value')) === 'OrderOverdueInbox',
    )
    expect(at(alarm?.properties, 'AlarmDescription')).toMatch(/^\[page\] Orders are past their deadline/)
  })

  it.each(['Orchestrated', 'OrchestratedDirect'])(
    'ring in %s when they end, at the deadline of every style',
    (stack) => {
      const [alarm] = resourcesOf('AWS::CloudWatch::Alarm', stack).filter(
        ({ properties }) => at(properties, 'MetricName') === 'ExecutionTime',
      )
      expect(alarm?.properties).toMatchObject({ Statistic: 'Maximum', Threshold: overdueAfterMs })
      expect(at(alarm?.properties, 'AlarmDescription')).toMatch(
        /^\[ticket\] Orders ended past their deadline/,
      )
    },
  )
})
