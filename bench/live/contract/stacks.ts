import {
  type CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation'
import type { Template } from '../../virtual-aws/deploy.ts'

/** What making and deleting stacks needs of an endpoint. */
export interface StackMaker {
  readonly cloudFormation: Pick<CloudFormationClient, 'send'>
  /** Rejects when the work is to stop. */
  sleep(ms: number): Promise<void>
}

const pollMs = 500
/** AWS takes some minutes at most for stacks of this kind; then whoever waits is told. */
const pollsMax = 1800

/** Asks for a stack; one of that name that is there already is an error. */
export const beginStack = async (
  { cloudFormation }: StackMaker,
  StackName: string,
  template: Template,
): Promise<void> => {
  await cloudFormation.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify(template),
      Capabilities: ['CAPABILITY_IAM'],
      Tags: [{ Key: 'made-by', Value: 'ovc contract' }],
    }),
  )
}

/** Waits until a stack stands; its outputs. Why it failed, if it did, is in the error. */
export const finishStack = async (
  { cloudFormation, sleep }: StackMaker,
  StackName: string,
): Promise<Readonly<Record<string, string>>> => {
  const stack = await settled({ cloudFormation, sleep }, StackName)
  if (stack?.StackStatus !== 'CREATE_COMPLETE')
    throw new Error(
      `Stack ${StackName} is ${stack?.StackStatus ?? 'gone'}: ${await reasons(cloudFormation, StackName)}`,
    )
  return Object.fromEntries(
    (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  )
}

/** Deletes a stack and waits until it is gone; one that is not there is gone. */
export const deleteStack = async (
  { cloudFormation, sleep }: StackMaker,
  StackName: string,
): Promise<void> => {
  await cloudFormation.send(new DeleteStackCommand({ StackName }))
  const stack = await settled({ cloudFormation, sleep }, StackName)
  if (stack !== undefined && stack.StackStatus !== 'DELETE_COMPLETE')
    throw new Error(
      `Stack ${StackName} could not be deleted: it is ${stack.StackStatus}: ${await reasons(cloudFormation, StackName)}`,
    )
}

/** The stack when nothing is under way any more, undefined when there is none. */
const settled = async (
  { cloudFormation, sleep }: StackMaker,
  StackName: string,
): Promise<Stack | undefined> => {
  for (let poll = 0; poll < pollsMax; poll += 1) {
    const stack = await described(cloudFormation, StackName)
    if (stack === undefined || !stack.StackStatus?.endsWith('_IN_PROGRESS')) return stack
    await sleep(pollMs)
  }
  throw new Error(`Stack ${StackName} has not come to rest within ${(pollsMax * pollMs) / 60_000} minutes`)
}

const described = async (
  cloudFormation: StackMaker['cloudFormation'],
  StackName: string,
): Promise<Stack | undefined> => {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }))
    return Stacks[0]
  } catch (error) {
    // A stack that was deleted is answered with a ValidationError that says so.
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined
    throw error
  }
}

const reasons = async (cloudFormation: StackMaker['cloudFormation'], StackName: string): Promise<string> => {
  const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }))
  const failed = StackEvents.filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'))
  return failed
    .map(({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`)
    .join('; ')
}
