import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  StartExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn'
import { describe, expect, it } from 'vitest'
import { startMs } from '../../stack.testing.ts'
import { NotModelled } from '../properties.ts'
import { accountId, deployMachines, inJsonata } from './machines.testing.ts'

const roleArn = `arn:aws:iam::${accountId}:role/Other`
const returning = (value: unknown): string =>
  JSON.stringify({
    QueryLanguage: 'JSONata',
    StartAt: 'Done',
    States: { Done: { Type: 'Succeed', Output: value } },
  })

const deployed = () =>
  deployMachines({
    Flow: {
      ...inJsonata({
        Wait: { Type: 'Wait', Seconds: 60, Next: 'Done' },
        Done: { Type: 'Succeed', Output: 'old' },
      }),
      LoggingConfiguration: { Level: 'ERROR', IncludeExecutionData: true, Destinations: [{}] },
      TracingConfiguration: { Enabled: true },
    },
    Quick: { DefinitionString: returning('quick'), StateMachineType: 'EXPRESS' },
  })

const outputOf = async (machines: ReturnType<typeof deployed>, name: string): Promise<unknown> => {
  const executionArn = `${machines.arnOf('Flow').replace('stateMachine', 'execution')}:${name}`
  return (await machines.send(new DescribeExecutionCommand({ executionArn })))['output']
}

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html (read 2026-11-25)
describe('UpdateStateMachine', () => {
  it('gives executions that start from now on the new definition; those that run keep theirs', async () => {
    const machines = deployed()
    const stateMachineArn = machines.arnOf('Flow')
    await machines.send(new StartExecutionCommand({ stateMachineArn, name: 'before' }))
    const update = new UpdateStateMachineCommand({ stateMachineArn, definition: returning('new') })
    const { updateDate, revisionId } = await machines.send(update)
    expect(updateDate).toBeInstanceOf(Date)
    await machines.send(new StartExecutionCommand({ stateMachineArn, name: 'after' }))
    await machines.pass(120_000)
    expect(await outputOf(machines, 'before')).toBe('"old"')
    expect(await outputOf(machines, 'after')).toBe('"new"')
    const described = await machines.send(new DescribeStateMachineCommand({ stateMachineArn }))
    expect(described).toMatchObject({ definition: returning('new'), revisionId })
  })

  it('changes the role alone', async () => {
    const machines = deployed()
    const stateMachineArn = machines.arnOf('Flow')
    await machines.send(new UpdateStateMachineCommand({ stateMachineArn, roleArn }))
    const described = await machines.send(new DescribeStateMachineCommand({ stateMachineArn }))
    expect(described['roleArn']).toBe(roleArn)
    expect(String(described['definition'])).toContain('"old"')
  })

  it.each([
    { what: 'neither a definition nor a role', input: {}, error: 'MissingRequiredParameter' },
    { what: 'a role that is no ARN', input: { roleArn: 'Other' }, error: 'InvalidArn' },
    { what: 'a definition that is no JSON', input: { definition: '{' }, error: 'InvalidDefinition' },
    {
      what: 'a definition with a missing target',
      input: { definition: JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } }) },
      error: 'InvalidDefinition',
    },
    {
      what: 'a machine that does not exist',
      input: { stateMachineArn: `arn:aws:states:eu-west-1:${accountId}:stateMachine:None`, roleArn },
      error: 'StateMachineDoesNotExist',
    },
  ])('refuses $what, and changes nothing', async ({ input, error }) => {
    const machines = deployed()
    const stateMachineArn = machines.arnOf('Flow')
    const update = new UpdateStateMachineCommand({ stateMachineArn, ...input })
    expect((await machines.refusal(update)).name).toBe(error)
    const described = await machines.send(new DescribeStateMachineCommand({ stateMachineArn }))
    expect(String(described['definition'])).toContain('"old"')
  })

  it.each([
    { publish: true },
    { loggingConfiguration: { level: 'OFF' as const } },
    { tracingConfiguration: { enabled: false } },
  ])('refuses by name what else it may change on AWS: %o', async (more) => {
    const machines = deployed()
    const stateMachineArn = machines.arnOf('Flow')
    const update = new UpdateStateMachineCommand({ stateMachineArn, roleArn, ...more })
    const refused = await machines.refusal(update).catch((thrown: Error) => thrown)
    expect(refused).toBeInstanceOf(NotModelled)
    expect(refused.message).toContain(Object.keys(more)[0])
  })
})

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html (read 2026-11-25)
describe('DescribeStateMachine', () => {
  it('tells what the template says, in the words of the API', async () => {
    const machines = deployed()
    const stateMachineArn = machines.arnOf('Flow')
    const described = await machines.send(new DescribeStateMachineCommand({ stateMachineArn }))
    expect(described).toMatchObject({
      stateMachineArn,
      name: 'Stack-Flow',
      status: 'ACTIVE',
      type: 'STANDARD',
      roleArn: `arn:aws:iam::${accountId}:role/Stack-FlowRole`,
      creationDate: new Date(startMs),
      loggingConfiguration: { level: 'ERROR', includeExecutionData: true, destinations: [{}] },
      tracingConfiguration: { enabled: true },
    })
    expect(described).not.toHaveProperty('revisionId')
  })

  it('tells an Express machine, and what it logs when the template says nothing', async () => {
    const machines = deployed()
    const describeQuick = new DescribeStateMachineCommand({ stateMachineArn: machines.arnOf('Quick') })
    expect(await machines.send(describeQuick)).toMatchObject({
      type: 'EXPRESS',
      definition: returning('quick'),
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: { enabled: false },
    })
  })
})

describe('The logging of a machine', () => {
  it.each([{ Destinations: undefined }, { Destinations: [] }, { Destinations: [{}, {}] }])(
    'has exactly one destination unless its level is OFF: %o is refused',
    (more) => {
      const LoggingConfiguration = { Level: 'ALL', ...more }
      const machine = { DefinitionString: returning(1), LoggingConfiguration }
      expect(() => deployMachines({ Flow: machine })).toThrow('expected exactly one of Destinations')
    },
  )
})
