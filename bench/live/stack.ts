import { DescribeStacksCommand, paginateListStackResources, type Stack } from '@aws-sdk/client-cloudformation'
import { BadInput } from '../workload/bad-input.ts'
import type { LiveClients, Target } from './target.ts'

/** A deployed stack: what it puts out, and which physical resource stands behind which logical id. */
export interface LiveStack {
  readonly name: string
  readonly region: string
  readonly outputs: Readonly<Record<string, string>>
  readonly resources: readonly LiveResource[]
}

export interface LiveResource {
  readonly type: string
  readonly logicalId: string
  /** A function's and a table's name, a queue's URL, a state machine's ARN. */
  readonly physicalId: string
}

/** Finds a stack by its name; throws BadInput when it is not there or not ready. */
export const findStack = async (clients: LiveClients, target: Target, name: string): Promise<LiveStack> => {
  const stack = await describe(clients, name)
  const where = placeOf(target)
  if (stack === undefined)
    throw new BadInput(
      `There is no stack "${name}" in ${where}. Deploy it with \`npm run deploy\`, or name the region or endpoint that it is in.`,
    )
  if (!/^(CREATE|UPDATE|IMPORT)_COMPLETE$|^UPDATE_ROLLBACK_COMPLETE$/.test(stack.StackStatus ?? ''))
    throw new BadInput(
      `The stack "${name}" in ${where} is ${stack.StackStatus}: expected one whose deployment is complete.`,
    )
  const resources: LiveResource[] = []
  for await (const page of paginateListStackResources(
    { client: clients.cloudFormation },
    { StackName: name },
  ))
    for (const { ResourceType, LogicalResourceId, PhysicalResourceId } of page.StackResourceSummaries ?? [])
      if (ResourceType !== undefined && LogicalResourceId !== undefined && PhysicalResourceId !== undefined)
        resources.push({ type: ResourceType, logicalId: LogicalResourceId, physicalId: PhysicalResourceId })
  return { name, region: target.region, outputs: outputsOf(stack), resources }
}

export const placeOf = (target: Target): string =>
  target.kind === 'aws' ? target.region : `${target.region} at ${target.url}`

/** An output that a stack must have; throws BadInput. */
export const outputOf = ({ name, outputs }: LiveStack, output: string): string => {
  const value = outputs[output]
  if (value === undefined)
    throw new BadInput(`The stack "${name}" has no output ${output}: deploy it anew with this version.`)
  return value
}

const outputsOf = ({ Outputs = [] }: Stack): LiveStack['outputs'] =>
  Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]))

const describe = async ({ cloudFormation }: LiveClients, name: string): Promise<Stack | undefined> => {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }))
    return Stacks[0]
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message))
      return undefined
    throw error
  }
}
