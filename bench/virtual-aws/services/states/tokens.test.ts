import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Answer, ServiceCall, ServiceModel } from '../../world.ts'
import { createStates } from './states.ts'
import { createTestWorld, type TestWorld, testStartMs } from './testing.ts'
import { base36 } from './tokens.ts'

const machineType = 'AWS::StepFunctions::StateMachine'

const definition = (task: object = {}, top: object = {}) => ({
  QueryLanguage: 'JSONata',
  StartAt: 'Ask',
  ...top,
  States: {
    Ask: {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Arguments: {
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a substitution of the template's.
        QueueUrl: '${QueueUrl}',
        MessageBody: { taskToken: '{% $states.context.Task.Token %}', order: '{% $states.input %}' },
      },
      End: true,
      ...task,
    },
  },
})

let test: TestWorld
let states: ServiceModel

const deployed = (machine: object = definition(), more: object = {}): string => {
  test = createTestWorld({
    latenciesMs: { 'states.start': 80, 'states.transition': 90 },
    answer: () => ({ ok: true, output: { MessageId: 'm', MD5OfMessageBody: 'd', $metadata: {} } }),
    answerMs: 4,
  })
  states = createStates(test.world)
  const properties = {
    DefinitionString: JSON.stringify(machine),
    DefinitionSubstitutions: { QueueUrl: 'https://sqs/queue' },
    RoleArn: 'arn:aws:iam::123456789012:role/FlowRole',
    ...more,
  }
  const { ref } = states.create('OrderFlow', machineType, properties, 'Stack')
  states.wire('OrderFlow', machineType, properties)
  return ref
}

const act = (action: string, input: ServiceCall['input']): Answer => {
  const heard: Answer[] = []
  states.act({ by: 'caller', principal: { kind: 'outside' }, service: 'states', action, input }, (answer) =>
    heard.push(answer),
  )
  const [answer] = heard
  if (answer === undefined) throw new Error(`${action} did not answer`)
  return answer
}

const outputOf = (answer: Answer): Readonly<Record<string, unknown>> => {
  if (!answer.ok) throw answer.error
  return answer.output as Readonly<Record<string, unknown>>
}
const errorOf = (answer: Answer): string => (answer.ok ? 'none' : answer.error.name)

const passMs = (ms: number): Promise<unknown> => test.world.kernel.run(test.world.kernel.nowMs + ms)
const ever = (): Promise<unknown> => test.world.kernel.run(Number.POSITIVE_INFINITY)

const sent = (index = 0): { readonly taskToken: string } =>
  JSON.parse(String(test.calls[index]?.input['MessageBody'])) as { readonly taskToken: string }

const describeRun = (executionArn: unknown) => outputOf(act('DescribeExecution', { executionArn }))

describe('StartExecution', () => {
  let stateMachineArn: string
  beforeEach(() => {
    stateMachineArn = deployed()
  })

  it('answers with the ARN and the start date, and is idempotent by name and input while open', () => {
    const first = outputOf(
      act('StartExecution', { stateMachineArn, name: 'order-1', input: '{"a":1,"b":2}' }),
    )
    expect(first).toEqual({
      executionArn: 'arn:aws:states:eu-west-1:123456789012:execution:Stack-OrderFlow:order-1',
      startDate: new Date(testStartMs),
    })
    expect(
      outputOf(act('StartExecution', { stateMachineArn, name: 'order-1', input: '{"b":2,"a":1}' })),
    ).toEqual(first)
    expect(errorOf(act('StartExecution', { stateMachineArn, name: 'order-1', input: '{"a":2}' }))).toBe(
      'ExecutionAlreadyExists',
    )
  })

  it('refuses the name of a closed execution, even with the same input', async () => {
    const { executionArn } = outputOf(
      act('StartExecution', { stateMachineArn, name: 'order-1', input: '{}' }),
    )
    act('StopExecution', { executionArn })
    await ever()
    expect(errorOf(act('StartExecution', { stateMachineArn, name: 'order-1', input: '{}' }))).toBe(
      'ExecutionAlreadyExists',
    )
  })

  it.each([
    {
      what: 'an unknown machine',
      input: { stateMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:None' },
      error: 'StateMachineDoesNotExist',
    },
    { what: 'a name with a space', input: { name: 'order 1' }, error: 'InvalidName' },
    { what: 'a name of 81 characters', input: { name: 'x'.repeat(81) }, error: 'ValidationException' },
    { what: 'a name of 80 characters', input: { name: 'x'.repeat(80) }, error: 'none' },
    { what: 'an input that is no JSON', input: { input: '{' }, error: 'InvalidExecutionInput' },
    {
      what: 'an input over 256 KiB',
      input: { input: JSON.stringify('x'.repeat(262_143)) },
      error: 'ValidationException',
    },
    { what: 'an input of 256 KiB', input: { input: JSON.stringify('x'.repeat(262_142)) }, error: 'none' },
  ])('given $what: $error', ({ input, error }) => {
    expect(errorOf(act('StartExecution', { stateMachineArn, ...input }))).toBe(error)
  })

  it('enters the first state after the start hop and calls as the role of the machine', async () => {
    act('StartExecution', { stateMachineArn, name: 'order-1', input: '{"id":7}' })
    await passMs(100)
    expect(test.transitions).toEqual([
      { machineId: 'OrderFlow', executionName: 'order-1', state: 'Ask', atMs: testStartMs + 80, retry: 0 },
    ])
    expect(test.calls[0]).toMatchObject({
      by: 'OrderFlow',
      principal: { kind: 'role', arn: 'arn:aws:iam::123456789012:role/FlowRole' },
      service: 'sqs',
      action: 'SendMessage',
    })
    expect(test.calls[0]?.input['QueueUrl']).toBe('https://sqs/queue')
    expect(sent()).toEqual({ taskToken: expect.any(String), order: { id: 7 } })
  })
})

describe('A task token', () => {
  const started = (task: object = {}) => {
    const stateMachineArn = deployed(definition(task))
    return outputOf(act('StartExecution', { stateMachineArn, name: 'order-1', input: '{}' }))['executionArn']
  }

  it('ends the task with the output that it is answered with', async () => {
    const executionArn = started()
    await passMs(1000)
    const answer = { taskToken: sent().taskToken, output: '{"id":"f1","type":"OrderCreated"}' }
    expect(outputOf(act('SendTaskSuccess', answer))).toEqual({})
    await ever()
    expect(describeRun(executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"id":"f1","type":"OrderCreated"}',
    })
  })

  it('fails the task with the error and cause that it is answered with', async () => {
    const executionArn = started()
    await passMs(1000)
    act('SendTaskFailure', { taskToken: sent().taskToken, error: 'PaymentDeclined', cause: 'limit' })
    await ever()
    expect(describeRun(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'PaymentDeclined',
      cause: 'limit',
    })
  })

  it('may be answered before the machine has heard that its message was sent', async () => {
    const executionArn = started()
    await passMs(82)
    expect(outputOf(act('SendTaskSuccess', { taskToken: sent().taskToken, output: '1' }))).toEqual({})
    await ever()
    expect(describeRun(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: '1' })
  })

  it.each(['SendTaskSuccess', 'SendTaskFailure', 'SendTaskHeartbeat'])(
    'has timed out for %s once it has been answered, has timed out, or its execution has ended',
    async (action) => {
      const executionArn = started({ TimeoutSeconds: 5 })
      await passMs(1000)
      const { taskToken } = sent()
      act('SendTaskSuccess', { taskToken, output: '1' })
      expect(errorOf(act(action, { taskToken, output: '1' }))).toBe('TaskTimedOut')
      await ever()
      expect(describeRun(executionArn)['status']).toBe('SUCCEEDED')

      started({ TimeoutSeconds: 5 })
      await ever()
      expect(errorOf(act(action, { taskToken: sent().taskToken, output: '1' }))).toBe('TaskTimedOut')

      const stopped = started()
      await passMs(1000)
      act('StopExecution', { executionArn: stopped, error: 'Stopped', cause: 'by hand' })
      expect(describeRun(stopped)).toMatchObject({ status: 'ABORTED', error: 'Stopped', cause: 'by hand' })
      expect(errorOf(act(action, { taskToken: sent().taskToken, output: '1' }))).toBe('TaskTimedOut')
    },
  )

  it('does not exist when it is of the right form but was never issued, and is invalid in any other form', async () => {
    started()
    await passMs(1000)
    const [head, seal] = sent().taskToken.split('.')
    expect(errorOf(act('SendTaskSuccess', { taskToken: `${head}zz.${seal}`, output: '1' }))).toBe(
      'TaskDoesNotExist',
    )
    expect(errorOf(act('SendTaskSuccess', { taskToken: 'nonsense', output: '1' }))).toBe('InvalidToken')
    expect(errorOf(act('SendTaskSuccess', { output: '1' }))).toBe('InvalidToken')
  })

  it('is not spent on an output that is no JSON', async () => {
    const executionArn = started()
    await passMs(1000)
    const { taskToken } = sent()
    expect(errorOf(act('SendTaskSuccess', { taskToken, output: 'plain' }))).toBe('InvalidOutput')
    act('SendTaskSuccess', { taskToken, output: '"plain"' })
    await ever()
    expect(describeRun(executionArn)['output']).toBe('"plain"')
  })

  it('is another one on each retry, and the earlier one has timed out', async () => {
    started({ Retry: [{ ErrorEquals: ['Outage'], IntervalSeconds: 2 }] })
    await passMs(1000)
    act('SendTaskFailure', { taskToken: sent().taskToken, error: 'Outage' })
    expect(errorOf(act('SendTaskSuccess', { taskToken: sent().taskToken, output: '1' }))).toBe('TaskTimedOut')
    await passMs(2000 + 90 - 1)
    expect(test.calls).toHaveLength(1)
    await passMs(1)
    expect(test.calls).toHaveLength(2)
    expect(sent(1).taskToken).not.toBe(sent(0).taskToken)
  })

  it('times out as many seconds after the attempt began as TimeoutSeconds says', async () => {
    const executionArn = started({ TimeoutSeconds: 5 })
    await passMs(80 + 4999)
    expect(describeRun(executionArn)['status']).toBe('RUNNING')
    await passMs(1)
    expect(describeRun(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' })
  })

  it('lives on as long as heartbeats come within HeartbeatSeconds; a missed one is States.Timeout', async () => {
    const executionArn = started({ HeartbeatSeconds: 5 })
    await passMs(80 + 4000)
    const { taskToken } = sent()
    act('SendTaskHeartbeat', { taskToken })
    await passMs(4999)
    expect(describeRun(executionArn)['status']).toBe('RUNNING')
    await passMs(1)
    expect(describeRun(executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' })
    expect(errorOf(act('SendTaskHeartbeat', { taskToken }))).toBe('TaskTimedOut')
  })
})

describe('A state machine of a template', () => {
  it('times out as a whole when its definition says so', async () => {
    const stateMachineArn = deployed(definition({}, { TimeoutSeconds: 60 }))
    const { executionArn } = outputOf(act('StartExecution', { stateMachineArn, name: 'x', input: '{}' }))
    await ever()
    expect(describeRun(executionArn)['status']).toBe('TIMED_OUT')
    expect(test.ends).toMatchObject([{ status: 'TIMED_OUT', endedMs: testStartMs + 60_000 }])
  })

  it('meters a log line for each history event, with its data when execution data is included', async () => {
    const run = async (includeData: boolean | undefined, level = 'ALL') => {
      const logging =
        includeData === undefined
          ? {}
          : { LoggingConfiguration: { Level: level, IncludeExecutionData: includeData, Destinations: [{}] } }
      const stateMachineArn = deployed(definition(), logging)
      act('StartExecution', { stateMachineArn, name: 'x', input: JSON.stringify({ pad: 'x'.repeat(1000) }) })
      await passMs(1000)
      act('SendTaskSuccess', { taskToken: sent().taskToken, output: '{}' })
      await ever()
      return test.meters.reduce((sum, { units }) => sum + units, 0)
    }
    // Started, entered, scheduled, started, submitted, succeeded, exited, succeeded.
    expect(await run(false)).toBe(8 * 380)
    expect(await run(true)).toBeGreaterThan(8 * 380 + 3000)
    expect(await run(true, 'ERROR')).toBe(0)
    expect(await run(undefined)).toBe(0)
  })

  it.each([
    {
      what: 'a property that is not modelled',
      properties: { EncryptionConfiguration: {} },
      says: 'EncryptionConfiguration is not modelled',
    },
    {
      what: 'a type that AWS does not know',
      properties: { StateMachineType: 'EXPRES' },
      says: 'expected a StateMachineType of STANDARD or EXPRESS, got "EXPRES"',
    },
  ])('refuses $what by name', ({ properties, says }) => {
    expect(() => deployed(definition(), properties)).toThrow(says)
  })

  it('refuses an action that is not modelled by name', () => {
    deployed()
    expect(() => act('GetActivityTask', {})).toThrow(
      'The action GetActivityTask of Step Functions is not modelled',
    )
  })

  it('names the machine as what StartExecution and the answer to a task need permission for', async () => {
    const stateMachineArn = deployed()
    act('StartExecution', { stateMachineArn, name: 'x', input: '{}' })
    await passMs(1000)
    const asked = (action: string, input: ServiceCall['input']) =>
      states.target({ by: 'f', principal: { kind: 'outside' }, service: 'states', action, input })
    const machine = { arn: stateMachineArn, logicalId: 'OrderFlow' }
    expect(asked('StartExecution', { stateMachineArn })).toEqual({
      iamAction: 'states:StartExecution',
      ...machine,
    })
    expect(asked('SendTaskSuccess', { taskToken: sent().taskToken })).toEqual({
      iamAction: 'states:SendTaskSuccess',
      ...machine,
    })
  })

  it('forgets a closed execution but for its name, and says so', async () => {
    const stateMachineArn = deployed()
    for (let run = 0; run < 1_001; run += 1) {
      const { executionArn } = outputOf(
        act('StartExecution', { stateMachineArn, name: `run-${run}`, input: '{}' }),
      )
      act('StopExecution', { executionArn })
    }
    const arnOf = (run: number) => stateMachineArn.replace('stateMachine', 'execution').concat(`:run-${run}`)
    expect(() => act('DescribeExecution', { executionArn: arnOf(0) })).toThrow(
      'only the last 1000 closed ones are kept',
    )
    expect(describeRun(arnOf(1_000))['status']).toBe('ABORTED')
    expect(errorOf(act('StartExecution', { stateMachineArn, name: 'run-0', input: '{}' }))).toBe(
      'ExecutionAlreadyExists',
    )
  })
})

it('counts in base 36 as a number does', () => {
  fc.assert(
    fc.property(fc.oneof(fc.nat(), fc.integer({ min: 0, max: 2 ** 32 - 1 })), (value) => {
      expect(base36(value)).toBe(value.toString(36))
    }),
  )
})
