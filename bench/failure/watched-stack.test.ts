import { StartExecutionCommand } from '@aws-sdk/client-sfn'
import { ReceiveMessageCommand, SendMessageCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { type Deployment, deploy, type FunctionCode, type Template } from '../virtual-aws/deploy.ts'
import { recordsOf, startMs, workerTemplate } from '../virtual-aws/stack.testing.ts'
import { type AlarmFindings, watchAlarms } from './alarms.ts'
import { minuteMs } from './series.ts'

const alarm = (
  severity: 'page' | 'ticket',
  [Namespace, MetricName]: readonly [string, string],
  [Name, Value]: readonly [string, unknown],
  more: Readonly<Record<string, unknown>> = {},
) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmDescription: `[${severity}] ${MetricName}`,
    Namespace,
    MetricName,
    Dimensions: [{ Name, Value }],
    Statistic: Namespace === 'AWS/SQS' || MetricName === 'ExecutionTime' ? 'Maximum' : 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
    ...more,
  },
})

const visible = ['AWS/SQS', 'ApproximateNumberOfMessagesVisible'] as const
const age = ['AWS/SQS', 'ApproximateAgeOfOldestMessage'] as const
const nameOf = (queue: string) => ['QueueName', { 'Fn::GetAtt': [queue, 'QueueName'] }] as const
const worker = ['FunctionName', { Ref: 'JobFunction' }] as const
const machine = ['StateMachineArn', { Ref: 'Flow' }] as const

/** The queue of `workerTemplate` with a dead-letter queue, an inbox that nobody reads, and a flow that waits. */
const template: Template = (() => {
  const { Resources } = workerTemplate({
    queue: {
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 1 },
    },
  })
  return {
    Resources: {
      ...Resources,
      Dead: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600 } },
      Inbox: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 0 } },
      FlowRole: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } },
      Flow: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          RoleArn: { 'Fn::GetAtt': ['FlowRole', 'Arn'] },
          DefinitionString: JSON.stringify({
            QueryLanguage: 'JSONata',
            StartAt: 'Rest',
            States: {
              Rest: { Type: 'Wait', Seconds: '{% $states.input.seconds %}', Next: 'Ends' },
              Ends: {
                Type: 'Choice',
                Choices: [{ Condition: '{% $states.input.fails %}', Next: 'Fails' }],
                Default: 'Succeeds',
              },
              Fails: { Type: 'Fail' },
              Succeeds: { Type: 'Succeed' },
            },
          }),
        },
      },
      DeadAlarm: alarm('page', visible, nameOf('Dead')),
      InboxAgeAlarm: alarm('ticket', age, nameOf('Inbox'), { Threshold: 1_200 }),
      ErrorsAlarm: alarm('ticket', ['AWS/Lambda', 'Errors'], worker),
      ThrottlesAlarm: alarm('ticket', ['AWS/Lambda', 'Throttles'], worker),
      FailedAlarm: alarm('page', ['AWS/States', 'ExecutionsFailed'], machine),
      LateAlarm: alarm('ticket', ['AWS/States', 'ExecutionTime'], machine, { Threshold: 2_700_000 }),
      ThrottledAlarm: alarm('ticket', ['AWS/States', 'ExecutionThrottled'], machine),
    },
    Outputs: {
      QueueUrl: { Value: { Ref: 'JobQueue' } },
      DeadArn: { Value: { 'Fn::GetAtt': ['Dead', 'Arn'] } },
      InboxUrl: { Value: { Ref: 'Inbox' } },
      FlowArn: { Value: { Ref: 'Flow' } },
    },
  }
})()

interface Run {
  readonly stack: Deployment
  readonly findings: AlarmFindings
  /** "DeadAlarm 2 ALARM", of those that rang. */
  readonly timeline: readonly string[]
}

/** Things done at their minutes, and what the alarms made of it in two hours. */
const run = async (
  code: FunctionCode,
  acts: readonly (readonly [minute: number, (stack: Deployment) => void])[],
): Promise<Run> => {
  const alarms = watchAlarms(template, startMs)
  const stack: Deployment = deploy(template, {
    region: 'eu-west-1',
    seed: 1,
    startMs,
    code: { 'jobs.work': code },
    observer: alarms.observer,
    clock: { everyMs: minuteMs, passed: (atMs) => alarms.minutePassed(atMs, stack.queue) },
  })
  for (const [minute, act] of acts) stack.kernel.at(startMs + minute * minuteMs, () => act(stack))
  const untilMs = startMs + 120 * minuteMs
  await stack.kernel.run(untilMs)
  const findings = alarms.finish(untilMs, stack.queue)
  const timeline = findings.histories.flatMap(({ definition, changes }) =>
    changes.some(({ state }) => state === 'ALARM')
      ? changes.map(({ atMs, state }) => `${definition.id} ${(atMs - startMs) / minuteMs} ${state}`)
      : [],
  )
  return { stack, findings, timeline }
}

const send =
  (output: 'QueueUrl' | 'InboxUrl', subject: string) =>
  ({ kernel, clients, outputs }: Deployment): void => {
    kernel.wake()
    const MessageBody = JSON.stringify({ id: subject, type: 'Job', subject })
    void clients.sqs.send(new SendMessageCommand({ QueueUrl: outputs[output], MessageBody }))
  }
const start =
  (name: string, seconds: number, fails = false) =>
  ({ kernel, clients, outputs }: Deployment): void => {
    kernel.wake()
    const input = JSON.stringify({ seconds, fails })
    void clients.sfn.send(new StartExecutionCommand({ stateMachineArn: outputs['FlowArn'], name, input }))
  }
const redrive = ({ kernel, operator, outputs }: Deployment): void => {
  kernel.wake()
  void operator.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: outputs['DeadArn'] }))
}

/** Somebody reads it and leaves it there, visible at once. */
const receiveFromInbox = ({ kernel, operator, outputs }: Deployment): void => {
  kernel.wake()
  void operator.sqs.send(new ReceiveMessageCommand({ QueueUrl: outputs['InboxUrl'] }))
}

const works: FunctionCode = () => async () => ({ batchItemFailures: [] })
/** Fails every record until that minute. */
const failsUntil =
  (minute: number): FunctionCode =>
  ({ clock }) =>
  async (event) => {
    if (clock.nowMs() >= startMs + minute * minuteMs) return { batchItemFailures: [] }
    throw new Error(`no work on ${recordsOf(event).length} messages`)
  }

describe('the alarms of a stack', () => {
  it('are silent when all goes well', async () => {
    const { timeline } = await run(works, [
      [0, send('QueueUrl', 'order-1')],
      [1, start('order-1', 60)],
    ])
    expect(timeline).toEqual([])
  })

  it('ring when a dead-letter queue fills, and go back when it has been moved back', async () => {
    // Received at 0:00 and at 1:00, when it is given up: visible in D at the end of the second minute.
    const { timeline } = await run(failsUntil(5), [
      [0, send('QueueUrl', 'order-1')],
      [10, redrive],
    ])
    expect(timeline).toEqual([
      'DeadAlarm 1 OK',
      'DeadAlarm 2 ALARM',
      'DeadAlarm 11 OK',
      'ErrorsAlarm 1 ALARM',
      'ErrorsAlarm 4 OK',
    ])
  })

  it('go on ringing as long as a dead letter lies there', async () => {
    const { timeline } = await run(failsUntil(5), [[0, send('QueueUrl', 'order-1')]])
    expect(timeline.filter((line) => line.startsWith('DeadAlarm'))).toEqual([
      'DeadAlarm 1 OK',
      'DeadAlarm 2 ALARM',
    ])
  })

  it('on the age of a message ring when it is above the threshold at the end of a minute, though nothing happens', async () => {
    // Sent at 0:30 it is 1,170 s old at 20:00 and 1,230 s at 21:00.
    const { timeline } = await run(works, [[0.5, send('InboxUrl', 'order-1')]])
    expect(timeline).toEqual(['InboxAgeAlarm 1 OK', 'InboxAgeAlarm 21 ALARM'])
  })

  it('on the age of a message are blind to one that was received three times', async () => {
    const { timeline } = await run(works, [
      [0.5, send('InboxUrl', 'order-1')],
      ...[1, 2, 3].map((minute) => [minute, receiveFromInbox] as const),
    ])
    expect(timeline).toEqual([])
  })

  it.each([
    { name: 'as late as its deadline', seconds: 2_699, timeline: [] },
    { name: 'later', seconds: 2_700, timeline: ['LateAlarm 1 OK', 'LateAlarm 46 ALARM', 'LateAlarm 49 OK'] },
  ])('tell of an execution that ends $name when it has ended', async ({ seconds, timeline }) => {
    expect((await run(works, [[0, start('order-1', seconds)]])).timeline).toEqual(timeline)
  })

  it('tell of throttled invocations, of that function', async () => {
    const { timeline } = await run(works, [
      [0, ({ neighbours }) => neighbours.runFunctions(1_000)],
      [1, send('QueueUrl', 'order-1')],
      [2, ({ neighbours }) => neighbours.runFunctions(0)],
    ])
    expect(timeline).toContain('ThrottlesAlarm 2 ALARM')
    expect(timeline.filter((line) => line.startsWith('ErrorsAlarm'))).toEqual([])
  })

  it('tell of delayed transitions, of that state machine', async () => {
    const { timeline } = await run(works, [
      [0, ({ neighbours }) => neighbours.leave('states.StateTransition', { bucket: 1, perSecond: 1 })],
      [1, start('order-1', 1)],
      [2, ({ neighbours }) => neighbours.leave('states.StateTransition', undefined)],
    ])
    expect(timeline[1]).toBe('ThrottledAlarm 2 ALARM')
  })

  it('cost no event: the run is the same without them', async () => {
    const { stack } = await run(failsUntil(5), [[0, send('QueueUrl', 'order-1')]])
    const bare = deploy(template, {
      region: 'eu-west-1',
      seed: 1,
      startMs,
      code: { 'jobs.work': failsUntil(5) },
    })
    bare.kernel.at(startMs, () => send('QueueUrl', 'order-1')(bare))
    await bare.kernel.run(startMs + 120 * minuteMs)
    expect(stack.kernel.eventsRun).toBe(bare.kernel.eventsRun)
  })
})

describe('the orders that a page tells of', () => {
  it('are those whose dead letter lay there, and whose execution failed', async () => {
    const { findings } = await run(failsUntil(5), [
      [0, send('QueueUrl', 'dead')],
      [1, start('failed', 1, true)],
      [1, start('late', 3_000)],
      [6, send('QueueUrl', 'well')],
      [7, send('InboxUrl', 'waits')],
    ])
    const told = ['dead', 'failed', 'late', 'well', 'waits', 'unknown'].filter(findings.isToldOf)
    expect(told).toEqual(['dead', 'failed'])
  })
})
