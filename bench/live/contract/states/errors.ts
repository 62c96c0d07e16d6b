import { statesApi, statesGuide } from '../documentation.ts'
import { between, equal, holds, includes } from '../expectations.ts'
import { functionRole, lambdaFunction, machine, machineRole, queue, refTo } from '../resources.ts'
import { receiveUpTo } from '../sqs/messages.ts'
import { type Aws, group } from '../statement.ts'
import { ended, history, lasted, outputOf, run, start, succeeded } from './executions.ts'

const errorsPage = statesGuide('concepts-error-handling')

const shared = {
  MachineRole: machineRole,
  FunctionRole: functionRole,
  Fail: lambdaFunction('fail'),
  Echo: lambdaFunction('echo'),
  Sleep: lambdaFunction('sleep'),
}

/** A task that invokes a function, by its logical id, with a payload. */
const invoke = (name: string, payload: object, more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: refTo(name), Payload: payload },
  ...more,
})

/** A state that fails with an error of that name each time that it is entered, without anybody's help. */
const failing = (error: string, more: object = {}) => ({
  Type: 'Parallel',
  Branches: [{ StartAt: 'No', States: { No: { Type: 'Fail', Error: error, Cause: 'on purpose' } } }],
  ...more,
})

/** The same, and each time a message to that queue, by which a check counts the attempts. */
const failingAloud = (error: string, queueName: string, more: object) => ({
  Type: 'Parallel',
  Branches: [
    {
      StartAt: 'Say',
      States: {
        Say: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage',
          Arguments: { QueueUrl: refTo(queueName), MessageBody: 'tried' },
          Next: 'No',
        },
        No: { Type: 'Fail', Error: error, Cause: 'on purpose' },
      },
    },
  ],
  ...more,
})

/** How many attempts were told to the queue; one more than is expected would be seen. */
const attempts = async (aws: Aws, queueName: string, expected: number): Promise<number> =>
  (await receiveUpTo(aws, queueName, expected + 1, 3)).length

const caughtAs = (name: string) => ({ Type: 'Pass', Output: name, End: true })
const shopClosed = { error: 'ShopClosed', cause: 'until Monday' }

export const errors = group({ stack: 'states-errors', service: 'Step Functions', shared }, [
  {
    id: 'invoke',
    statement: 'lambda:invoke gives the payload that the function answered with, and status code 200',
    documentation: statesGuide('connect-lambda'),
    resources: {
      Invoking: machine({ StartAt: 'Call', States: { Call: invoke('Echo', { n: 1 }, { End: true }) } }),
    },
    check: async (aws) =>
      includes(await outputOf(aws, 'Invoking'), { Payload: { n: 1 }, StatusCode: 200 }, 'output'),
  },
  {
    id: 'function-error',
    statement: 'An error that a function throws fails the execution under its own name, with a cause in JSON',
    documentation: errorsPage,
    resources: {
      Uncaught: machine({ StartAt: 'Call', States: { Call: invoke('Fail', shopClosed, { End: true }) } }),
    },
    check: async (aws) => {
      const { status, error, cause = '{}' } = await run(aws, 'Uncaught')
      equal([status, error], ['FAILED', 'ShopClosed'], 'the end')
      includes(JSON.parse(cause), { errorType: 'ShopClosed', errorMessage: 'until Monday' }, 'cause')
    },
  },
  {
    id: 'catch-by-name',
    statement: 'The first catcher that names the error takes it, whatever catchers come after',
    documentation: errorsPage,
    resources: {
      Catching: machine({
        StartAt: 'Call',
        States: {
          Call: failing('ShopClosed', {
            Catch: [
              { ErrorEquals: ['ShopOpen'], Next: 'Open' },
              { ErrorEquals: ['Another', 'ShopClosed'], Next: 'Closed' },
              { ErrorEquals: ['States.ALL'], Next: 'Any' },
            ],
            End: true,
          }),
          Open: caughtAs('open'),
          Closed: caughtAs('closed'),
          Any: caughtAs('any'),
        },
      }),
    },
    check: async (aws) => equal(await outputOf(aws, 'Catching'), 'closed', 'output'),
  },
  {
    id: 'task-failed',
    statement: 'States.TaskFailed catches the error of a task whatever its name, but no timeout',
    documentation: errorsPage,
    resources: {
      CatchingFailures: machine({
        StartAt: 'Which',
        States: {
          Which: {
            Type: 'Choice',
            Choices: [{ Condition: '{% $states.input.slow %}', Next: 'Slow' }],
            Default: 'Failing',
          },
          Failing: invoke('Fail', shopClosed, {
            Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught' }],
            End: true,
          }),
          Slow: invoke(
            'Sleep',
            { ms: 5000 },
            {
              TimeoutSeconds: 1,
              Catch: [
                { ErrorEquals: ['States.TaskFailed'], Next: 'Caught' },
                { ErrorEquals: ['States.Timeout'], Next: 'TimedOut' },
              ],
              End: true,
            },
          ),
          Caught: caughtAs('failure'),
          TimedOut: caughtAs('timeout'),
        },
      }),
    },
    check: async (aws) =>
      equal(
        await Promise.all([
          outputOf(aws, 'CatchingFailures', { slow: false }),
          outputOf(aws, 'CatchingFailures', { slow: true }),
        ]),
        ['failure', 'timeout'],
        'outputs',
      ),
  },
  {
    id: 'error-output',
    statement:
      'A catcher reads Error and Cause in $states.errorOutput, and the input of the state in $states.input',
    documentation: errorsPage,
    resources: {
      Telling: machine({
        StartAt: 'Call',
        States: {
          Call: failing('ShopClosed', {
            Catch: [
              {
                ErrorEquals: ['States.ALL'],
                Output: {
                  error: '{% $states.errorOutput.Error %}',
                  cause: '{% $states.errorOutput.Cause %}',
                  input: '{% $states.input %}',
                },
                Assign: { was: '{% $states.errorOutput.Error %}' },
                Next: 'Tell',
              },
            ],
            End: true,
          }),
          Tell: { Type: 'Pass', Output: { told: '{% $states.input %}', was: '{% $was %}' }, End: true },
        },
      }),
    },
    check: async (aws) =>
      equal(
        await outputOf(aws, 'Telling', { n: 1 }),
        { told: { error: 'ShopClosed', cause: 'on purpose', input: { n: 1 } }, was: 'ShopClosed' },
        'output',
      ),
  },
  {
    id: 'retry-then-catch',
    statement: 'A retrier tries again as often as MaxAttempts says, and only then a catcher takes the error',
    documentation: errorsPage,
    resources: {
      RetryingTries: queue(),
      Retrying: machine({
        StartAt: 'Call',
        States: {
          Call: failingAloud('ShopClosed', 'RetryingTries', {
            Retry: [{ ErrorEquals: ['ShopClosed'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 }],
            Catch: [{ ErrorEquals: ['ShopClosed'], Next: 'Caught' }],
            End: true,
          }),
          Caught: caughtAs('caught'),
        },
      }),
    },
    check: async (aws) => {
      const end = await run(aws, 'Retrying')
      equal(succeeded(end), 'caught', 'output')
      equal(await attempts(aws, 'RetryingTries', 3), 3, 'attempts')
      between(lasted(end), 1900, 9000, 'milliseconds')
    },
  },
  {
    id: 'retry-other-error',
    statement: 'A retrier that does not name the error does not try again',
    documentation: errorsPage,
    resources: {
      UnretriedTries: queue(),
      Unretried: machine({
        StartAt: 'Call',
        States: {
          Call: failingAloud('ShopClosed', 'UnretriedTries', {
            Retry: [{ ErrorEquals: ['ShopOpen', 'States.Timeout'], IntervalSeconds: 1, MaxAttempts: 3 }],
            End: true,
          }),
        },
      }),
    },
    check: async (aws) => {
      includes(await run(aws, 'Unretried'), { status: 'FAILED', error: 'ShopClosed' }, 'the end')
      equal(await attempts(aws, 'UnretriedTries', 1), 1, 'attempts')
    },
  },
  {
    id: 'retry-none',
    statement: 'A retrier with MaxAttempts 0 never tries again, though a later one would',
    documentation: errorsPage,
    resources: {
      NeverRetriedTries: queue(),
      NeverRetried: machine({
        StartAt: 'Call',
        States: {
          Call: failingAloud('ShopClosed', 'NeverRetriedTries', {
            Retry: [
              { ErrorEquals: ['ShopClosed'], MaxAttempts: 0 },
              { ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 3 },
            ],
            End: true,
          }),
        },
      }),
    },
    check: async (aws) => {
      includes(await run(aws, 'NeverRetried'), { status: 'FAILED', error: 'ShopClosed' }, 'the end')
      equal(await attempts(aws, 'NeverRetriedTries', 1), 1, 'attempts')
    },
  },
  {
    id: 'backoff',
    statement: 'Each retry waits BackoffRate times as long as the one before it',
    documentation: errorsPage,
    resources: {
      BackingOff: machine({
        StartAt: 'Call',
        States: {
          Call: failing('ShopClosed', {
            Retry: [{ ErrorEquals: ['ShopClosed'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 3 }],
            End: true,
          }),
        },
      }),
    },
    check: async (aws) => between(lasted(await run(aws, 'BackingOff')), 3900, 9000, 'milliseconds'),
  },
  {
    id: 'max-delay',
    statement: 'No retry waits longer than MaxDelaySeconds',
    documentation: errorsPage,
    resources: {
      Capped: machine({
        StartAt: 'Call',
        States: {
          Call: failing('ShopClosed', {
            Retry: [
              {
                ErrorEquals: ['ShopClosed'],
                IntervalSeconds: 1,
                MaxAttempts: 3,
                BackoffRate: 10,
                MaxDelaySeconds: 2,
              },
            ],
            End: true,
          }),
        },
      }),
    },
    check: async (aws) => {
      const executionArn = await start(aws, 'Capped')
      const end = await ended(aws, executionArn, 20_000)
      between(lasted(end), 4500, 15_000, 'milliseconds')
    },
  },
  {
    id: 'task-timeout',
    statement: 'A task that takes longer than its TimeoutSeconds fails with States.Timeout',
    documentation: statesGuide('state-task'),
    resources: {
      Hasty: machine({
        StartAt: 'Call',
        States: { Call: invoke('Sleep', { ms: 5000 }, { TimeoutSeconds: 1, End: true }) },
      }),
    },
    check: async (aws) => {
      const end = await run(aws, 'Hasty')
      includes(end, { status: 'FAILED', error: 'States.Timeout' }, 'the end')
      between(lasted(end), 900, 4000, 'milliseconds')
    },
  },
  {
    id: 'machine-timeout',
    statement: 'An execution that takes longer than the TimeoutSeconds of its machine ends as TIMED_OUT',
    documentation: statesGuide('statemachine-structure'),
    resources: {
      HastyAsAWhole: machine({
        TimeoutSeconds: 2,
        StartAt: 'Rest',
        States: { Rest: { Type: 'Wait', Seconds: 60, End: true } },
      }),
    },
    check: async (aws) => {
      const end = await run(aws, 'HastyAsAWhole')
      equal(end.status, 'TIMED_OUT', 'status')
      between(lasted(end), 1900, 6000, 'milliseconds')
    },
  },
  {
    id: 'parallel-fails',
    statement: 'A branch that fails fails its Parallel at once, and the other branches are stopped',
    documentation: statesGuide('state-parallel'),
    resources: {
      Breaking: machine({
        StartAt: 'Both',
        States: {
          Both: {
            Type: 'Parallel',
            Branches: [
              {
                StartAt: 'Rest',
                States: {
                  Rest: { Type: 'Wait', Seconds: 7, Next: 'Never' },
                  Never: { Type: 'Pass', End: true },
                },
              },
              {
                StartAt: 'Soon',
                States: {
                  Soon: { Type: 'Wait', Seconds: 1, Next: 'No' },
                  No: { Type: 'Fail', Error: 'Broken', Cause: 'on purpose' },
                },
              },
            ],
            Catch: [{ ErrorEquals: ['Broken'], Output: '{% $states.errorOutput.Cause %}', Next: 'Caught' }],
            End: true,
          },
          Caught: { Type: 'Wait', Seconds: 3, End: true },
        },
      }),
    },
    check: async (aws) => {
      const executionArn = await start(aws, 'Breaking')
      const end = await ended(aws, executionArn)
      equal(succeeded(end), 'on purpose', 'output')
      between(lasted(end), 3900, 8500, 'milliseconds')
      const entered = (await history(aws, executionArn)).map(
        ({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name,
      )
      holds(!entered.includes('Never'), 'the other branch went on')
    },
  },
  {
    id: 'map-fails',
    statement: 'An iteration that fails fails its Map, with the error of the iteration',
    documentation: statesGuide('state-map-inline'),
    resources: {
      BreakingEach: machine({
        StartAt: 'Each',
        States: {
          Each: {
            Type: 'Map',
            Items: [1, 2],
            ItemProcessor: {
              StartAt: 'No',
              States: { No: { Type: 'Fail', Error: 'Broken' } },
            },
            Catch: [{ ErrorEquals: ['Broken'], Next: 'Caught' }],
            End: true,
          },
          Caught: caughtAs('caught'),
        },
      }),
    },
    check: async (aws) => equal(await outputOf(aws, 'BreakingEach'), 'caught', 'output'),
  },
  {
    id: 'catch-all',
    statement: 'States.ALL catches an error that no catcher before it names',
    documentation: errorsPage,
    resources: {
      CatchingAll: machine({
        StartAt: 'Call',
        States: {
          Call: failing('ShopClosed', {
            Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }],
            End: true,
          }),
          Caught: caughtAs('caught'),
        },
      }),
    },
    check: async (aws) => equal(await outputOf(aws, 'CatchingAll'), 'caught', 'output'),
  },
  {
    id: 'task-history',
    statement:
      'The history of a task tells that it is scheduled, started and failed, with error and resource',
    documentation: statesApi('HistoryEvent'),
    resources: {
      Recorded: machine({ StartAt: 'Call', States: { Call: invoke('Fail', shopClosed, { End: true }) } }),
    },
    check: async (aws) => {
      const executionArn = await start(aws, 'Recorded')
      await ended(aws, executionArn)
      const events = await history(aws, executionArn)
      equal(
        events.map(({ type }) => type),
        [
          'ExecutionStarted',
          'TaskStateEntered',
          'TaskScheduled',
          'TaskStarted',
          'TaskFailed',
          'ExecutionFailed',
        ],
        'types',
      )
      includes(
        events[2]?.taskScheduledEventDetails,
        { resourceType: 'lambda', resource: 'invoke' },
        'TaskScheduled',
      )
      includes(
        events[4]?.taskFailedEventDetails,
        { resourceType: 'lambda', resource: 'invoke', error: 'ShopClosed' },
        'TaskFailed',
      )
    },
  },
])
