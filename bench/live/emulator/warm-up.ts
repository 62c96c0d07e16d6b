import { paginateListStackResources } from '@aws-sdk/client-cloudformation'
import { InvokeCommand } from '@aws-sdk/client-lambda'
import type { LiveClients } from '../target.ts'

/** Functions that are started at a time: each is a process that wants a processor for itself. */
const atATime = 2

/** A batch without a record is done with at once; whoever expects a command fails, and is as warm. */
const nothing = JSON.stringify({ Records: [] })

/**
 * Invokes each function of a stack once with nothing to do, so that its process is there when the orders come.
 *
 * A load that meets cold functions on a small machine starts all their processes at once, and orders wait for them for
 * longer than for anything else. A function that is configured anew is cold again.
 */
export const warmUp = async (
  clients: Pick<LiveClients, 'cloudFormation' | 'lambda'>,
  stackName: string,
): Promise<void> => {
  const waiting = await functionsOf(clients, stackName)
  const next = async (): Promise<void> => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop())
      await clients.lambda.send(new InvokeCommand({ FunctionName: name, Payload: Buffer.from(nothing) }))
  }
  await Promise.all(Array.from({ length: atATime }, next))
}

const functionsOf = async (
  { cloudFormation: client }: Pick<LiveClients, 'cloudFormation'>,
  stackName: string,
): Promise<string[]> => {
  const names: string[] = []
  for await (const page of paginateListStackResources({ client }, { StackName: stackName }))
    for (const { ResourceType, PhysicalResourceId } of page.StackResourceSummaries ?? [])
      if (ResourceType === 'AWS::Lambda::Function' && PhysicalResourceId !== undefined)
        names.push(PhysicalResourceId)
  return names
}
