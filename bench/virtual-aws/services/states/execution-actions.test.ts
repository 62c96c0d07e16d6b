import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn'
import { describe, expect, it } from 'vitest'
import { accountId, asking, deployMachines, inJsonata, queue } from './machines.testing.ts'

const deployed = () =>
  deployMachines(
    {
      Flow: inJsonata({ Wait: { Type: 'Wait', Seconds: 60, End: true } }),
      Asking: inJsonata({ Ask: asking({ End: true }) }),
    },
    { resources: queue },
  )

const errorOf = async (machines: ReturnType<typeof deployed>, command: object): Promise<string> => {
  const { name, message } = await machines.refusal(command)
  return `${name}: ${message}`
}

const validation = (what: string, constraint: string): string =>
  `ValidationException: 1 validation error detected: ${what} failed to satisfy constraint: Member ${constraint}`

const executionArn = (name: string): string =>
  `arn:aws:states:eu-west-1:${accountId}:execution:Stack-Flow:${name}`

const start = (machines: ReturnType<typeof deployed>, more: object = {}) =>
  machines.send(new StartExecutionCommand({ stateMachineArn: machines.arnOf('Flow'), ...more }))

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html (read 2026-11-25)
describe('StartExecution', () => {
  it.each([
    ...['a b', 'a<b', 'a>b', 'a{b', 'a}b', 'a[b', 'a]b', 'a?b', 'a*b', 'a"b', 'a#b', 'a%b', 'a\\b', 'a^b'],
    ...['a|b', 'a~b', 'a`b', 'a$b', 'a&b', 'a,b', 'a;b', 'a:b', 'a/b', 'a\u0000b', 'a\u009fb'],
  ])('refuses the name %j', async (name) => {
    const machines = deployed()
    const command = new StartExecutionCommand({ stateMachineArn: machines.arnOf('Flow'), name })
    expect(await errorOf(machines, command)).toBe(`InvalidName: Invalid Name: '${name}'`)
  })

  it.each([
    { name: 'x'.repeat(81), bound: 'must have length less than or equal to 80' },
    { name: '', bound: 'must have length greater than or equal to 1' },
  ])('refuses the name $name by its length', async ({ name, bound }) => {
    const machines = deployed()
    const command = new StartExecutionCommand({ stateMachineArn: machines.arnOf('Flow'), name })
    expect(await errorOf(machines, command)).toBe(validation(`Value '${name}' at 'name'`, bound))
  })

  it.each(['x'.repeat(80), 'order-1_A.b', 'Bestellung-ü'])('takes the name %j', async (name) => {
    expect((await start(deployed(), { name }))['executionArn']).toBe(executionArn(name))
  })

  it.each([
    { what: 'no JSON', input: '{"a":', error: /^InvalidExecutionInput: / },
    {
      what: '256 KiB and a character',
      input: `"${'x'.repeat(262_143)}"`,
      error: /^ValidationException: .*Value at 'input' .* length less than or equal to 262144$/,
    },
    {
      what: '256 KiB and a byte, of characters of two bytes',
      input: `"${'ü'.repeat(131_071)}x"`,
      error: /^InvalidExecutionInput: /,
    },
  ])('refuses an input that is $what', async ({ input, error }) => {
    const machines = deployed()
    const command = new StartExecutionCommand({ stateMachineArn: machines.arnOf('Flow'), input })
    expect(await errorOf(machines, command)).toMatch(error)
  })

  it('takes an input of 256 KiB', async () => {
    const input = `"${'x'.repeat(262_142)}"`
    expect(await start(deployed(), { name: 'one', input })).toHaveProperty('executionArn')
  })

  it('starts with an empty object when no input is given', async () => {
    const machines = deployed()
    await start(machines, { name: 'one' })
    const described = await machines.send(new DescribeExecutionCommand({ executionArn: executionArn('one') }))
    expect(described['input']).toBe('{}')
  })

  it.each([
    { stateMachineArn: undefined, error: validation("Value null at 'stateMachineArn'", 'must not be null') },
    { stateMachineArn: 'Flow', error: "InvalidArn: Invalid Arn: 'Invalid ARN prefix: Flow'" },
    {
      stateMachineArn: executionArn('one'),
      error: "InvalidArn: Invalid Arn: 'Resource type not valid in this context: execution'",
    },
    {
      stateMachineArn: 'arn:aws:states:eu-west-1:111122223333:stateMachine:None',
      error:
        "StateMachineDoesNotExist: State Machine Does Not Exist: 'arn:aws:states:eu-west-1:111122223333:stateMachine:None'",
    },
  ])('refuses the machine $stateMachineArn', async ({ stateMachineArn, error }) => {
    expect(await errorOf(deployed(), new StartExecutionCommand({ stateMachineArn }))).toBe(error)
  })
})

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html (read 2026-11-25)
describe('StopExecution', () => {
  it('ends the execution as aborted, with the error and the cause that were given', async () => {
    const machines = deployed()
    await start(machines, { name: 'one' })
    const { stopDate } = await machines.send(
      new StopExecutionCommand({ executionArn: executionArn('one'), error: 'Operator', cause: 'by hand' }),
    )
    const described = await machines.send(new DescribeExecutionCommand({ executionArn: executionArn('one') }))
    expect(described).toMatchObject({ status: 'ABORTED', error: 'Operator', cause: 'by hand', stopDate })
  })

  it('tells of a stopped one when it was stopped', async () => {
    const machines = deployed()
    await start(machines, { name: 'one' })
    const stop = new StopExecutionCommand({ executionArn: executionArn('one') })
    const { stopDate } = await machines.send(stop)
    expect(await machines.send(stop)).toMatchObject({ stopDate })
  })

  it.each([
    { field: 'error', length: 257, lengthMax: 256 },
    { field: 'cause', length: 32_769, lengthMax: 32_768 },
  ])('refuses a $field of $length characters, and takes $lengthMax', async ({ field, length, lengthMax }) => {
    const machines = deployed()
    await start(machines, { name: 'one' })
    const stop = (count: number) =>
      new StopExecutionCommand({ executionArn: executionArn('one'), [field]: 'x'.repeat(count) })
    expect(await errorOf(machines, stop(length))).toBe(
      validation(`Value at '${field}'`, `must have length less than or equal to ${lengthMax}`),
    )
    expect(await machines.send(stop(lengthMax))).toHaveProperty('stopDate')
  })

  it('names what does not exist', async () => {
    const stop = new StopExecutionCommand({ executionArn: executionArn('none') })
    expect(await errorOf(deployed(), stop)).toBe(
      `ExecutionDoesNotExist: Execution Does Not Exist: '${executionArn('none')}'`,
    )
  })
})

describe('DescribeExecution', () => {
  it('tells what can be known of an execution that runs', async () => {
    const machines = deployed()
    const { startDate } = await start(machines, { name: 'one', input: '{"a":1}' })
    const { $metadata: _, ...described } = await machines.send(
      new DescribeExecutionCommand({ executionArn: executionArn('one') }),
    )
    expect(described).toEqual({
      executionArn: executionArn('one'),
      stateMachineArn: machines.arnOf('Flow'),
      name: 'one',
      status: 'RUNNING',
      startDate,
      input: '{"a":1}',
      inputDetails: { included: true },
      redriveCount: 0,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
    })
  })

  // https://github.com/floci-io/floci/issues/2733 (an answer of AWS, read 2026-11-25)
  it('tells no error of an execution whose own time was over', async () => {
    const Wait = { Type: 'Wait', Seconds: 60, End: true }
    const definition = { StartAt: 'Wait', TimeoutSeconds: 3, States: { Wait } }
    const machines = deployMachines({ Flow: { DefinitionString: JSON.stringify(definition) } })
    await start(machines, { name: 'one' })
    await machines.pass(10_000)
    const described = await machines.send(new DescribeExecutionCommand({ executionArn: executionArn('one') }))
    expect(described).toMatchObject({ status: 'TIMED_OUT', stopDate: expect.any(Date) })
    expect(described).not.toHaveProperty('error')
    expect(described).not.toHaveProperty('cause')
  })
})

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html (read 2026-11-25)
describe('ListExecutions', () => {
  const listed = async () => {
    const machines = deployed()
    for (const name of ['one', 'two', 'three']) await start(machines, { name })
    await machines.send(new StopExecutionCommand({ executionArn: executionArn('two') }))
    return machines
  }
  const names = async (machines: ReturnType<typeof deployed>, more: object = {}) => {
    const { executions, nextToken } = await machines.send(
      new ListExecutionsCommand({ stateMachineArn: machines.arnOf('Flow'), ...more }),
    )
    return { names: (executions as readonly { readonly name: string }[]).map(({ name }) => name), nextToken }
  }

  it('tells the executions of a machine, the last started first', async () => {
    expect((await names(await listed())).names).toEqual(['three', 'two', 'one'])
  })

  it('tells those of one status, and those that have been redriven or not', async () => {
    const machines = await listed()
    expect((await names(machines, { statusFilter: 'ABORTED' })).names).toEqual(['two'])
    expect((await names(machines, { redriveFilter: 'REDRIVEN' })).names).toEqual([])
    expect((await names(machines, { redriveFilter: 'NOT_REDRIVEN' })).names).toHaveLength(3)
  })

  it('gives pages', async () => {
    const machines = await listed()
    const first = await names(machines, { maxResults: 2 })
    expect(first.names).toEqual(['three', 'two'])
    expect((await names(machines, { maxResults: 2, nextToken: first.nextToken })).names).toEqual(['one'])
  })

  it('refuses a status that there is none of', async () => {
    const machines = deployed()
    const list = new ListExecutionsCommand({
      stateMachineArn: machines.arnOf('Flow'),
      statusFilter: 'PENDING_REDRIVE',
    })
    expect(await errorOf(machines, list)).toMatch(/^ValidationException: /)
  })
})

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskFailure.html (read 2026-11-25)
describe('The answer to a task', () => {
  const taskToken = 'AQCEAAAAKgAAAAMAAAAAAAAAA1.0'

  it.each([
    {
      what: 'an error of 257 characters',
      command: new SendTaskFailureCommand({ taskToken, error: 'x'.repeat(257) }),
    },
    {
      what: 'a cause of 32,769 characters',
      command: new SendTaskFailureCommand({ taskToken, cause: 'x'.repeat(32_769) }),
    },
  ])('is refused with $what', async ({ command }) => {
    expect((await deployed().refusal(command)).name).toBe('ValidationException')
  })

  it.each([
    { what: 'no JSON', output: '{', error: 'InvalidOutput' },
    { what: 'more than 256 KiB', output: `"${'ü'.repeat(131_072)}"`, error: 'InvalidOutput' },
    { what: 'as many characters', output: `"${'x'.repeat(262_143)}"`, error: 'ValidationException' },
  ])('is refused with an output that is $what', async ({ output, error }) => {
    const refused = await deployed().refusal(new SendTaskSuccessCommand({ taskToken, output }))
    expect(refused.name).toBe(error)
  })

  it('is refused with a token of no form, and with one of another deployment', async () => {
    const machines = deployed()
    const answer = (token: string) => new SendTaskSuccessCommand({ taskToken: token, output: '{}' })
    expect(await errorOf(machines, answer('mine'))).toBe("InvalidToken: Invalid Token: 'Invalid token'")
    expect((await machines.refusal(answer(taskToken))).name).toBe('TaskDoesNotExist')
  })
})
