import { randomUUID } from 'node:crypto'
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation'
import type { Template } from '../../virtual-aws/deploy.ts'
import type { LiveClients } from '../target.ts'
import { adapted } from './adaptations.ts'
import { codeUploads, templateUpload, withUploads } from './uploads.ts'

type Clients = Pick<LiveClients, 'cloudFormation' | 's3'>

const endsWithinMs = 180_000
const askEveryMs = 250

/**
 * Deploys a synthesised template over CloudFormation and gives the stack's outputs. The folder holds the bundles of the
 * handlers; a template without functions needs none. Nothing is left beside the stack.
 */
export const deployStack = async (
  clients: Clients,
  stackName: string,
  template: Template,
  codeFolder?: string,
): Promise<Readonly<Record<string, string>>> => {
  const body = templateUpload(stackName, adapted(template))
  const code =
    codeFolder === undefined ? [] : codeUploads(template, await clients.s3.config.region(), codeFolder)
  const stack = await withUploads(clients.s3, [body, ...code], async () => {
    await clients.cloudFormation.send(
      new CreateStackCommand({
        StackName: stackName,
        TemplateURL: `https://s3.amazonaws.com/${body.bucket}/${body.key}`,
        Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
        ClientRequestToken: randomUUID(),
      }),
    )
    return settled(clients, stackName, 'CREATE_IN_PROGRESS')
  })
  if (stack?.StackStatus !== 'CREATE_COMPLETE')
    throw new Error(
      `Stack ${stackName} was not created (${stack?.StackStatus}): ${await failures(clients, stackName)}`,
    )
  return Object.fromEntries(
    (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  )
}

/** Takes a stack away with all that it made; one that is not there is no error, as on AWS. */
export const deleteStack = async (
  clients: Pick<LiveClients, 'cloudFormation'>,
  stackName: string,
): Promise<void> => {
  await clients.cloudFormation.send(new DeleteStackCommand({ StackName: stackName }))
  const stack = await settled(clients, stackName, 'DELETE_IN_PROGRESS')
  if (stack !== undefined && stack.StackStatus !== 'DELETE_COMPLETE')
    throw new Error(
      `Stack ${stackName} was not deleted (${stack.StackStatus}): ${await failures(clients, stackName)}`,
    )
}

/** The stack when it no longer is in that status; undefined when there is none. */
const settled = async (
  clients: Pick<LiveClients, 'cloudFormation'>,
  stackName: string,
  passing: string,
): Promise<Stack | undefined> => {
  for (const untilMs = Date.now() + endsWithinMs; Date.now() < untilMs; ) {
    const stack = await described(clients, stackName)
    if (stack?.StackStatus !== passing && stack?.StackStatus !== 'ROLLBACK_IN_PROGRESS') return stack
    await new Promise((resolve) => setTimeout(resolve, askEveryMs))
  }
  throw new Error(`Stack ${stackName} was still ${passing} after ${endsWithinMs / 1_000} s.`)
}

const described = async (
  clients: Pick<LiveClients, 'cloudFormation'>,
  stackName: string,
): Promise<Stack | undefined> => {
  try {
    const { Stacks } = await clients.cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }))
    return Stacks?.[0]
  } catch (error) {
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined
    throw error
  }
}

/** Which resources failed, and why. */
const failures = async (clients: Pick<LiveClients, 'cloudFormation'>, stackName: string): Promise<string> => {
  const { StackEvents } = await clients.cloudFormation.send(
    new DescribeStackEventsCommand({ StackName: stackName }),
  )
  const failed = (StackEvents ?? []).filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'))
  return failed
    .map(
      ({ LogicalResourceId, ResourceType, ResourceStatusReason }) =>
        `${LogicalResourceId} (${ResourceType}): ${ResourceStatusReason}`,
    )
    .join('; ')
}
