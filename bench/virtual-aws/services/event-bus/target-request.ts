import {
  InvalidTemplate,
  NotModelled,
  type Properties,
  recordOf,
  refuseOthers,
  textOf,
} from '../properties.ts'
import type { Failure, TargetRequest } from './rule.ts'

/** The service of a target's ARN, and what EventBridge calls on it. */
const requestsOf: Readonly<
  Record<string, (target: Properties, arn: string, where: string) => TargetRequest>
> = {
  sqs: (target, arn, where) => toQueue(arn, groupOf(target, arn, where)),
  lambda: (_target, arn) => toFunction(arn),
  states: (target, arn, where) => {
    // A state machine has no policy of its own that could let EventBridge in.
    if (target['RoleArn'] === undefined)
      throw new InvalidTemplate(`${where}: RoleArn is required for target ${arn}.`)
    return toStateMachine(arn)
  },
}

/** Targets: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html (read 2026-11-25). */
export const requestOf = (target: Properties, arn: string, where: string): TargetRequest => {
  const [, , service = '', , , resource] = arn.split(':')
  const make = Object.hasOwn(requestsOf, service) ? requestsOf[service] : undefined
  if (make === undefined || resource === 'activity' || resource === 'express')
    throw new NotModelled(
      `${where}: targets other than queues, functions and state machines are not modelled: ${arn}`,
    )
  if (service !== 'sqs' && target['SqsParameters'] !== undefined)
    throw new InvalidTemplate(`${where}: SqsParameters are for a queue, and the target is ${arn}`)
  return make(target, arn, where)
}

const fifo = '.fifo'

/** The message group of a FIFO queue, which must have one. */
const groupOf = (target: Properties, arn: string, where: string): string | undefined => {
  const parameters = recordOf(target['SqsParameters'], `${where}.SqsParameters`)
  refuseOthers(parameters, new Set(['MessageGroupId']), `${where}.SqsParameters`)
  const group = parameters['MessageGroupId']
  if (group !== undefined) return textOf(group, `${where}.SqsParameters.MessageGroupId`)
  if (arn.endsWith(fifo))
    throw new InvalidTemplate(`${where}: Parameter(s) MessageGroupId must be specified for target: ${arn}`)
  return undefined
}

/** AWS tells its own ARN form for it; a FIFO queue cannot be one. */
export const deadLetterArnOf = (value: unknown, where: string): string => {
  const arn = textOf(value, where)
  if (!arn.startsWith('arn:aws:sqs:') || arn.endsWith(fifo))
    throw new InvalidTemplate(`${where}: expected the ARN of a standard queue, got ${arn}`)
  return arn
}

const toQueue = (arn: string, group: string | undefined): TargetRequest => {
  const more = group === undefined ? undefined : { MessageGroupId: group }
  return (world, text) => {
    const url = world.queues.urlOf(arn)
    if (url === undefined) return noResource
    const input = { QueueUrl: url, MessageBody: text }
    return {
      service: 'sqs',
      action: 'SendMessage',
      input: more === undefined ? input : { ...input, ...more },
    }
  }
}

/** Asynchronously: what becomes of the invocation is Lambda's own to retry. */
const toFunction =
  (arn: string): TargetRequest =>
  (_world, text) => {
    const payload = parsed(text)
    return payload === undefined
      ? notJson
      : {
          service: 'lambda',
          action: 'Invoke',
          input: { FunctionName: arn, InvocationType: 'Event', Payload: payload.value },
        }
  }

const toStateMachine =
  (arn: string): TargetRequest =>
  (_world, text) => ({
    service: 'states',
    action: 'StartExecution',
    input: { stateMachineArn: arn, input: text },
  })

const parsed = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) }
  } catch {
    // The caller makes it a failure of the delivery.
    return undefined
  }
}

const noResource: Failure = {
  code: 'NO_RESOURCE',
  message: 'The target does not exist.',
  isRetriable: false,
}
const notJson: Failure = {
  code: 'INVALID_JSON',
  message: 'Could not parse request body into json.',
  isRetriable: false,
}
