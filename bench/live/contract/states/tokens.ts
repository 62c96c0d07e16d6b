import {
  InvalidOutput,
  InvalidToken,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StopExecutionCommand,
  TaskTimedOut,
} from '@aws-sdk/client-sfn'
import { statesApi, statesGuide } from '../documentation.ts'
import { between, equal, holds, includes, refused } from '../expectations.ts'
import { arnOf, bus, machine, machineRole, openToRules, queue, refTo, rule } from '../resources.ts'
import { bodiesWithin, receiveOne } from '../sqs/messages.ts'
import { type Aws, group, type Resources } from '../statement.ts'
import { ended, history, lasted, start, succeeded, tokenFrom } from './executions.ts'

const tokensPage = statesGuide('connect-to-resource')

/** A machine that asks through a queue of its own and waits for the answer. */
const asking = (name: string, more: object = {}, states: object = {}): Resources => ({
  [`${name}Queue`]: queue(),
  [name]: machine({
    StartAt: 'Ask',
    States: {
      Ask: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Arguments: {
          QueueUrl: refTo(`${name}Queue`),
          MessageBody: { token: '{% $states.context.Task.Token %}', asked: '{% $states.input %}' },
        },
        End: true,
        ...more,
      },
      ...states,
    },
  }),
})

const succeed = (aws: Aws, taskToken: string, output: unknown = 'answer') =>
  aws.sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }))

const shared = { MachineRole: machineRole }

export const tokens = group({ stack: 'states-tokens', service: 'Step Functions', shared }, [
  {
    id: 'success',
    statement: 'SendTaskSuccess ends the task that waits for the token with the output that is sent',
    documentation: statesApi('SendTaskSuccess'),
    resources: asking('Answered'),
    check: async (aws) => {
      const executionArn = await start(aws, 'Answered', { n: 1 })
      await succeed(aws, await tokenFrom(aws, 'AnsweredQueue'), { yes: [1, 2] })
      equal(succeeded(await ended(aws, executionArn)), { yes: [1, 2] }, 'output')
    },
  },
  {
    id: 'message',
    statement: 'sqs:sendMessage sends an object as the JSON text of it, with the token where it is put',
    documentation: statesGuide('connect-sqs'),
    resources: asking('Sending'),
    check: async (aws) => {
      await start(aws, 'Sending', { n: 1 })
      const { Body = '' } = await receiveOne(aws, 'SendingQueue')
      const { token, asked } = Object(JSON.parse(Body))
      equal(asked, { n: 1 }, 'asked')
      between(String(token).length, 1, 2048, 'characters of the token')
    },
  },
  {
    id: 'failure',
    statement: 'SendTaskFailure fails the task with its error and cause, and catchers know it by that error',
    documentation: statesApi('SendTaskFailure'),
    resources: asking(
      'Refused',
      {
        Catch: [{ ErrorEquals: ['NoStock'], Output: '{% $states.errorOutput %}', Next: 'Caught' }],
      },
      { Caught: { Type: 'Pass', End: true } },
    ),
    check: async (aws) => {
      const executionArn = await start(aws, 'Refused')
      const taskToken = await tokenFrom(aws, 'RefusedQueue')
      await aws.sfn.send(new SendTaskFailureCommand({ taskToken, error: 'NoStock', cause: 'sold out' }))
      equal(succeeded(await ended(aws, executionArn)), { Error: 'NoStock', Cause: 'sold out' }, 'output')
    },
  },
  {
    id: 'second-answer',
    statement: 'A token whose task has been answered is TaskTimedOut to whoever answers again',
    documentation: statesApi('SendTaskSuccess'),
    resources: asking(
      'AnsweredTwice',
      { Next: 'Rest', End: undefined },
      {
        Rest: { Type: 'Wait', Seconds: 4, End: true },
      },
    ),
    check: async (aws) => {
      await start(aws, 'AnsweredTwice')
      const taskToken = await tokenFrom(aws, 'AnsweredTwiceQueue')
      await succeed(aws, taskToken)
      await aws.sleep(1000)
      await refused(succeed(aws, taskToken), TaskTimedOut, 'SendTaskSuccess again')
      await refused(
        aws.sfn.send(new SendTaskFailureCommand({ taskToken, error: 'Late' })),
        TaskTimedOut,
        'SendTaskFailure after it',
      )
    },
  },
  {
    id: 'late-answer',
    statement: 'A token whose task has timed out is TaskTimedOut to whoever answers it',
    documentation: statesApi('SendTaskSuccess'),
    resources: asking(
      'AnsweredLate',
      { TimeoutSeconds: 1, Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'Rest' }] },
      { Rest: { Type: 'Wait', Seconds: 5, End: true } },
    ),
    check: async (aws) => {
      await start(aws, 'AnsweredLate')
      const taskToken = await tokenFrom(aws, 'AnsweredLateQueue')
      await aws.sleep(2500)
      await refused(succeed(aws, taskToken), TaskTimedOut, 'SendTaskSuccess')
    },
  },
  {
    id: 'invalid-token',
    statement: 'A token that never was one is InvalidToken',
    documentation: statesApi('SendTaskSuccess'),
    check: async (aws) => {
      await refused(succeed(aws, 'nonsense'), InvalidToken, 'SendTaskSuccess')
      await refused(
        aws.sfn.send(new SendTaskFailureCommand({ taskToken: 'nonsense' })),
        InvalidToken,
        'SendTaskFailure',
      )
      await refused(
        aws.sfn.send(new SendTaskHeartbeatCommand({ taskToken: 'nonsense' })),
        InvalidToken,
        'SendTaskHeartbeat',
      )
    },
  },
  {
    id: 'invalid-output',
    statement:
      'SendTaskSuccess with an output that is no JSON is InvalidOutput, and the task goes on waiting',
    documentation: statesApi('SendTaskSuccess'),
    resources: asking('AnsweredBadly'),
    check: async (aws) => {
      const executionArn = await start(aws, 'AnsweredBadly')
      const taskToken = await tokenFrom(aws, 'AnsweredBadlyQueue')
      const bad = aws.sfn.send(new SendTaskSuccessCommand({ taskToken, output: '{' }))
      await refused(bad, InvalidOutput, 'an open brace')
      await succeed(aws, taskToken, 'good')
      equal(succeeded(await ended(aws, executionArn)), 'good', 'output')
    },
  },
  {
    id: 'timeout',
    statement: 'A task that nobody answers within its TimeoutSeconds fails with States.Timeout',
    documentation: tokensPage,
    resources: asking('Unanswered', { TimeoutSeconds: 2 }),
    check: async (aws) => {
      const end = await ended(aws, await start(aws, 'Unanswered'))
      includes(end, { status: 'FAILED', error: 'States.Timeout' }, 'the end')
      between(lasted(end), 1900, 6000, 'milliseconds')
    },
  },
  {
    id: 'heartbeat-missed',
    statement: 'A task without a heartbeat in HeartbeatSeconds fails, and States.HeartbeatTimeout catches it',
    documentation: statesGuide('concepts-error-handling'),
    resources: asking(
      'Faint',
      {
        HeartbeatSeconds: 1,
        TimeoutSeconds: 60,
        Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'Caught' }],
      },
      { Caught: { Type: 'Pass', Output: 'caught', End: true } },
    ),
    check: async (aws) => {
      const end = await ended(aws, await start(aws, 'Faint'))
      equal(succeeded(end), 'caught', 'output')
      between(lasted(end), 900, 5000, 'milliseconds')
    },
  },
  {
    id: 'heartbeat-sent',
    statement: 'Heartbeats in time keep a task waiting beyond its HeartbeatSeconds',
    documentation: statesApi('SendTaskHeartbeat'),
    resources: asking('Beating', { HeartbeatSeconds: 3, TimeoutSeconds: 60 }),
    check: async (aws) => {
      const executionArn = await start(aws, 'Beating')
      const taskToken = await tokenFrom(aws, 'BeatingQueue')
      for (let beat = 0; beat < 3; beat += 1) {
        await aws.sleep(1500)
        await aws.sfn.send(new SendTaskHeartbeatCommand({ taskToken }))
      }
      await succeed(aws, taskToken)
      equal(succeeded(await ended(aws, executionArn)), 'answer', 'output')
    },
  },
  {
    id: 'retry-token',
    statement: 'A task that timed out and is tried again sends its message again, with another token',
    documentation: tokensPage,
    resources: asking('AskingAgain', {
      TimeoutSeconds: 2,
      Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1, MaxAttempts: 1 }],
    }),
    check: async (aws) => {
      await start(aws, 'AskingAgain')
      const first = await tokenFrom(aws, 'AskingAgainQueue')
      const second = await tokenFrom(aws, 'AskingAgainQueue')
      holds(first !== second, 'the token: expected another one')
    },
  },
  {
    id: 'stopped',
    statement: 'A token of a stopped execution cannot be answered: TaskTimedOut',
    documentation: statesApi('SendTaskSuccess'),
    resources: asking('Stopped'),
    check: async (aws) => {
      const executionArn = await start(aws, 'Stopped')
      const taskToken = await tokenFrom(aws, 'StoppedQueue')
      await aws.sfn.send(new StopExecutionCommand({ executionArn }))
      await aws.sleep(500)
      await refused(succeed(aws, taskToken), TaskTimedOut, 'SendTaskSuccess')
      equal((await ended(aws, executionArn)).status, 'ABORTED', 'status')
    },
  },
  {
    id: 'history',
    statement:
      'The history of a task with a token tells that it is scheduled, started, submitted and succeeded',
    documentation: statesApi('HistoryEvent'),
    resources: asking('Recorded'),
    check: async (aws) => {
      const executionArn = await start(aws, 'Recorded')
      await succeed(aws, await tokenFrom(aws, 'RecordedQueue'))
      await ended(aws, executionArn)
      equal(
        (await history(aws, executionArn)).map(({ type }) => type),
        [
          'ExecutionStarted',
          'TaskStateEntered',
          'TaskScheduled',
          'TaskStarted',
          'TaskSubmitted',
          'TaskSucceeded',
          'TaskStateExited',
          'ExecutionSucceeded',
        ],
        'types',
      )
    },
  },
  {
    id: 'request-response',
    statement:
      'sqs:sendMessage without a token goes on as soon as the message is sent, with its id as result',
    documentation: statesGuide('connect-sqs'),
    resources: {
      SentTo: queue(),
      NotWaiting: machine({
        StartAt: 'Send',
        States: {
          Send: {
            Type: 'Task',
            Resource: 'arn:aws:states:::sqs:sendMessage',
            Arguments: { QueueUrl: refTo('SentTo'), MessageBody: 'plain' },
            Output: '{% $states.result.MessageId %}',
            End: true,
          },
        },
      }),
    },
    check: async (aws) => {
      const id = succeeded(await ended(aws, await start(aws, 'NotWaiting')))
      const { MessageId, Body } = await receiveOne(aws, 'SentTo')
      equal([Body, MessageId], ['plain', id], 'the message')
    },
  },
  {
    id: 'put-events',
    statement: 'events:putEvents puts events on a bus, with the ARN of the execution among their resources',
    documentation: statesGuide('connect-eventbridge'),
    resources: {
      Bus: bus,
      PutTo: queue(),
      PutToPolicy: openToRules('PutTo'),
      PutRule: rule({
        EventBusName: refTo('Bus'),
        EventPattern: { source: ['contract.states'] },
        Targets: [{ Id: 'queue', Arn: arnOf('PutTo') }],
      }),
      Putting: machine({
        StartAt: 'Put',
        States: {
          Put: {
            Type: 'Task',
            Resource: 'arn:aws:states:::events:putEvents',
            Arguments: {
              Entries: [
                {
                  EventBusName: refTo('Bus'),
                  Source: 'contract.states',
                  DetailType: 'Told',
                  Detail: { n: '{% $states.input.n %}' },
                },
              ],
            },
            Output: '{% $states.result.FailedEntryCount %}',
            End: true,
          },
        },
      }),
    },
    check: async (aws) => {
      const executionArn = await start(aws, 'Putting', { n: 5 })
      equal(succeeded(await ended(aws, executionArn)), 0, 'FailedEntryCount')
      const [body = '{}'] = await bodiesWithin(aws, 'PutTo', 3)
      const event = Object(JSON.parse(body))
      includes(event, { source: 'contract.states', 'detail-type': 'Told', detail: { n: 5 } }, 'the event')
      holds(event.resources.includes(executionArn), 'resources: expected the ARN of the execution')
    },
  },
  {
    id: 'redrive',
    statement: 'A redriven execution goes on at the state that failed, and tells how often it was redriven',
    documentation: statesGuide('redrive-executions'),
    resources: asking(
      'Redriven',
      { Next: 'After', End: undefined },
      {
        After: { Type: 'Pass', Output: '{% $states.input %}', End: true },
      },
    ),
    check: async (aws) => {
      const executionArn = await start(aws, 'Redriven')
      const taskToken = await tokenFrom(aws, 'RedrivenQueue')
      await aws.sfn.send(new SendTaskFailureCommand({ taskToken, error: 'NotYet' }))
      equal((await ended(aws, executionArn)).status, 'FAILED', 'status before')
      await aws.sfn.send(new RedriveExecutionCommand({ executionArn }))
      await succeed(aws, await tokenFrom(aws, 'RedrivenQueue'), 'now')
      const end = await ended(aws, executionArn)
      equal([succeeded(end), end.redriveCount], ['now', 1], 'output and redriveCount')
      const types = (await history(aws, executionArn)).map(({ type }) => type)
      holds(types.includes('ExecutionRedriven'), `types: expected ExecutionRedriven among ${types}`)
    },
  },
])
