import { tell } from '../../tell.ts'
import type {
  Answer,
  Answered,
  CallTarget,
  PhysicalResource,
  QueueAccess,
  ReceivedMessage,
  ServiceCall,
  ServiceModel,
  WatchedQueue,
  World,
} from '../../world.ts'
import { countedIds } from '../identifiers.ts'
import { NotModelled, type Properties, recordOf, refuseOthers } from '../properties.ts'
import {
  changeVisibility,
  changeVisibilityBatch,
  deleteMessage,
  deleteMessageBatch,
  sendMessage,
  sendMessageBatch,
} from './actions.ts'
import { refusal } from './answer.ts'
import { queueAttributes, settingsAsked } from './attributes.ts'
import { Directory } from './directory.ts'
import { throttled } from './errors.ts'
import { MoveTasks, sourceOfHandle } from './move-tasks.ts'
import { billedBatches, billedRequests, payloadBytes, receivedBytes } from './payload.ts'
import { Purges } from './purges.ts'
import type { Queue } from './queue.ts'
import { Receiving } from './receiving.ts'
import type { Stamp } from './send.ts'
import { deadLetterSources, queueUrl } from './whereabouts.ts'

/** SQS: queues and their policies as a template declares them. */
export const createQueues = (world: World): ServiceModel & QueueAccess => new Queues(world)

const messageIdSeries = 0x5a5a_0001

type QueueAction = (queue: Queue, input: Properties) => unknown

class Queues implements ServiceModel, QueueAccess {
  readonly id = 'sqs'
  readonly resourceTypes = ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy']
  readonly #world: World
  readonly #directory: Directory
  readonly #receiving: Receiving
  /** Actions on the queue that `QueueUrl` names. */
  readonly #actions: ReadonlyMap<string, QueueAction>
  /** Actions that name queues otherwise. */
  readonly #otherActions: ReadonlyMap<string, (input: Properties) => unknown>

  constructor(world: World) {
    this.#world = world
    const directory = new Directory(world)
    this.#directory = directory
    this.#receiving = new Receiving(world, directory)
    const stamp: Stamp = {
      nextId: countedIds(messageIdSeries),
      get nowMs() {
        return world.kernel.nowMs
      },
    }
    const moves = new MoveTasks(world, directory, stamp)
    const purges = new Purges(world.kernel)
    this.#actions = new Map<string, QueueAction>([
      ['SendMessage', (queue, input) => sendMessage(queue, input, stamp)],
      ['SendMessageBatch', (queue, input) => sendMessageBatch(queue, input, stamp)],
      ['DeleteMessage', deleteMessage],
      ['DeleteMessageBatch', deleteMessageBatch],
      ['ChangeMessageVisibility', changeVisibility],
      ['ChangeMessageVisibilityBatch', changeVisibilityBatch],
      ['GetQueueAttributes', (queue, input) => queueAttributes(queue, input, directory.timesOf(queue))],
      [
        'SetQueueAttributes',
        (queue, input) => {
          directory.configure(queue, settingsAsked(queue, input))
          return {}
        },
      ],
      ['PurgeQueue', (queue) => purges.purge(queue)],
      ['ListDeadLetterSourceQueues', (queue, input) => deadLetterSources(directory, queue, input)],
    ])
    this.#otherActions = new Map([
      ['GetQueueUrl', (input) => queueUrl(directory, world.accountId, input)],
      ['StartMessageMoveTask', (input) => moves.start(input)],
      ['ListMessageMoveTasks', (input) => moves.list(input)],
      ['CancelMessageMoveTask', (input) => moves.cancel(input)],
    ])
  }

  create(logicalId: string, type: string, properties: unknown, stackName: string): PhysicalResource {
    const where = `${type} "${logicalId}"`
    const given = recordOf(properties, where)
    if (type !== 'AWS::SQS::QueuePolicy') return this.#directory.create(logicalId, given, stackName, where)
    refuseOthers(given, policyProperties, where)
    return { ref: logicalId, attributes: {} }
  }

  wire(logicalId: string, type: string, properties: Properties): void {
    const where = `${type} "${logicalId}"`
    if (type === 'AWS::SQS::QueuePolicy') this.#directory.attachPolicy(properties, where)
    else this.#directory.wire(logicalId, properties, where)
  }

  change(logicalId: string, type: string, properties: Properties): void {
    const where = `${type} "${logicalId}"`
    if (type === 'AWS::SQS::QueuePolicy') this.#directory.attachPolicy(properties, where)
    else this.#directory.change(logicalId, properties, where)
  }

  start(): void {
    this.#directory.check()
  }

  act(request: ServiceCall, done: Answered): void {
    if (request.action === 'ReceiveMessage') {
      this.#startReceiving(request, done)
      return
    }
    let answer: Answer
    try {
      answer = { ok: true, output: this.#actOn(request) }
    } catch (error) {
      answer = refusal(error)
    }
    tell(done, answer)
  }

  #startReceiving(request: ServiceCall, done: Answered): void {
    this.#receiving.start(request, () => this.#admit(request), done)
  }

  #actOn(request: ServiceCall): unknown {
    const { action, input } = request
    const onQueue = this.#actions.get(action)
    if (onQueue !== undefined) {
      const queue = this.#directory.named(input)
      if (queue.kind === 'fifo') this.#admit(request)
      return onQueue(queue, input)
    }
    const other = this.#otherActions.get(action)
    if (other === undefined) throw new NotModelled(`sqs: ${action} is not modelled`)
    return other(input)
  }

  /** Throws when a FIFO queue gets one call too many in this second. */
  #admit({ action, input }: ServiceCall): void {
    const limited = fifoLimited[action]
    const queue = limited === undefined ? undefined : this.#directory.find(String(input['QueueUrl']))
    const fifo = queue?.settings.fifo
    if (queue === undefined || fifo === undefined) return
    const quota =
      fifo.throughputLimit === 'perMessageGroupId' ? 'sqs.FifoHighThroughput' : 'sqs.FifoThroughput'
    const { effect } = this.#world.throttle(quota, 1, `${queue.identity.logicalId} ${limited}`)
    if (effect === 'rejected') throw throttled()
  }

  target(request: ServiceCall): CallTarget {
    const { action, input } = request
    const iamAction = iamActions[action]
    if (iamAction === undefined) throw new NotModelled(`sqs: ${action} is not modelled`)
    const url = String(input['QueueUrl'])
    const queue = this.#directory.find(url)
    if (queue !== undefined)
      return { iamAction, arn: queue.identity.arn, logicalId: queue.identity.logicalId }
    if (this.#otherActions.has(action)) return this.#targetOf(action, input, iamAction)
    return this.#targetNamed(url.slice(url.lastIndexOf('/') + 1), iamAction)
  }

  #targetNamed(name: string, iamAction: string): CallTarget {
    const queue = this.#directory.find(name)
    return queue === undefined
      ? { iamAction, arn: this.#directory.arnOf(name), logicalId: name }
      : { iamAction, arn: queue.identity.arn, logicalId: queue.identity.logicalId }
  }

  /** A move needs what it does to the queues. Source: as of `MoveTasks`, "permissions". */
  #targetOf(action: string, input: Properties, iamAction: string): CallTarget {
    const arn = action === 'CancelMessageMoveTask' ? sourceOfHandle(input['TaskHandle']) : input['SourceArn']
    const name = String(action === 'GetQueueUrl' ? input['QueueName'] : arn)
    const target = this.#targetNamed(name.slice(name.lastIndexOf(':') + 1), iamAction)
    if (action !== 'StartMessageMoveTask') return target
    const destinations =
      input['DestinationArn'] === undefined
        ? this.#directory.sourcesOf(target.arn).map(({ identity }) => identity.arn)
        : [String(input['DestinationArn'])]
    return {
      ...target,
      further: [
        ...['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'].map((needed) => ({
          iamAction: needed,
          arn: target.arn,
        })),
        ...destinations.map((destination) => ({ iamAction: 'sqs:SendMessage', arn: destination })),
      ],
    }
  }

  bill(
    request: ServiceCall,
    answer: Answer,
  ): { readonly meter: 'sqs.request' | 'sqs.fifoRequest'; readonly units: number } {
    const meter = this.#directory.hasFifo ? this.#meterOf(request) : 'sqs.request'
    return { meter, units: billedRequests(payloadBytes(request, answer)) }
  }

  #meterOf(request: ServiceCall): 'sqs.request' | 'sqs.fifoRequest' {
    return this.#directory.find(this.target(request).arn)?.kind === 'fifo' ? 'sqs.fifoRequest' : 'sqs.request'
  }

  /** ReceiveMessage times itself: it may wait for messages in the middle of the call. */
  hop(action: string): string | undefined {
    return action === 'ReceiveMessage' ? undefined : 'sqs.call'
  }

  kind(queueArn: string): 'standard' | 'fifo' {
    return this.#directory.byArn(queueArn).kind
  }

  onVisible(queueArn: string, listener: () => void): void {
    this.#directory.byArn(queueArn).onVisible(listener)
  }

  visibleCount(queueArn: string, sinceMs?: number): number {
    return this.#directory.byArn(queueArn).visibleCount(sinceMs)
  }

  receive(queueArn: string, max: number, by: string, sinceMs?: number): readonly ReceivedMessage[] {
    const queue = this.#directory.byArn(queueArn)
    const { messages } = queue.receive(max, undefined, sinceMs)
    if (messages.length === 0) return messages
    let bytes = 0
    for (const message of messages) bytes += receivedBytes(message)
    this.#observe('ReceiveMessage', queue, by, bytes, messages.length, { MaxNumberOfMessages: max }, messages)
    return messages
  }

  remove(queueArn: string, receiptHandles: readonly string[], by: string): void {
    const queue = this.#directory.byArn(queueArn)
    if (receiptHandles.length === 0) return
    for (const handle of receiptHandles) queue.remove(handle)
    this.#observe('DeleteMessageBatch', queue, by, 0, receiptHandles.length, { receiptHandles }, undefined)
  }

  visibilityTimeoutMs(queueArn: string): number {
    return this.#directory.byArn(queueArn).settings.visibilityTimeoutMs
  }

  urlOf(queueArn: string): string | undefined {
    return this.#directory.find(queueArn)?.identity.url
  }

  depths(): ReadonlyMap<string, number> {
    const depths = new Map<string, number>()
    for (const queue of this.#directory.all) {
      const { visible, inFlight, delayed } = queue.counts()
      depths.set(queue.identity.logicalId, visible + inFlight + delayed)
    }
    return depths
  }

  watched(logicalId: string): WatchedQueue {
    const queue = this.#directory.all.find(({ identity }) => identity.logicalId === logicalId)
    if (queue === undefined) throw new Error(`The stack has no queue ${logicalId}`)
    return queue
  }

  #observe(
    action: string,
    queue: Queue,
    by: string,
    bytes: number,
    messages: number,
    input: unknown,
    output: unknown,
  ): void {
    const { kernel, observer } = this.#world
    observer.call({
      service: 'sqs',
      action,
      by,
      resource: queue.identity.logicalId,
      input,
      output,
      startedMs: kernel.nowMs,
      endedMs: kernel.nowMs,
      error: undefined,
      meter: queue.kind === 'fifo' ? 'sqs.fifoRequest' : 'sqs.request',
      units: billedBatches(bytes, messages),
    })
  }
}

const policyProperties = new Set(['PolicyDocument', 'Queues'])

const iamActions: Readonly<Record<string, string>> = {
  SendMessage: 'sqs:SendMessage',
  SendMessageBatch: 'sqs:SendMessage',
  ReceiveMessage: 'sqs:ReceiveMessage',
  DeleteMessage: 'sqs:DeleteMessage',
  DeleteMessageBatch: 'sqs:DeleteMessage',
  ChangeMessageVisibility: 'sqs:ChangeMessageVisibility',
  ChangeMessageVisibilityBatch: 'sqs:ChangeMessageVisibility',
  GetQueueAttributes: 'sqs:GetQueueAttributes',
  SetQueueAttributes: 'sqs:SetQueueAttributes',
  GetQueueUrl: 'sqs:GetQueueUrl',
  PurgeQueue: 'sqs:PurgeQueue',
  ListDeadLetterSourceQueues: 'sqs:ListDeadLetterSourceQueues',
  StartMessageMoveTask: 'sqs:StartMessageMoveTask',
  ListMessageMoveTasks: 'sqs:ListMessageMoveTasks',
  CancelMessageMoveTask: 'sqs:CancelMessageMoveTask',
}

/** The calls that the throughput of a FIFO queue limits, and with which others each counts. */
const fifoLimited: Readonly<Record<string, string>> = {
  SendMessage: 'SendMessage',
  SendMessageBatch: 'SendMessage',
  ReceiveMessage: 'ReceiveMessage',
  DeleteMessage: 'DeleteMessage',
  DeleteMessageBatch: 'DeleteMessage',
}
