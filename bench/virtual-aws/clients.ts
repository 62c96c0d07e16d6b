import {
  CancelReplayCommand,
  DescribeReplayCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge'
import { InvokeCommand } from '@aws-sdk/client-lambda'
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StartSyncExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn'
import {
  CancelMessageMoveTaskCommand,
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb'
import type { HandlerCall } from './faults.ts'
import { retryDelayMs } from './sdk-retry.ts'
import { invokeClient } from './services/function/invoke-client.ts'
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
  readonly lambda: Sender
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
type Actions = ReadonlyMap<object, string>

/** Commands are told apart by the identity of their class: bundlers rename classes, they do not copy them. */
const actions = (classes: readonly (readonly [CommandClass, string])[]): Actions => new Map(classes)

const actionsOf = {
  states: actions([
    [StartExecutionCommand, 'StartExecution'],
    [SendTaskSuccessCommand, 'SendTaskSuccess'],
    [SendTaskFailureCommand, 'SendTaskFailure'],
    [SendTaskHeartbeatCommand, 'SendTaskHeartbeat'],
    [DescribeExecutionCommand, 'DescribeExecution'],
    [StopExecutionCommand, 'StopExecution'],
    [StartSyncExecutionCommand, 'StartSyncExecution'],
    [RedriveExecutionCommand, 'RedriveExecution'],
    [ListExecutionsCommand, 'ListExecutions'],
    [GetExecutionHistoryCommand, 'GetExecutionHistory'],
    [DescribeStateMachineCommand, 'DescribeStateMachine'],
    [UpdateStateMachineCommand, 'UpdateStateMachine'],
  ]),
  events: actions([
    [PutEventsCommand, 'PutEvents'],
    [EnableRuleCommand, 'EnableRule'],
    [DisableRuleCommand, 'DisableRule'],
    [PutRuleCommand, 'PutRule'],
    [StartReplayCommand, 'StartReplay'],
    [DescribeReplayCommand, 'DescribeReplay'],
    [CancelReplayCommand, 'CancelReplay'],
  ]),
  sqs: actions([
    [SendMessageCommand, 'SendMessage'],
    [SendMessageBatchCommand, 'SendMessageBatch'],
    [ReceiveMessageCommand, 'ReceiveMessage'],
    [DeleteMessageCommand, 'DeleteMessage'],
    [DeleteMessageBatchCommand, 'DeleteMessageBatch'],
    [ChangeMessageVisibilityCommand, 'ChangeMessageVisibility'],
    [ChangeMessageVisibilityBatchCommand, 'ChangeMessageVisibilityBatch'],
    [GetQueueAttributesCommand, 'GetQueueAttributes'],
    [SetQueueAttributesCommand, 'SetQueueAttributes'],
    [GetQueueUrlCommand, 'GetQueueUrl'],
    [PurgeQueueCommand, 'PurgeQueue'],
    [ListDeadLetterSourceQueuesCommand, 'ListDeadLetterSourceQueues'],
    [StartMessageMoveTaskCommand, 'StartMessageMoveTask'],
    [ListMessageMoveTasksCommand, 'ListMessageMoveTasks'],
    [CancelMessageMoveTaskCommand, 'CancelMessageMoveTask'],
  ]),
  dynamodb: actions([
    [GetCommand, 'GetItem'],
    [PutCommand, 'PutItem'],
    [UpdateCommand, 'UpdateItem'],
    [DeleteCommand, 'DeleteItem'],
    [TransactWriteCommand, 'TransactWriteItems'],
  ]),
  lambda: actions([[InvokeCommand, 'Invoke']]),
} as const

/** Every command that is routed. */
export const commandClasses: readonly object[] = Object.values(actionsOf).flatMap((classes) => [
  ...classes.keys(),
])

/** Those of the document client, which wrap a command of the client that it stands on. */
export const documentCommandClasses: ReadonlySet<object> = new Set(actionsOf.dynamodb.keys())

/** Clients bound to a caller: its role asks, its faults strike, and what it sends dies with it. */
export const createClients = (world: World, caller: Caller): SdkClients => ({
  sfn: new Client(world, caller, 'states'),
  eventBridge: new Client(world, caller, 'events'),
  sqs: new Client(world, caller, 'sqs'),
  dynamo: new Client(world, caller, 'dynamodb'),
  lambda: invokeClient(new Client(world, caller, 'lambda')),
})

class Client implements Sender {
  readonly #world: World
  readonly #caller: Caller
  readonly #service: keyof typeof actionsOf
  readonly #actions: Actions

  constructor(world: World, caller: Caller, service: keyof typeof actionsOf) {
    this.#world = world
    this.#caller = caller
    this.#service = service
    this.#actions = actionsOf[service]
  }

  send(command: object): Promise<never> {
    const action = this.#actions.get(command.constructor)
    if (action === undefined) return this.#refuse(command)
    const request: ServiceCall = {
      by: this.#caller.by,
      principal: this.#caller.principal,
      service: this.#service,
      action,
      input: (command as { readonly input: ServiceCall['input'] }).input,
    }
    const answered = new Promise<never>(takeResolvers)
    const { resolve, reject } = resolvers
    try {
      new Sending(this.#world, this.#caller.home, request, resolve, reject).attempt()
    } catch (defect) {
      this.#end(defect)
      reject(defect)
    }
    return answered
  }

  #refuse(command: object): Promise<never> {
    const defect = new NotModelled(
      `${this.#service}: command ${command.constructor.name} is not modelled (modelled: ${[...this.#actions.values()].join(', ')})`,
    )
    this.#end(defect)
    return Promise.reject(defect)
  }

  /** Not only the handler hears of what is not modelled, which may retry for ever: the run ends with it. */
  #end(defect: unknown): void {
    this.#world.kernel.after(0, () => {
      throw defect
    })
  }
}

type Resolve = (output: never) => void
type Reject = (error: unknown) => void

/** Those of the promise that was made last: each command makes one, and none a closure to take them. */
const resolvers: { resolve: Resolve; reject: Reject } = { resolve: () => undefined, reject: () => undefined }

const takeResolvers = (resolve: Resolve, reject: Reject): void => {
  resolvers.resolve = resolve
  resolvers.reject = reject
}

/**
 * One command that was sent, with the further attempts that the SDK makes of itself. From a dead environment nothing
 * is sent; what it had sent takes effect, but its answer reaches nobody.
 */
class Sending {
  readonly #world: World
  readonly #home: Home | undefined
  readonly #request: ServiceCall
  readonly #resolve: Resolve
  readonly #reject: Reject
  #attempts = 0

  constructor(world: World, home: Home | undefined, request: ServiceCall, resolve: Resolve, reject: Reject) {
    this.#world = world
    this.#home = home
    this.#request = request
    this.#resolve = resolve
    this.#reject = reject
  }

  attempt(): void {
    const home = this.#home
    if (home?.isDead) return
    this.#attempts += 1
    const { faults } = this.#world
    const struck = home === undefined ? undefined : faults.beforeCall?.(this.#callOf(home))
    if (struck === 'hang') return
    if (struck === 'crash') home?.crash()
    else if (struck !== undefined) this.#strike(struck)
    else this.#world.call(this.#request, this)
  }

  /** The error comes in an event of its own, as an answer does. */
  #strike(error: Error): void {
    this.#world.kernel.after(0, () => this.#take({ ok: false, error }))
  }

  /** The call has its answer. */
  answered(answer: Answer): void {
    const home = this.#home
    const { faults } = this.#world
    const isStruck = home !== undefined && !home.isDead && faults.afterCall?.(this.#callOf(home)) === 'crash'
    if (isStruck) home.crash()
    else this.#take(answer)
  }

  #take(answer: Answer): void {
    if (this.#home?.isDead) return
    const { kernel } = this.#world
    if (answer.ok) {
      kernel.wake()
      this.#resolve(asSdkOutput(answer.output as object) as never)
      return
    }
    const delayMs = retryDelayMs(answer.error, this.#request.service, this.#attempts, this.#world)
    if (delayMs !== undefined) {
      this.#tryAgain(delayMs)
      return
    }
    kernel.wake()
    this.#reject(answer.error)
  }

  #tryAgain(delayMs: number): void {
    this.#world.kernel.after(delayMs, () => this.attempt())
  }

  #callOf({ event }: Home): HandlerCall {
    const { by, service, action, input } = this.#request
    return { functionId: by, service, action, input, event, atMs: this.#world.kernel.nowMs }
  }
}

/**
 * An output that brings its metadata along is handed over as it is: a copy would lose what it makes when read. The
 * metadata goes first: what is added to a spread object costs ten times as much.
 */
const asSdkOutput = (output: object): object =>
  '$metadata' in output ? output : { $metadata: {}, ...output }
