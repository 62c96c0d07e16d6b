import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation'
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { ListTablesCommand } from '@aws-sdk/client-dynamodb'
import { ListEventBusesCommand } from '@aws-sdk/client-eventbridge'
import {
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda'
import {
  DescribeExecutionCommand,
  ListStateMachinesCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import { ListQueuesCommand } from '@aws-sdk/client-sqs'
import { CfnArchive } from 'aws-cdk-lib/aws-events'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { emulatorAccount, emulatorRegion } from '../../bench/live/emulator/emulator.ts'
import { configuredRegion } from '../../bench/live/region.ts'
import { connect, disconnect } from '../../bench/live/target.ts'
import { bundleHandlers } from '../bundle.ts'
import { orderApp, stackNames } from '../order-app.ts'
import { tagsOf } from '../project-stack.ts'
import { runCdk } from './cdk.ts'
import { stopWhereConfigured } from './executions.ts'
import { runProgram } from './program.ts'

const folder = mkdtempSync(join(tmpdir(), 'deployment-'))
const assembly = join(folder, 'cdk.out')
const clients = connect({ kind: 'endpoint', url: inject('emulatorUrl'), region: emulatorRegion })
const before = { ...process.env }

/** The CDK and all that it makes see the emulator, and nothing of an account that the machine may know. */
beforeAll(async () => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]
  Object.assign(process.env, {
    HOME: folder,
    AWS_ENDPOINT_URL: inject('emulatorUrl'),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: emulatorRegion,
  })
  const app = orderApp(await bundleHandlers(join(folder, 'handlers')), {
    outdir: assembly,
    builtinCloudFormationValidation: false,
  })
  // The one type that MiniStack's CloudFormation does not know.
  for (const construct of app.node.findAll())
    if (construct instanceof CfnArchive) construct.node.scope?.node.tryRemoveChild(construct.node.id)
  app.synth()
})
afterAll(() => {
  process.env = before
  disconnect(clients)
  rmSync(folder, { recursive: true, force: true })
})

const run = async (...words: readonly string[]) => {
  const told = { out: '', error: '' }
  const exitCode = await runProgram(words, {
    out: (text) => {
      told.out += text
    },
    error: (text) => {
      told.error += text
    },
    regionOf: configuredRegion,
    stopExecutions: stopWhereConfigured,
    cdk: (given) => runCdk([...given.filter(isNoApp), '--app', assembly], 'silently'),
  })
  return { exitCode, ...told }
}

const isNoApp = (word: string): boolean => word !== '--app' && word !== 'cdk.out'

/** Everything that bears the name of one of our stacks, whatever CloudFormation knows of it. */
const standing = async (): Promise<readonly string[]> => {
  const { TableNames = [] } = await clients.dynamo.send(new ListTablesCommand({}))
  const { QueueUrls = [] } = await clients.sqs.send(new ListQueuesCommand({}))
  const { Functions = [] } = await clients.lambda.send(new ListFunctionsCommand({}))
  const { stateMachines = [] } = await clients.sfn.send(new ListStateMachinesCommand({}))
  const { EventBuses = [] } = await clients.eventBridge.send(new ListEventBusesCommand({}))
  const { logGroups = [] } = await clients.logs.send(new DescribeLogGroupsCommand({}))
  return [
    ...TableNames,
    ...QueueUrls,
    ...Functions.map(({ FunctionName }) => FunctionName ?? ''),
    ...stateMachines.map(({ name }) => name ?? ''),
    ...EventBuses.map(({ Name }) => Name ?? ''),
    ...logGroups.map(({ logGroupName }) => logGroupName ?? ''),
  ].filter((name) => stackNames.some((stack) => name.includes(stack)))
}

describe("the project's commands and the real CDK, on an account that is an emulator,", () => {
  it('are told that it is not bootstrapped', async () => {
    expect(await run('deploy', '--yes', '--region', emulatorRegion)).toMatchObject({
      exitCode: 2,
      error: expect.stringMatching(/^deploy: .*npx cdk bootstrap --region us-east-1.*\n$/),
    })
  })

  it('deploy every stack, with its tags, once it is', async () => {
    const environment = `aws://${emulatorAccount}/${emulatorRegion}`
    const { exitCode } = await runCdk(['bootstrap', environment, '--app', assembly], 'silently')
    expect(exitCode).toBe(0)
    expect(await run('deploy', '--yes')).toMatchObject({ exitCode: 0, error: '' })
    for (const stack of stackNames)
      for (const StackName of [stack, `${stack}Results`]) {
        const { Stacks = [] } = await clients.cloudFormation.send(new DescribeStacksCommand({ StackName }))
        expect(Stacks[0]?.StackStatus).toBe('CREATE_COMPLETE')
        const tags = Object.fromEntries((Stacks[0]?.Tags ?? []).map(({ Key = '', Value }) => [Key, Value]))
        expect(tags).toEqual(tagsOf(stack))
      }
    expect((await standing()).length).toBeGreaterThan(150)
  })

  it('stop what waits and destroy them, and nothing is left that bears their names', async () => {
    const executionArn = await startOneThatWaits()
    const { exitCode, error, out } = await run('destroy', '--yes')
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: '' })
    expect(out).toContain('\nOrchestrated: 1 execution stopped\n')
    const { status } = await clients.sfn.send(new DescribeExecutionCommand({ executionArn }))
    expect(status).toBe('ABORTED')
    expect(await standing()).toEqual([])
  })
})

/** As a run leaves it that was interrupted, and then its functions deleted: nobody takes its message. */
const startOneThatWaits = async (): Promise<string> => {
  const { EventSourceMappings = [] } = await clients.lambda.send(new ListEventSourceMappingsCommand({}))
  for (const { UUID, FunctionArn = '' } of EventSourceMappings)
    if (FunctionArn.includes('Orchestrated-'))
      await clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }))
  const { Stacks = [] } = await clients.cloudFormation.send(
    new DescribeStacksCommand({ StackName: 'Orchestrated' }),
  )
  const { executionArn } = await clients.sfn.send(
    new StartExecutionCommand({
      stateMachineArn: Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'StateMachineArn')
        ?.OutputValue,
      name: 'waits',
      input: JSON.stringify({ orderId: 'waits' }),
    }),
  )
  return executionArn ?? ''
}
