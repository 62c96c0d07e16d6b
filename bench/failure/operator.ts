import { PutRuleCommand, StartReplayCommand } from '@aws-sdk/client-eventbridge'
import { DescribeExecutionCommand, RedriveExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn'
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import type { RecoveryAction } from '../results.ts'
import type { Deployment, Template } from '../virtual-aws/deploy.ts'
import type { ExecutionEnd } from '../virtual-aws/observer.ts'
import type { LostEvents } from './lost-events.ts'
import type { DeclaredRule, Pathways } from './pathways.ts'

/** What was done, and what AWS refused to do, by its words and how often. */
export interface Done {
  readonly action: RecoveryAction
  readonly refused: ReadonlyMap<string, number>
}

type Stack = Pick<Deployment, 'operator' | 'resource' | 'kernel'>

/** The SDK's `send`, as the real clients type it. */
interface Sender {
  send(command: object): Promise<unknown>
}

/** The ARN and the Ref of a resource, as the template's outputs would tell them. */
const physical = ({ resource }: Stack, logicalId: string): { readonly arn: string; readonly ref: string } => {
  const found = resource(logicalId)
  if (found === undefined) throw new Error(`"${logicalId}" was not deployed.`)
  return { arn: found.attributes['Arn'] ?? '', ref: found.ref }
}

/** Counts what is refused, by AWS's words; a defect of ours goes on. */
const trying = () => {
  const refused = new Map<string, number>()
  let times = 0
  return {
    refused,
    times: () => times,
    async attempt(call: () => Promise<unknown>): Promise<void> {
      try {
        await call()
        times += 1
      } catch (error) {
        if (!(error instanceof Error && '$metadata' in error)) throw error
        const reason = `${error.name}: ${error.message}`
        refused.set(reason, (refused.get(reason) ?? 0) + 1)
      }
    },
  }
}

/**
 * One RedriveExecution each, of what AWS allows: Standard machines, 14 days from the end, FAILED, TIMED_OUT or ABORTED.
 * An execution goes on from the state that failed, by the definition that it was started with. Source:
 * https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html (read 2026-11-25).
 */
export const redriveExecutions = async (
  stack: Stack,
  machine: string,
  failed: readonly ExecutionEnd[],
): Promise<Done> => {
  const sfn: Sender = stack.operator.sfn
  // Ref of a machine is its ARN; an execution's has the name after it.
  const prefix = physical(stack, machine).ref.replace(':stateMachine:', ':execution:')
  const { attempt, refused, times } = trying()
  for (const { executionName } of failed)
    await attempt(() => sfn.send(new RedriveExecutionCommand({ executionArn: `${prefix}:${executionName}` })))
  const action = { action: 'redrive execution' as const, resource: machine, times: times(), items: times() }
  return { action, refused }
}

/**
 * What a redrive cannot bring to its end because it keeps an old definition: a DescribeExecution each for its input, and
 * a StartExecution with it under another name. Every step has its record by the order, so that what was done is told
 * again and not done again. Names are taken for 90 days, and have 80 characters at most. Source:
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html (read 2026-11-26).
 */
export const startAgain = async (
  stack: Stack,
  machine: string,
  outdated: readonly ExecutionEnd[],
  started: (executionName: string, nextName: string) => void,
): Promise<Done> => {
  const sfn: Sender = stack.operator.sfn
  const stateMachineArn = physical(stack, machine).ref
  const prefix = stateMachineArn.replace(':stateMachine:', ':execution:')
  const { attempt, refused, times } = trying()
  for (const { executionName } of outdated)
    await attempt(async () => {
      const described = await sfn.send(
        new DescribeExecutionCommand({ executionArn: `${prefix}:${executionName}` }),
      )
      const { input } = described as { readonly input?: string }
      for (let round = 1; ; round += 1) {
        const name = nextNameOf(executionName, round)
        try {
          await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }))
          return started(executionName, name)
        } catch (error) {
          if (!(error instanceof Error && error.name === 'ExecutionAlreadyExists')) throw error
        }
      }
    })
  const action = { action: 'start again' as const, resource: machine, times: times(), items: times() }
  return { action, refused }
}

const nameLengthMax = 80

const nextNameOf = (executionName: string, round: number): string => {
  const suffix = round === 1 ? '-again' : `-again-${round}`
  return `${executionName.slice(0, nameLengthMax - suffix.length)}${suffix}`
}

/** One StartMessageMoveTask: each message goes back, as a new one, to the queue that gave it up. */
export const redriveQueue = async (stack: Stack, queue: string, messages: number): Promise<Done> => {
  const sqs: Sender = stack.operator.sqs
  const { attempt, refused, times } = trying()
  await attempt(() => sqs.send(new StartMessageMoveTaskCommand({ SourceArn: physical(stack, queue).arn })))
  const action = {
    action: 'redrive queue' as const,
    resource: queue,
    times: times(),
    items: messages * times(),
  }
  return { action, refused }
}

/**
 * By hand: StartMessageMoveTask takes dead-letter queues "whose sources are other Amazon SQS queues" alone, and what a
 * rule gave up was never in a queue. The target's ARN is in the message. Sources:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html and
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html#eb-rule-dlq (read 2026-11-26).
 */
export const resendEvents = async (
  stack: Stack,
  queue: string,
  messages: number,
  pathways: Pathways,
): Promise<Done> => {
  const sqs: Sender = stack.operator.sqs
  const from = physical(stack, queue).ref
  const urls = new Map(
    [...pathways.workQueues].flatMap((id) => {
      const target = stack.resource(id)
      return target === undefined ? [] : [[target.attributes['Arn'] ?? '', target.ref] as const]
    }),
  )
  const { attempt, refused, times } = trying()
  // A message that cannot be sent on comes no second time before its visibility timeout: each is met once.
  for (let received = 0; received < messages; received += 1) {
    const [message] = await oneReceived(sqs, from)
    if (message === undefined) break
    const target = message.MessageAttributes?.['TARGET_ARN']?.StringValue ?? ''
    const url = urls.get(target)
    if (url === undefined) {
      const reason = `the target ${target} is no queue of the stack`
      refused.set(reason, (refused.get(reason) ?? 0) + 1)
      continue
    }
    await attempt(async () => {
      await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: message.Body }))
      await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle: message.ReceiptHandle }))
    })
  }
  return { action: { action: 'resend events', resource: queue, times: times(), items: times() }, refused }
}

const oneReceived = async (sqs: Sender, url: string): Promise<readonly Message[]> => {
  const answer = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 1, MessageAttributeNames: ['All'] }),
  )
  return (answer as { readonly Messages?: readonly Message[] }).Messages ?? []
}

/** What a deployment of the template would change: how many resources, and one of them by name, rather a new one. */
export const deploymentNeeded = (
  { changeSet, resource }: Pick<Deployment, 'changeSet' | 'resource'>,
  template: Template,
  redeclared: readonly string[],
): RecoveryAction | undefined => {
  const changes = changeSet(template, redeclared)
  const named =
    changes.find((id) => resource(id) === undefined) ??
    changes.find((id) => redeclared.includes(id)) ??
    changes[0]
  return named === undefined
    ? undefined
    : { action: 'deploy again', resource: named, times: 1, items: changes.length }
}

/** A rule as the template declares it: its pattern, and enabled. */
export const putBackRule = async (stack: Stack, rule: DeclaredRule): Promise<Done> => {
  const events: Sender = stack.operator.eventBridge
  const { attempt, refused, times } = trying()
  await attempt(() =>
    events.send(
      new PutRuleCommand({
        Name: rule.name,
        EventBusName: physical(stack, rule.bus).ref,
        EventPattern: JSON.stringify(rule.eventPattern),
        State: 'ENABLED',
      }),
    ),
  )
  const action = { action: 'put back rule' as const, resource: rule.id, times: times(), items: times() }
  return { action, refused }
}

const minuteMs = 60_000

const archivingMs = 10 * minuteMs

/**
 * When all that is missing is in its archive for sure: AWS recommends to "delay replaying archived events for 10
 * minutes". Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html (read 2026-11-26).
 */
export const archivedMs = (missing: readonly LostEvents[]): number =>
  Math.max(...missing.map(({ toMs }) => toMs)) + archivingMs

/**
 * One StartReplay of what the archive of a bus took from a minute before the first missing event until a minute after
 * the last, to the rules that miss some of them: minute by minute and in no order within one, and those that they had as
 * well. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html (read 2026-11-26).
 */
export const replayArchive = async (
  stack: Stack,
  archive: string,
  bus: string,
  missing: readonly LostEvents[],
  rules: readonly DeclaredRule[],
): Promise<Done> => {
  const deaf = rules.filter(({ id, targets }) =>
    missing.some(({ resource }) => resource === id || targets.includes(resource)),
  )
  const arns = deaf.flatMap(({ id }) => stack.resource(id)?.attributes['Arn'] ?? [])
  const events: Sender = stack.operator.eventBridge
  const { attempt, refused, times } = trying()
  await attempt(() =>
    events.send(
      new StartReplayCommand({
        ReplayName: `recovery-${bus}`,
        EventSourceArn: physical(stack, archive).arn,
        EventStartTime: new Date(Math.min(...missing.map(({ fromMs }) => fromMs)) - minuteMs),
        EventEndTime: new Date(Math.max(...missing.map(({ toMs }) => toMs)) + minuteMs),
        Destination: { Arn: physical(stack, bus).arn, FilterArns: arns },
      }),
    ),
  )
  return { action: { action: 'replay archive', resource: archive, times: times(), items: 0 }, refused }
}
