import { GetExecutionHistoryCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn'
import { describe, expect, it } from 'vitest'
import { NotModelled } from '../properties.ts'
import { asking, deployMachines, inJsonata, queue, type Surroundings } from './machines.testing.ts'

const threePasses = {
  One: { Type: 'Pass', Next: 'Two', Assign: { seen: 1 } },
  Two: { Type: 'Pass', Next: 'Three' },
  Three: { Type: 'Pass', End: true, Output: { total: '{% $seen + 1 %}' } },
}

interface Event {
  readonly id: number
  readonly previousEventId: number
  readonly type: string
  readonly timestamp: Date
  readonly [member: string]: unknown
}

const flow = (states: Readonly<Record<string, object>>, more: object = {}, given: Surroundings = {}) => {
  const machines = deployMachines({ Flow: { ...inJsonata(states), ...more } }, { resources: queue, ...given })
  const stateMachineArn = machines.arnOf('Flow')
  const arnOf = (name: string): string => `${stateMachineArn.replace('stateMachine', 'execution')}:${name}`
  const startFlow = async (name = 'run', input: unknown = { a: 1 }): Promise<string> => {
    await machines.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }))
    await machines.pass(5_000)
    return arnOf(name)
  }
  const page = async (input: object = {}) =>
    (await machines.send(new GetExecutionHistoryCommand({ executionArn: arnOf('run'), ...input }))) as {
      readonly events: readonly Event[]
      readonly nextToken?: string
    }
  return { ...machines, arnOf, startFlow, page }
}

const skeleton = (events: readonly Event[]): readonly string[] =>
  events.map(({ id, previousEventId, type }) => `${id} ${type} after ${previousEventId}`)

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html (read 2026-11-25)
describe('GetExecutionHistory', () => {
  it('tells each event with its time, its id, the one it comes after, and its details as the SDK types them', async () => {
    const run = flow(threePasses)
    await run.startFlow()
    const { events, nextToken } = await run.page()
    expect(nextToken).toBeUndefined()
    expect(skeleton(events)).toEqual([
      '1 ExecutionStarted after 0',
      '2 PassStateEntered after 0',
      '3 PassStateExited after 2',
      '4 PassStateEntered after 3',
      '5 PassStateExited after 4',
      '6 PassStateEntered after 5',
      '7 PassStateExited after 6',
      '8 ExecutionSucceeded after 7',
    ])
    expect(events[0]).toMatchObject({
      executionStartedEventDetails: {
        input: '{"a":1}',
        inputDetails: { truncated: false },
        roleArn: 'arn:aws:iam::111122223333:role/Stack-FlowRole',
      },
    })
    expect(events[2]).toMatchObject({
      stateExitedEventDetails: {
        name: 'One',
        output: '{"a":1}',
        outputDetails: { truncated: false },
        assignedVariables: { seen: '1' },
        assignedVariablesDetails: { truncated: false },
      },
    })
    expect(events[7]).toMatchObject({
      executionSucceededEventDetails: { output: '{"total":2}', outputDetails: { truncated: false } },
    })
    expect(events.map(({ timestamp }) => timestamp.getTime())).toEqual(
      events.map(({ timestamp }) => timestamp.getTime()).toSorted((a, b) => a - b),
    )
  })

  it('gives pages of maxResults, each with the token of the next', async () => {
    const run = flow(threePasses)
    await run.startFlow()
    const first = await run.page({ maxResults: 5 })
    const second = await run.page({ maxResults: 5, nextToken: first.nextToken })
    expect(first.events.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5])
    expect(second.events.map(({ id }) => id)).toEqual([6, 7, 8])
    expect(second.nextToken).toBeUndefined()
  })

  it('tells the last event first when asked to, page by page as well', async () => {
    const run = flow(threePasses)
    await run.startFlow()
    const first = await run.page({ reverseOrder: true, maxResults: 6 })
    const second = await run.page({ reverseOrder: true, maxResults: 6, nextToken: first.nextToken })
    expect([...first.events, ...second.events].map(({ id }) => id)).toEqual([8, 7, 6, 5, 4, 3, 2, 1])
  })

  it('leaves inputs and outputs out when execution data is not asked for', async () => {
    const run = flow(threePasses)
    await run.startFlow()
    const { events } = await run.page({ includeExecutionData: false })
    expect(events[2]).toMatchObject({ stateExitedEventDetails: { name: 'One' } })
    expect(JSON.stringify(events)).not.toMatch(/"(input|output|assignedVariables)":/)
  })

  it('gives 100 events when maxResults is 0, and refuses more than 1,000', async () => {
    const run = flow({
      Count: { Type: 'Pass', Output: '{% $states.input + 1 %}', Next: 'More' },
      More: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input < 300 %}', Next: 'Count' }],
        Default: 'Done',
      },
      Done: { Type: 'Succeed' },
    })
    await run.startFlow('run', 0)
    await run.pass(3_600_000)
    expect((await run.page({ maxResults: 0 })).events).toHaveLength(100)
    expect((await run.page({ maxResults: 1_000 })).events).toHaveLength(1_000)
    const tooMany = new GetExecutionHistoryCommand({ executionArn: run.arnOf('run'), maxResults: 1_001 })
    expect(await run.refusal(tooMany)).toMatchObject({
      name: 'ValidationException',
      message:
        "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
    })
  })

  it('refuses a token that it did not give, an execution that never was, and an ARN of something else', async () => {
    const run = flow(threePasses)
    const executionArn = await run.startFlow()
    const refusal = async (input: object): Promise<string> =>
      (await run.refusal(new GetExecutionHistoryCommand({ executionArn, ...input }))).name
    expect(await refusal({ nextToken: 'mine' })).toBe('InvalidToken')
    expect(await refusal({ executionArn: run.arnOf('other') })).toBe('ExecutionDoesNotExist')
    expect(await refusal({ executionArn: run.arnOf('Flow').replace('execution', 'stateMachine') })).toBe(
      'InvalidArn',
    )
    expect(await refusal({ executionArn: 'run' })).toBe('InvalidArn')
  })

  it('says by name that a history was not kept, and of how many executions it is', async () => {
    const run = flow(threePasses, {}, { options: { historiesKept: 1 } })
    await run.startFlow('first')
    await run.startFlow('run')
    const kept = await run.send(new GetExecutionHistoryCommand({ executionArn: run.arnOf('first') }))
    expect(kept['events']).toHaveLength(8)
    const error = await run
      .refusal(new GetExecutionHistoryCommand({ executionArn: run.arnOf('run') }))
      .catch((thrown: Error) => thrown)
    expect(error).toBeInstanceOf(NotModelled)
    expect(error.message).toMatch(/history of the execution .*:run was not kept; .* the first 1 executions/)
  })
})

describe('The history of an execution', () => {
  it('tells a task with a token: scheduled, started, submitted, and how it ended', async () => {
    const run = flow({ Ask: asking({ End: true, TimeoutSeconds: 60, HeartbeatSeconds: 3 }) })
    await run.startFlow()
    const { events } = await run.page()
    expect(skeleton(events).slice(1)).toEqual([
      '2 TaskStateEntered after 0',
      '3 TaskScheduled after 2',
      '4 TaskStarted after 3',
      '5 TaskSubmitted after 4',
      '6 TaskTimedOut after 5',
      '7 ExecutionFailed after 6',
    ])
    expect(events[2]).toMatchObject({
      taskScheduledEventDetails: {
        resourceType: 'sqs',
        resource: 'sendMessage.waitForTaskToken',
        region: 'eu-west-1',
        timeoutInSeconds: 60,
        heartbeatInSeconds: 3,
      },
    })
    expect(events[5]?.['taskTimedOutEventDetails']).toEqual({
      resourceType: 'sqs',
      resource: 'sendMessage.waitForTaskToken',
      error: 'States.Timeout',
    })
  })

  it('tells of a stopped one that it was aborted, with what the operator gave', async () => {
    const run = flow({ Ask: asking({ End: true }) })
    const executionArn = await run.startFlow()
    await run.send(new StopExecutionCommand({ executionArn, error: 'Operator', cause: 'by hand' }))
    const { events } = await run.page()
    expect(events.at(-1)).toMatchObject({
      type: 'ExecutionAborted',
      executionAbortedEventDetails: { error: 'Operator', cause: 'by hand' },
    })
  })

  it('tells of the machine that timed out', async () => {
    const run = flow({ Wait: { Type: 'Wait', Seconds: 60, End: true } }, inJsonataWithTimeout)
    await run.startFlow()
    const { events } = await run.page()
    expect(events.at(-1)).toMatchObject({
      previousEventId: 0,
      type: 'ExecutionTimedOut',
      executionTimedOutEventDetails: { error: 'States.Timeout' },
    })
  })

  it('tells of the branches beside the one that failed that their states were aborted', async () => {
    const run = flow({
      Side: {
        Type: 'Parallel',
        End: true,
        Branches: [
          { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 60, End: true } } },
          {
            StartAt: 'Soon',
            States: {
              Soon: { Type: 'Wait', Seconds: 1, Next: 'No' },
              No: { Type: 'Fail', Error: 'No' },
            },
          },
        ],
      },
    })
    await run.startFlow()
    expect((await run.page()).events.map(({ type }) => type).slice(2)).toEqual([
      'ParallelStateStarted',
      'WaitStateEntered',
      'WaitStateEntered',
      'WaitStateExited',
      'FailStateEntered',
      'WaitStateAborted',
      'ParallelStateFailed',
      'ExecutionFailed',
    ])
  })

  it('has as many events as are counted, and logged, of it', async () => {
    const LoggingConfiguration = { Level: 'ALL', Destinations: [{}] }
    const run = flow(
      {
        Each: {
          Type: 'Map',
          Items: [1, 2],
          ItemProcessor: { StartAt: 'Item', States: { Item: { Type: 'Pass', End: true } } },
          Next: 'Side',
        },
        Side: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } },
            { StartAt: 'B', States: { B: { Type: 'Fail', Error: 'No' } } },
          ],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Done' }],
          End: true,
        },
        Done: { Type: 'Succeed' },
      },
      { LoggingConfiguration },
    )
    await run.startFlow()
    const { events } = await run.page()
    const logged = run.metered.filter(({ meter }) => meter === 'logs.bytes')
    expect(logged.reduce((sum, { units }) => sum + units, 0)).toBe(events.length * 380)
    expect(events.at(-1)?.type).toBe('ExecutionSucceeded')
  })
})

const inJsonataWithTimeout = inJsonata(
  { Wait: { Type: 'Wait', Seconds: 60, End: true } },
  { TimeoutSeconds: 2 },
)
