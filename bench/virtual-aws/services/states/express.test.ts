import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { describe, expect, it } from 'vitest'
import { expressBill, gbMsOf } from './express.ts'
import { asking, deployMachines, inJsonata, queue, type Surroundings } from './machines.testing.ts'
import { createStates } from './states.ts'
import { createTestWorld } from './testing.ts'

const express = (states: Readonly<Record<string, object>>, more: object = {}, given: Surroundings = {}) =>
  deployMachines(
    {
      Flow: { ...inJsonata(states, more), StateMachineType: 'EXPRESS' },
      Standard: inJsonata({ Done: { Type: 'Succeed' } }),
    },
    given,
  )

const waiting = (Seconds: number) => ({ Wait: { Type: 'Wait', Seconds, End: true } })
const done = { Done: { Type: 'Succeed', Output: '{% $states.input.a + 1 %}' } }

const unitsOf = (machines: ReturnType<typeof express>, meter: string): number =>
  machines.metered.filter((line) => line.meter === meter).reduce((sum, { units }) => sum + units, 0)

// https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html (read 2026-11-25)
describe('An Express machine', () => {
  it('may be started again and again by one name: executions have ARNs of their own', async () => {
    const machines = express(waiting(60))
    const start = { stateMachineArn: machines.arnOf('Flow'), name: 'order-1', input: '{}' }
    const first = await machines.send(new StartExecutionCommand(start))
    const second = await machines.send(new StartExecutionCommand(start))
    const form = /^arn:aws:states:eu-west-1:111122223333:express:Stack-Flow:order-1:[0-9a-f-]{36}$/
    expect(first['executionArn']).toMatch(form)
    expect(second['executionArn']).toMatch(form)
    expect(second['executionArn']).not.toBe(first['executionArn'])
    await machines.pass(120_000)
    expect(machines.ends.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED'])
  })

  it.each([
    { seconds: 299, status: 'SUCCEEDED', about: 'just within' },
    { seconds: 300, status: 'TIMED_OUT', about: 'and longer' },
  ])('runs for five minutes at most: $about', async ({ seconds, status }) => {
    const machines = express(waiting(seconds), { TimeoutSeconds: 3_600 })
    await machines.send(new StartExecutionCommand({ stateMachineArn: machines.arnOf('Flow') }))
    await machines.pass(400_000)
    expect(machines.ends.map((end) => end.status)).toEqual([status])
  })

  it('ends earlier where its definition says so', async () => {
    const machines = express(waiting(60), { TimeoutSeconds: 10 })
    await machines.send(new StartExecutionCommand({ stateMachineArn: machines.arnOf('Flow') }))
    await machines.pass(400_000)
    const [end] = machines.ends
    expect(end?.status).toBe('TIMED_OUT')
    expect((end?.endedMs ?? 0) - (end?.startedMs ?? 0)).toBe(10_000)
  })

  it('runs a start as often again as the scenario has it delivered: at least once', async () => {
    const copies = () => [500]
    const machines = express(done, {}, { options: { faults: { copies } } })
    await machines.send(
      new StartExecutionCommand({ stateMachineArn: machines.arnOf('Flow'), input: '{"a":1}' }),
    )
    await machines.pass(2_000)
    expect(machines.ends).toHaveLength(2)
    expect(machines.duplicates).toEqual([{ a: 1 }])
    expect(unitsOf(machines, 'states.express.request')).toBe(2)
  })

  it('has no transition that a quota holds up', async () => {
    const test = createTestWorld({ transitionDelayMs: 1_000 })
    const states = createStates(test.world)
    const { Definition } = inJsonata(done)
    const properties = {
      Definition,
      RoleArn: 'arn:aws:iam::123456789012:role/R',
      StateMachineType: 'EXPRESS',
    }
    const { ref } = states.create('Flow', 'AWS::StepFunctions::StateMachine', properties, 'Stack')
    states.wire('Flow', 'AWS::StepFunctions::StateMachine', properties)
    const input = { stateMachineArn: ref, input: '{"a":1}' }
    const request = { by: 'caller', principal: { kind: 'outside' }, service: 'states', input } as const
    states.act({ ...request, action: 'StartExecution' }, () => undefined)
    await test.world.kernel.run(Number.POSITIVE_INFINITY)
    expect(test.ends.map(({ startedMs, endedMs }) => endedMs - startedMs)).toEqual([0])
    expect(states.target({ ...request, action: 'StartExecution' }).quota).toBe(
      'states.StartExecution.Express',
    )
  })

  it('has no transition to pay for', async () => {
    const count = {
      Count: { Type: 'Pass', Output: '{% $states.input + 1 %}', Next: 'More' },
      More: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $states.input < 20 %}', Next: 'Count' }],
        Default: 'Done',
      },
      Done: { Type: 'Succeed' },
    }
    const machines = express(count)
    await machines.send(new StartExecutionCommand({ stateMachineArn: machines.arnOf('Flow'), input: '0' }))
    await machines.pass(60_000)
    expect(machines.transitions).toHaveLength(41)
    expect(machines.transitions.every(({ isExpress }) => isExpress === true)).toBe(true)
  })

  it('is not ended by 25,000 events of history', async () => {
    const machines = express({
      Each: {
        Type: 'Map',
        Items: '{% [1..9000] %}',
        ItemProcessor: { StartAt: 'Item', States: { Item: { Type: 'Pass', End: true } } },
        Output: 'done',
        End: true,
      },
    })
    await machines.send(new StartExecutionCommand({ stateMachineArn: machines.arnOf('Flow') }))
    await machines.pass(200_000)
    expect(machines.ends.map(({ status }) => status)).toEqual(['SUCCEEDED'])
  })

  it('cannot wait for a token', () => {
    expect(() => express({ Ask: asking({ End: true }) }, {}, { resources: queue })).toThrow(
      "Express state machine does not support '.waitForTaskToken' service integration",
    )
  })

  it('cannot have a distributed Map', () => {
    const ItemProcessor = {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' },
      StartAt: 'Item',
      States: { Item: { Type: 'Pass', End: true } },
    }
    expect(() => express({ Each: { Type: 'Map', ItemProcessor, End: true } })).toThrow(/Express.*DISTRIBUTED/)
  })

  it.each([
    { what: 'described', command: (executionArn: string) => new DescribeExecutionCommand({ executionArn }) },
    { what: 'stopped', command: (executionArn: string) => new StopExecutionCommand({ executionArn }) },
    { what: 'redriven', command: (executionArn: string) => new RedriveExecutionCommand({ executionArn }) },
    {
      what: 'asked for its history',
      command: (executionArn: string) => new GetExecutionHistoryCommand({ executionArn }),
    },
  ])('has no execution that can be $what', async ({ command }) => {
    const machines = express(waiting(60))
    const start = new StartExecutionCommand({ stateMachineArn: machines.arnOf('Flow') })
    const { executionArn } = await machines.send(start)
    expect((await machines.refusal(command(String(executionArn)))).name).toBe('InvalidArn')
  })

  it('has no list of its executions', async () => {
    const machines = express(done)
    const list = new ListExecutionsCommand({ stateMachineArn: machines.arnOf('Flow') })
    expect((await machines.refusal(list)).name).toBe('StateMachineTypeNotSupported')
  })
})

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartSyncExecution.html (read 2026-11-25)
describe('StartSyncExecution', () => {
  it('answers when the execution has ended, with its output and its bill', async () => {
    const machines = express({ ...waiting(2), Wait: { Type: 'Wait', Seconds: 2, Next: 'Done' }, ...done })
    const start = { stateMachineArn: machines.arnOf('Flow'), name: 'order-1', input: '{"a":1}' }
    const answer = await machines.send(new StartSyncExecutionCommand(start), 10_000)
    expect(answer).toMatchObject({
      stateMachineArn: start.stateMachineArn,
      name: 'order-1',
      status: 'SUCCEEDED',
      input: '{"a":1}',
      inputDetails: { included: true },
      output: '2',
      outputDetails: { included: true },
    })
    const { startDate, stopDate, billingDetails } = answer as {
      readonly startDate: Date
      readonly stopDate: Date
      readonly billingDetails: object
    }
    expect(stopDate.getTime() - startDate.getTime()).toBeGreaterThanOrEqual(2_000)
    expect(billingDetails).toMatchObject({ billedMemoryUsedInMB: 64 })
    expect(answer).not.toHaveProperty('redriveCount')
  })

  it('answers so of an execution that failed, and throws no error', async () => {
    const machines = express({ No: { Type: 'Fail', Error: 'No', Cause: 'never' } })
    const start = new StartSyncExecutionCommand({ stateMachineArn: machines.arnOf('Flow') })
    expect(await machines.send(start, 5_000)).toMatchObject({ status: 'FAILED', error: 'No', cause: 'never' })
  })

  it('runs at most once, however often starts are delivered', async () => {
    const machines = express(done, {}, { options: { faults: { copies: () => [500] } } })
    const start = { stateMachineArn: machines.arnOf('Flow'), input: '{"a":1}' }
    await machines.send(new StartSyncExecutionCommand(start), 5_000)
    expect(machines.ends).toHaveLength(1)
  })

  it('refuses a Standard machine', async () => {
    const machines = express(done)
    const start = new StartSyncExecutionCommand({ stateMachineArn: machines.arnOf('Standard') })
    expect((await machines.refusal(start)).name).toBe('StateMachineTypeNotSupported')
  })
})

// https://aws.amazon.com/step-functions/pricing/ (read 2026-11-25)
describe('The bill of an Express execution', () => {
  const kilobyte = 1_000

  it.each([
    { what: 'a small one', definition: 0, data: 0, memoryMB: 64 },
    {
      what: "AWS's example: 400 map steps of 32 KB",
      definition: 50 * kilobyte,
      data: 400 * 32 * kilobyte,
      memoryMB: 64,
    },
    { what: 'all of 64 MB', definition: 0, data: 14_000 * kilobyte, memoryMB: 64 },
    { what: 'one byte more', definition: 0, data: 14_000 * kilobyte + 1, memoryMB: 128 },
  ])('counts memory in chunks of 64 MB: $what is $memoryMB MB', ({ definition, data, memoryMB }) => {
    expect(expressBill({ definitionBytes: definition }, data, 1).memoryMB).toBe(memoryMB)
  })

  it.each([
    { elapsedMs: 1, durationMs: 100 },
    { elapsedMs: 100, durationMs: 100 },
    { elapsedMs: 100.5, durationMs: 200 },
  ])('rounds $elapsedMs ms up to $durationMs ms', ({ elapsedMs, durationMs }) => {
    expect(expressBill({ definitionBytes: 0 }, 0, elapsedMs).durationMs).toBe(durationMs)
  })

  it("is 62,500,000 GB-s for AWS's 100 million workflows of 10 seconds", () => {
    expect((gbMsOf(expressBill({ definitionBytes: 0 }, 0, 10_000)) / 1_000) * 100_000_000).toBe(62_500_000)
  })

  it('is metered: a request at the start, GB-milliseconds at the end', async () => {
    const machines = express({ Wait: { Type: 'Wait', Seconds: 10, End: true } })
    await machines.send(new StartExecutionCommand({ stateMachineArn: machines.arnOf('Flow') }))
    expect(unitsOf(machines, 'states.express.request')).toBe(1)
    await machines.pass(60_000)
    const [end] = machines.ends
    const elapsedMs = (end?.endedMs ?? 0) - (end?.startedMs ?? 0)
    expect(unitsOf(machines, 'states.express.gbMs')).toBe((64 / 1024) * 100 * Math.ceil(elapsedMs / 100))
  })

  it('counts the data of every iteration and branch', async () => {
    const pad = 'x'.repeat(100_000)
    const machines = express({
      Each: {
        Type: 'Map',
        Items: '{% [1..200] %}',
        ItemSelector: { pad },
        ItemProcessor: { StartAt: 'Item', States: { Item: { Type: 'Pass', Output: 1, End: true } } },
        End: true,
      },
    })
    const start = new StartSyncExecutionCommand({ stateMachineArn: machines.arnOf('Flow') })
    const answer = await machines.send(start, 20_000)
    expect(answer['billingDetails']).toMatchObject({ billedMemoryUsedInMB: 128 })
  })
})
