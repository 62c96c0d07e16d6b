import { PutEventsCommand } from '@aws-sdk/client-eventbridge'
import {
  DescribeExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn'
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs'
import { GetCommand, PutCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import type { ServiceId } from './observer.ts'
import { retryDelayMs } from './sdk-retry.ts'
import { NotModelled } from './services/properties.ts'
import type { Answer, Principal, ServiceCall, World } from './world.ts'

/** Anything with the SDK's `send`. */
export interface Sender {
  send(command: object): Promise<never>
}

/** The SDK clients that handlers use; each is one implementation of the SDK's own `send`. */
export interface SdkClients {
  readonly sfn: Sender
  readonly eventBridge: Sender
  readonly sqs: Sender
  readonly dynamo: Sender
}

/** On whose behalf clients send. */
export interface Caller {
  /** Logical id of the function, or `caller`. */
  readonly by: string
  readonly principal: Principal
  /** Where the caller runs; the outside caller runs nowhere that could die. */
  readonly home?: Home
}

/** An execution environment as its clients see it. */
export interface Home {
  readonly isDead: boolean
  /** What Lambda gave the handler that runs in it now. */
  readonly event: unknown
  crash(): void
}

type CommandClass = abstract new (...input: never[]) => { readonly input: unknown }
type Actions = ReadonlyMap<unknown, string>

/** Commands are told apart by the identity of their class: bundlers rename classes, they do not copy them. */
const actions = (classes: readonly (readonly [CommandClass, string])[]): Actions => new Map(classes)

const actionsOf = {
  states: actions([
    [StartExecutionCommand, 'StartExecution'],
    [SendTaskSuccessCommand, 'SendTaskSuccess'],
    [SendTaskFailureCommand, 'SendTaskFailure'],
    [SendTaskHeartbeatCommand, 'SendTaskHeartbeat'],
    [DescribeExecutionCommand, 'DescribeExecution'],
  ]),
  events: actions([[PutEventsCommand, 'PutEvents']]),
  sqs: actions([
    [SendMessageCommand, 'SendMessage'],
    [SendMessageBatchCommand, 'SendMessageBatch'],
    [ReceiveMessageCommand, 'ReceiveMessage'],
    [DeleteMessageCommand, 'DeleteMessage'],
    [DeleteMessageBatchCommand, 'DeleteMessageBatch'],
    [ChangeMessageVisibilityCommand, 'ChangeMessageVisibility'],
    [GetQueueAttributesCommand, 'GetQueueAttributes'],
  ]),
  dynamodb: actions([
    [GetCommand, 'GetItem'],
    [PutCommand, 'PutItem'],
    [UpdateCommand, 'UpdateItem'],
    [TransactWriteCommand, 'TransactWriteItems'],
  ]),
} as const

/** Clients bound to a caller: its role asks, its faults strike, and what it sends dies with it. */
export const createClients = (world: World, caller: Caller): SdkClients => ({
  sfn: senderOf(world, caller, 'states'),
  eventBridge: senderOf(world, caller, 'events'),
  sqs: senderOf(world, caller, 'sqs'),
  dynamo: senderOf(world, caller, 'dynamodb'),
})

const senderOf = (world: World, caller: Caller, service: keyof typeof actionsOf): Sender => {
  const classes: Actions = actionsOf[service]
  return {
    send: (command) => {
      const action = classes.get(command.constructor)
      if (action === undefined) return refuse(world, service, command)
      const { input } = command as { readonly input: ServiceCall['input'] }
      const request: ServiceCall = { by: caller.by, principal: caller.principal, service, action, input }
      return new Promise<never>((resolve, reject) => {
        attempt(world, caller, request, 1, (answer) => {
          world.kernel.wake()
          if (answer.ok) resolve({ $metadata: {}, ...(answer.output as object) } as never)
          else reject(answer.error)
        })
      })
    },
  }
}

/** Not only the handler hears of it, which may retry for ever: the run ends with it. */
const refuse = (world: World, service: ServiceId, command: object): Promise<never> => {
  const known = [...actionsOf[service as keyof typeof actionsOf].values()].join(', ')
  const name =
    (command as { readonly constructor?: { readonly name?: string } }).constructor?.name ?? 'unknown'
  const defect = new NotModelled(`${service}: command ${name} is not modelled (modelled: ${known})`)
  world.kernel.after(0, () => {
    throw defect
  })
  return Promise.reject(defect)
}

/**
 * One attempt, and the further ones that the SDK makes of itself. From a dead environment nothing is sent; what it
 * had sent takes effect, but its answer reaches nobody.
 */
const attempt = (
  world: World,
  caller: Caller,
  request: ServiceCall,
  count: number,
  done: (answer: Answer) => void,
): void => {
  if (caller.home?.isDead) return
  const struck = faultBefore(world, caller.home, request)
  if (struck === 'crash') {
    caller.home?.crash()
    return
  }
  const settle = (answer: Answer): void => {
    if (caller.home?.isDead) return
    const delayMs = answer.ok ? undefined : retryDelayMs(answer.error, request.service, count, world)
    if (delayMs === undefined) done(answer)
    else world.kernel.after(delayMs, () => attempt(world, caller, request, count + 1, done))
  }
  // The answer comes in an event of its own, so that an injected error settles as late as a real one.
  if (struck !== undefined) {
    world.kernel.after(0, () => settle({ ok: false, error: struck }))
    return
  }
  world.call(request, (answer) => {
    if (
      caller.home !== undefined &&
      !caller.home.isDead &&
      faultAfter(world, caller.home, request) === 'crash'
    ) {
      caller.home.crash()
      return
    }
    settle(answer)
  })
}

const faultBefore = (
  world: World,
  home: Home | undefined,
  request: ServiceCall,
): 'crash' | Error | undefined =>
  home === undefined ? undefined : world.faults.beforeCall?.(handlerCall(home, request))

const faultAfter = (world: World, home: Home, request: ServiceCall): 'crash' | undefined =>
  world.faults.afterCall?.(handlerCall(home, request))

const handlerCall = ({ event }: Home, { by, service, action, input }: ServiceCall) => ({
  functionId: by,
  service,
  action,
  input,
  event,
})
