import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn'
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { accountId, asking, deployMachines, inJsonata, type Machines, queue } from './machines.testing.ts'

const dayMs = 24 * 60 * 60_000

interface Asked {
  readonly token: string
  readonly state: string
  readonly input: unknown
  readonly redrives: number
}

/** A machine whose executions ask workers by a queue; the test is the worker. */
const flow = (states: Readonly<Record<string, object>>, more: object = {}) => {
  const machines = deployMachines({ Flow: inJsonata(states, more) }, { resources: queue })
  const executionArn = machines.arnOf('Flow').replace('stateMachine', 'execution').concat(':run')
  const take = async (): Promise<readonly Asked[]> => {
    const QueueUrl = `https://sqs.eu-west-1.amazonaws.com/${accountId}/Stack-JobQueue`
    const { Messages = [] } = (await machines.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    )) as { readonly Messages?: readonly { readonly Body: string }[] }
    return Messages.map(({ Body }) => JSON.parse(Body) as Asked).toSorted((a, b) =>
      a.state < b.state ? -1 : 1,
    )
  }
  const startFlow = async (input: unknown = {}): Promise<void> => {
    const start = { stateMachineArn: machines.arnOf('Flow'), name: 'run', input: JSON.stringify(input) }
    await machines.send(new StartExecutionCommand(start))
    await machines.pass(2_000)
  }
  return {
    ...machines,
    executionArn,
    take,
    startFlow,
    succeed: async (taskToken: string | undefined, output: unknown = 1) => {
      await machines.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }))
      await machines.pass(2_000)
    },
    fail: async (taskToken: string | undefined, error = 'Broken') => {
      await machines.send(new SendTaskFailureCommand({ taskToken, error, cause: 'why' }))
      await machines.pass(2_000)
    },
    redrive: async (clientToken?: string) => {
      const answer = await machines.send(new RedriveExecutionCommand({ executionArn, clientToken }))
      await machines.pass(2_000)
      return answer
    },
    describeRun: () => machines.send(new DescribeExecutionCommand({ executionArn })),
    typesOf: () => typesOf(machines, executionArn),
  }
}

const typesOf = async (machines: Machines, executionArn: string): Promise<readonly string[]> => {
  const { events } = await machines.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }))
  return (events as readonly { readonly type: string }[]).map(({ type }) => type)
}

const twoSteps = {
  First: asking({ Next: 'Second' }),
  Second: asking({ End: true, Output: { first: '{% $states.input %}', second: '{% $states.result %}' } }),
}

// https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html (read 2026-11-25)
describe('A redriven execution', () => {
  it('continues from the step that failed, with its input, and keeps the results of the steps before', async () => {
    const run = flow(twoSteps)
    await run.startFlow()
    const [first] = await run.take()
    await run.succeed(first?.token, 'one')
    const [second] = await run.take()
    await run.fail(second?.token)
    expect(await run.describeRun()).toMatchObject({
      status: 'FAILED',
      error: 'Broken',
      redriveCount: 0,
      redriveStatus: 'REDRIVABLE',
    })
    await run.redrive()
    expect(await run.describeRun()).toMatchObject({ status: 'RUNNING', redriveCount: 1 })
    const [again, ...others] = await run.take()
    expect(again).toMatchObject({ state: 'Second', redrives: 1 })
    expect(others).toEqual([])
    await run.succeed(again?.token, 'two')
    expect(await run.describeRun()).toMatchObject({
      status: 'SUCCEEDED',
      output: JSON.stringify({ first: 'one', second: 'two' }),
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    })
    expect(run.ends.map(({ status }) => status)).toEqual(['FAILED', 'SUCCEEDED'])
  })

  it('appends its history: ExecutionRedriven, and the task is scheduled again without being entered again', async () => {
    const run = flow({ Only: asking({ End: true }) })
    await run.startFlow()
    await run.fail((await run.take())[0]?.token)
    const before = await run.typesOf()
    await run.redrive()
    await run.succeed((await run.take())[0]?.token)
    expect((await run.typesOf()).slice(before.length)).toEqual([
      'ExecutionRedriven',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ])
  })

  it('is billed a transition, and tells the date of the redrive', async () => {
    const run = flow({ Only: asking({ End: true }) })
    await run.startFlow()
    await run.fail((await run.take())[0]?.token)
    expect(run.transitions).toHaveLength(1)
    const { redriveDate } = await run.redrive()
    expect(run.transitions.map(({ state, retry }) => [state, retry])).toEqual([
      ['Only', 0],
      ['Only', 1],
    ])
    expect((await run.describeRun())['redriveDate']).toEqual(redriveDate)
  })

  it('continues with the definition that it was started with, whatever the machine has become', async () => {
    const run = flow(twoSteps)
    await run.startFlow()
    await run.fail((await run.take())[0]?.token)
    const definition = JSON.stringify({ StartAt: 'New', States: { New: { Type: 'Succeed' } } })
    await run.send(new UpdateStateMachineCommand({ stateMachineArn: run.arnOf('Flow'), definition }))
    await run.redrive()
    await run.succeed((await run.take())[0]?.token, 'one')
    expect((await run.take())[0]).toMatchObject({ state: 'Second' })
  })

  it('has the maximum of retries again', async () => {
    const Retry = [{ ErrorEquals: ['Broken'], MaxAttempts: 1, IntervalSeconds: 1 }]
    const run = flow({ Only: asking({ End: true, Retry }) })
    await run.startFlow()
    await run.fail((await run.take())[0]?.token)
    await run.fail((await run.take())[0]?.token)
    expect((await run.describeRun())['status']).toBe('FAILED')
    await run.redrive()
    await run.fail((await run.take())[0]?.token)
    expect((await run.describeRun())['status']).toBe('RUNNING')
    await run.fail((await run.take())[0]?.token)
    expect((await run.describeRun())['status']).toBe('FAILED')
  })

  it('has the timeout of its task and its own from the beginning', async () => {
    const run = flow({ Only: asking({ End: true, TimeoutSeconds: 60 }) }, { TimeoutSeconds: 30 })
    await run.startFlow()
    await run.pass(30_000)
    expect(await run.describeRun()).toMatchObject({ status: 'TIMED_OUT' })
    await run.redrive()
    await run.pass(20_000)
    expect((await run.describeRun())['status']).toBe('RUNNING')
    await run.pass(10_000)
    expect((await run.describeRun())['status']).toBe('TIMED_OUT')
  })

  it('that was stopped goes on as well, by a new token: the old one has timed out', async () => {
    const run = flow({ Only: asking({ End: true }) })
    await run.startFlow()
    const [old] = await run.take()
    await run.send(new StopExecutionCommand({ executionArn: run.executionArn, error: 'Operator' }))
    await run.redrive()
    const late = new SendTaskSuccessCommand({ taskToken: old?.token, output: '1' })
    expect((await run.refusal(late)).name).toBe('TaskTimedOut')
    await run.succeed((await run.take())[0]?.token)
    expect((await run.describeRun())['status']).toBe('SUCCEEDED')
  })

  it('runs only those branches of a Parallel again that failed or were aborted', async () => {
    const branch = (name: string) => ({ StartAt: name, States: { [name]: asking({ End: true }) } })
    const run = flow({
      Side: { Type: 'Parallel', Branches: [branch('A'), branch('B'), branch('C')], End: true },
    })
    await run.startFlow()
    const [a, b] = await run.take()
    await run.succeed(a?.token, 'a')
    await run.fail(b?.token)
    expect((await run.describeRun())['status']).toBe('FAILED')
    await run.redrive()
    const asked = await run.take()
    expect(asked.map(({ state }) => state)).toEqual(['B', 'C'])
    for (const { token, state } of asked) await run.succeed(token, state.toLowerCase())
    expect(await run.describeRun()).toMatchObject({ status: 'SUCCEEDED', output: '["a","b","c"]' })
  })

  it('runs only those iterations of a Map again that failed or were aborted, and those that never began', async () => {
    const run = flow({
      Each: {
        Type: 'Map',
        Items: '{% $states.input %}',
        MaxConcurrency: 2,
        ItemProcessor: { StartAt: 'Item', States: { Item: asking({ End: true }) } },
        End: true,
      },
    })
    await run.startFlow([1, 2, 3, 4])
    const [begun] = await run.take()
    await run.succeed(begun?.token, 'before')
    await run.fail((await run.take())[0]?.token)
    expect((await run.describeRun())['status']).toBe('FAILED')
    await run.redrive()
    const asked = await run.take()
    expect(asked).toHaveLength(2)
    for (const { token, input } of asked) await run.succeed(token, input)
    const [last] = await run.take()
    expect(last?.input).toBe(4)
    await run.succeed(last?.token, 4)
    const output = [1, 2, 3, 4].map((item) => (item === begun?.input ? 'before' : item))
    expect(await run.describeRun()).toMatchObject({ status: 'SUCCEEDED', output: JSON.stringify(output) })
  })

  it('enters a Fail state again, and fails again', async () => {
    const run = flow({ No: { Type: 'Fail', Error: 'No', Cause: 'never' } })
    await run.startFlow()
    await run.redrive()
    expect(await run.describeRun()).toMatchObject({ status: 'FAILED', error: 'No', redriveCount: 1 })
    expect((await run.typesOf()).slice(-3)).toEqual([
      'ExecutionRedriven',
      'FailStateEntered',
      'ExecutionFailed',
    ])
  })

  it('that caught its failure is redriven from where it ended, not from what it caught', async () => {
    const run = flow({
      Only: asking({ Next: 'Done', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Refused' }] }),
      Done: { Type: 'Succeed' },
      Refused: { Type: 'Fail', Error: 'Refused' },
    })
    await run.startFlow()
    await run.fail((await run.take())[0]?.token)
    await run.redrive()
    expect(await run.take()).toEqual([])
    expect(await run.describeRun()).toMatchObject({ status: 'FAILED', error: 'Refused' })
  })
})

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_RedriveExecution.html (read 2026-11-25)
describe('RedriveExecution', () => {
  const failed = async () => {
    const run = flow({ No: { Type: 'Fail', Error: 'No' } })
    await run.startFlow()
    return run
  }
  const refused = async (run: Awaited<ReturnType<typeof failed>>) => {
    const { name, message } = await run.refusal(
      new RedriveExecutionCommand({ executionArn: run.executionArn }),
    )
    expect(name).toBe('ExecutionNotRedrivable')
    expect(await run.describeRun()).toMatchObject({
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: message,
    })
    return message
  }

  it('refuses an execution that runs', async () => {
    const run = flow({ Only: asking({ End: true }) })
    await run.startFlow()
    expect(await refused(run)).toBe('Execution is RUNNING and cannot be redriven')
  })

  it('refuses one that succeeded', async () => {
    const run = flow({ Yes: { Type: 'Succeed' } })
    await run.startFlow()
    expect(await refused(run)).toBe('Execution is SUCCEEDED and cannot be redriven')
  })

  it('takes one until 14 days after its end, and refuses it from then on', async () => {
    const run = await failed()
    await run.pass(14 * dayMs - 5_000)
    await run.redrive()
    await run.pass(14 * dayMs + 5_000)
    expect(await refused(run)).toBe('Execution redrivable period exceeded')
  })

  it('refuses one whose history has no room for two events more', async () => {
    const run = flow({
      Count: { Type: 'Pass', Output: '{% $states.input + 1 %}', Next: 'More' },
      More: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input < 7000 %}', Next: 'Count' }],
        Default: 'No',
      },
      No: { Type: 'Fail', Error: 'No' },
    })
    await run.startFlow(0)
    await run.pass(dayMs)
    expect(await run.describeRun()).toMatchObject({ status: 'FAILED', error: 'States.Runtime' })
    expect(await refused(run)).toBe('Execution history event limit exceeded')
  })

  it('answers a client token again as it did, for 15 minutes, and redrives once', async () => {
    const run = await failed()
    const first = await run.redrive('token-1')
    expect(await run.redrive('token-1')).toEqual(first)
    expect((await run.describeRun())['redriveCount']).toBe(1)
    await run.pass(15 * 60_000)
    expect(await run.redrive('token-1')).not.toEqual(first)
    expect((await run.describeRun())['redriveCount']).toBe(2)
  })

  it('names what does not exist', async () => {
    const run = await failed()
    const missing = new RedriveExecutionCommand({ executionArn: `${run.executionArn}-2` })
    expect((await run.refusal(missing)).name).toBe('ExecutionDoesNotExist')
  })
})
