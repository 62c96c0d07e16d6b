import {
  DescribeStateMachineCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  GetExecutionHistoryCommand,
  InvalidExecutionInput,
  InvalidName,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn'
import { statesApi } from '../documentation.ts'
import { equal, eventually, holds, includes, present, refused } from '../expectations.ts'
import { machine, machineRole } from '../resources.ts'
import { group } from '../statement.ts'
import { describe, ended, history, lasted, start, succeeded } from './executions.ts'

const Resting = machine({
  StartAt: 'Rest',
  States: { Rest: { Type: 'Wait', Seconds: 600, Next: 'Done' }, Done: { Type: 'Succeed' } },
})
const Quick = machine({
  StartAt: 'First',
  States: { First: { Type: 'Pass', Next: 'Second' }, Second: { Type: 'Pass', Output: 'end', End: true } },
})
/** Waits, then says so. */
const changing = (said: string) =>
  machine({
    StartAt: 'Rest',
    States: {
      Rest: { Type: 'Wait', Seconds: 2, Next: 'Say' },
      Say: { Type: 'Pass', Output: said, End: true },
    },
  })
const shared = { MachineRole: machineRole, Resting, Quick }

export const executionsApi = group({ stack: 'states-api', service: 'Step Functions', shared }, [
  {
    id: 'idempotent',
    statement: 'StartExecution with the name and input of a running execution gives that execution',
    documentation: statesApi('StartExecution'),
    check: async (aws) => {
      const command = () =>
        new StartExecutionCommand({
          stateMachineArn: aws.named('Resting'),
          name: 'same',
          input: '{"a":1}',
        })
      const first = await aws.sfn.send(command())
      const second = await aws.sfn.send(command())
      equal(second.executionArn, present(first.executionArn, 'executionArn'), 'executionArn')
      equal(second.startDate?.getTime(), first.startDate?.getTime(), 'startDate')
    },
  },
  {
    id: 'other-input',
    statement:
      'StartExecution with the name of a running execution and another input is ExecutionAlreadyExists',
    documentation: statesApi('StartExecution'),
    check: async (aws) => {
      await start(aws, 'Resting', { a: 1 }, 'taken')
      await refused(start(aws, 'Resting', { a: 2 }, 'taken'), ExecutionAlreadyExists, 'another input')
    },
  },
  {
    id: 'closed-name',
    statement:
      'StartExecution with the name of a closed execution is ExecutionAlreadyExists, whatever the input',
    documentation: statesApi('StartExecution'),
    check: async (aws) => {
      await ended(aws, await start(aws, 'Quick', { a: 1 }, 'used'))
      await refused(start(aws, 'Quick', { a: 1 }, 'used'), ExecutionAlreadyExists, 'the same input')
      await refused(start(aws, 'Quick', { a: 2 }, 'used'), ExecutionAlreadyExists, 'another input')
    },
  },
  {
    id: 'missing-machine',
    statement: 'StartExecution of a state machine that is not there is StateMachineDoesNotExist',
    documentation: statesApi('StartExecution'),
    check: async (aws) => {
      const stateMachineArn = `${aws.named('Quick')}-not`
      await refused(
        aws.sfn.send(new StartExecutionCommand({ stateMachineArn })),
        StateMachineDoesNotExist,
        'an ARN without a machine',
      )
    },
  },
  {
    id: 'invalid-name',
    statement: 'StartExecution refuses a name with a space or a bracket as InvalidName',
    documentation: statesApi('StartExecution'),
    check: async (aws) => {
      await refused(start(aws, 'Quick', {}, 'a b'), InvalidName, 'a space')
      await refused(start(aws, 'Quick', {}, 'a<b'), InvalidName, 'a bracket')
    },
  },
  {
    id: 'invalid-input',
    statement: 'StartExecution refuses an input that is no JSON as InvalidExecutionInput',
    documentation: statesApi('StartExecution'),
    check: async (aws) => {
      const stateMachineArn = aws.named('Quick')
      await refused(
        aws.sfn.send(new StartExecutionCommand({ stateMachineArn, input: '{' })),
        InvalidExecutionInput,
        'an open brace',
      )
    },
  },
  {
    id: 'default-input',
    statement: 'StartExecution makes up a name where none is given, and takes {} for a missing input',
    documentation: statesApi('StartExecution'),
    check: async (aws) => {
      const stateMachineArn = aws.named('Quick')
      const { executionArn = '' } = await aws.sfn.send(new StartExecutionCommand({ stateMachineArn }))
      const end = await ended(aws, executionArn)
      equal(end.input, '{}', 'input')
      holds(executionArn.endsWith(`:${end.name}`) && end.name !== '', 'name: expected the end of the ARN')
    },
  },
  {
    id: 'describe',
    statement: 'DescribeExecution tells status, dates, input and output of an execution',
    documentation: statesApi('DescribeExecution'),
    check: async (aws) => {
      const executionArn = await start(aws, 'Quick', { n: 1 }, 'described')
      const end = await ended(aws, executionArn)
      includes(
        end,
        {
          executionArn,
          stateMachineArn: aws.named('Quick'),
          name: 'described',
          status: 'SUCCEEDED',
          input: '{"n":1}',
          output: '"end"',
        },
        'what is told',
      )
      holds(lasted(end) >= 0, 'stopDate: expected it after startDate')
      equal((await describe(aws, await start(aws, 'Resting'))).stopDate, undefined, 'stopDate while running')
    },
  },
  {
    id: 'missing-execution',
    statement:
      'An execution that is not there is ExecutionDoesNotExist to DescribeExecution and StopExecution',
    documentation: statesApi('DescribeExecution'),
    check: async (aws) => {
      const executionArn = `${(await start(aws, 'Quick', {}, 'there')).replace(/there$/, '')}not-there`
      await refused(describe(aws, executionArn), ExecutionDoesNotExist, 'DescribeExecution')
      await refused(
        aws.sfn.send(new StopExecutionCommand({ executionArn })),
        ExecutionDoesNotExist,
        'StopExecution',
      )
    },
  },
  {
    id: 'stop',
    statement: 'StopExecution ends a running execution as ABORTED with the error and cause that it is given',
    documentation: statesApi('StopExecution'),
    check: async (aws) => {
      const executionArn = await start(aws, 'Resting')
      const { stopDate } = await aws.sfn.send(
        new StopExecutionCommand({ executionArn, error: 'Operator', cause: 'had enough' }),
      )
      holds(stopDate instanceof Date, 'stopDate: expected a date')
      includes(
        await ended(aws, executionArn),
        { status: 'ABORTED', error: 'Operator', cause: 'had enough' },
        'the end',
      )
    },
  },
  {
    id: 'stop-history',
    statement: 'The history of a stopped execution ends with ExecutionAborted',
    documentation: statesApi('HistoryEvent'),
    check: async (aws) => {
      const executionArn = await start(aws, 'Resting')
      await aws.sleep(500)
      await aws.sfn.send(new StopExecutionCommand({ executionArn, error: 'Operator' }))
      await ended(aws, executionArn)
      const last = (await history(aws, executionArn)).at(-1)
      equal(
        [last?.type, last?.executionAbortedEventDetails?.error],
        ['ExecutionAborted', 'Operator'],
        'the last event',
      )
    },
  },
  {
    id: 'history',
    statement:
      'The history tells in order that states are entered and exited, each event with its predecessor',
    documentation: statesApi('HistoryEvent'),
    check: async (aws) => {
      const executionArn = await start(aws, 'Quick', { n: 1 })
      await ended(aws, executionArn)
      const events = await history(aws, executionArn)
      equal(
        events.map(({ id, type, previousEventId }) => [id, previousEventId, type]),
        [
          [1, 0, 'ExecutionStarted'],
          [2, 0, 'PassStateEntered'],
          [3, 2, 'PassStateExited'],
          [4, 3, 'PassStateEntered'],
          [5, 4, 'PassStateExited'],
          [6, 5, 'ExecutionSucceeded'],
        ],
        'events',
      )
      includes(events[1]?.stateEnteredEventDetails, { name: 'First', input: '{"n":1}' }, 'the second event')
      includes(events[5]?.executionSucceededEventDetails, { output: '"end"' }, 'the last event')
    },
  },
  {
    id: 'history-pages',
    statement:
      'GetExecutionHistory gives the latest event first when asked, and no more at once than asked for',
    documentation: statesApi('GetExecutionHistory'),
    check: async (aws) => {
      const executionArn = await start(aws, 'Quick')
      await ended(aws, executionArn)
      const asked = { executionArn, reverseOrder: true, maxResults: 4 }
      const first = await aws.sfn.send(new GetExecutionHistoryCommand(asked))
      equal(
        first.events?.map(({ id }) => id),
        [6, 5, 4, 3],
        'the first page',
      )
      const nextToken = present(first.nextToken, 'nextToken')
      const second = await aws.sfn.send(new GetExecutionHistoryCommand({ ...asked, nextToken }))
      equal(
        second.events?.map(({ id }) => id),
        [2, 1],
        'the second page',
      )
      equal(second.nextToken, undefined, 'nextToken of the last page')
    },
  },
  {
    id: 'machine',
    statement: 'DescribeStateMachine tells the definition, the type and that the machine is ACTIVE',
    documentation: statesApi('DescribeStateMachine'),
    check: async (aws) => {
      const stateMachineArn = aws.named('Quick')
      const machineNow = await aws.sfn.send(new DescribeStateMachineCommand({ stateMachineArn }))
      includes(machineNow, { stateMachineArn, type: 'STANDARD', status: 'ACTIVE' }, 'the machine')
      equal(machineNow.definition, Quick.Properties['DefinitionString'], 'definition')
    },
  },
  {
    id: 'not-redrivable',
    statement: 'An execution that succeeded cannot be redriven: ExecutionNotRedrivable',
    documentation: statesApi('RedriveExecution'),
    check: async (aws) => {
      const executionArn = await start(aws, 'Quick')
      await ended(aws, executionArn)
      await refused(
        aws.sfn.send(new RedriveExecutionCommand({ executionArn })),
        ExecutionNotRedrivable,
        'RedriveExecution',
      )
    },
  },
  {
    id: 'update',
    statement:
      'A running execution keeps the definition that it was started with when the machine is updated',
    documentation: statesApi('UpdateStateMachine'),
    resources: { Changing: changing('before') },
    check: async (aws) => {
      const stateMachineArn = aws.named('Changing')
      const running = await start(aws, 'Changing')
      const definition = String(changing('after').Properties['DefinitionString'])
      await aws.sfn.send(new UpdateStateMachineCommand({ stateMachineArn, definition }))
      equal(succeeded(await ended(aws, running)), 'before', 'output of the one that ran')
      // The update holds for new executions within a few seconds.
      await eventually(
        aws,
        async () =>
          succeeded(await ended(aws, await start(aws, 'Changing'))) === 'after' ? true : undefined,
        'a new execution with the new definition',
        30_000,
      )
    },
  },
])
