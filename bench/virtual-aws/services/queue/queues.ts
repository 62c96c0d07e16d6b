import type {
  Answer,
  CallTarget,
  PhysicalResource,
  QueueAccess,
  ReceivedMessage,
  ServiceCall,
  ServiceModel,
  World,
} from '../../world.ts'
import { startedChunks, utf8Bytes } from '../bytes.ts'
import { countedIds } from '../identifiers.ts'
import {
  InvalidTemplate,
  isRecord,
  NotModelled,
  type Properties,
  recordOf,
  refuseOthers,
  textOf,
} from '../properties.ts'
import { changeVisibility, deleteMessage, inSdkShape, queueAttributes } from './actions.ts'
import { type BatchOutput, batchEntries, eachEntry } from './batch.ts'
import { batchTooLong, missingParameter, outOfRange, overLimit, queueDoesNotExist } from './errors.ts'
import type { NewMessage } from './message.ts'
import { billedRequests, payloadBytes, receivedBytes, receiveMax } from './payload.ts'
import { isWholeBetween, messageBytesMax, readSend } from './send.ts'
import { queueSettings, refuseUnmodelledQueue } from './settings.ts'
import { type QueueIdentity, StandardQueue } from './standard-queue.ts'

/** SQS: queues and their policies as a template declares them. */
export const createQueues = (world: World): ServiceModel & QueueAccess => new Queues(world)

const messageIdSeries = 0x5a5a_0001

type Action = (queue: StandardQueue, input: Properties) => unknown

class Queues implements ServiceModel, QueueAccess {
  readonly id = 'sqs'
  readonly resourceTypes = ['AWS::SQS::Queue', 'AWS::SQS::QueuePolicy']
  readonly #world: World
  readonly #identities = new Map<string, QueueIdentity>()
  /** By every name that a queue goes under: its URL, its ARN, its name. */
  readonly #queues = new Map<string, StandardQueue>()
  readonly #all: StandardQueue[] = []
  readonly #nextId = countedIds(messageIdSeries)
  readonly #actions: Readonly<Record<string, Action>>

  constructor(world: World) {
    this.#world = world
    this.#actions = {
      SendMessage: (queue, input) => this.#send(queue, input),
      SendMessageBatch: (queue, input) => this.#sendBatch(queue, input),
      DeleteMessage: (queue, input) => deleteMessage(queue, input),
      DeleteMessageBatch: (queue, input) =>
        eachEntry(batchEntries(input), (entry) => deleteMessage(queue, entry)),
      ChangeMessageVisibility: (queue, input) => changeVisibility(queue, input),
      GetQueueAttributes: (queue, input) => queueAttributes(queue, input),
    }
  }

  create(logicalId: string, type: string, properties: unknown, stackName: string): PhysicalResource {
    const where = `${type} "${logicalId}"`
    const given = recordOf(properties, where)
    if (type === 'AWS::SQS::QueuePolicy') {
      refuseOthers(given, policyProperties, where)
      return { ref: logicalId, attributes: {} }
    }
    refuseUnmodelledQueue(given, where)
    const identity = this.#identify(logicalId, given, stackName, where)
    this.#identities.set(logicalId, identity)
    return {
      ref: identity.url,
      attributes: { Arn: identity.arn, QueueName: identity.name, QueueUrl: identity.url },
    }
  }

  wire(logicalId: string, type: string, properties: Properties): void {
    const where = `${type} "${logicalId}"`
    if (type === 'AWS::SQS::QueuePolicy') this.#wirePolicy(logicalId, properties, where)
    else this.#wireQueue(logicalId, properties, where)
  }

  start(): void {
    for (const queue of this.#all) {
      const arn = queue.settings.redrive?.deadLetterArn
      if (arn !== undefined && !this.#queues.has(arn))
        throw new InvalidTemplate(
          `AWS::SQS::Queue "${queue.identity.logicalId}" names a dead-letter queue that the template lacks: ${arn}`,
        )
    }
  }

  act(request: ServiceCall, done: (answer: Answer) => void): void {
    if (request.action === 'ReceiveMessage') {
      this.#receiveMessage(request, done)
      return
    }
    done(
      answerOf(() => {
        const action = this.#actions[request.action]
        if (action === undefined) throw new NotModelled(`sqs: ${request.action} is not modelled`)
        return action(this.#named(request.input), request.input)
      }),
    )
  }

  target(request: ServiceCall): CallTarget {
    const iamAction = iamActions[request.action]
    if (iamAction === undefined) throw new NotModelled(`sqs: ${request.action} is not modelled`)
    const url = String(request.input['QueueUrl'])
    const queue = this.#queues.get(url)
    if (queue !== undefined)
      return { iamAction, arn: queue.identity.arn, logicalId: queue.identity.logicalId }
    const name = url.slice(url.lastIndexOf('/') + 1)
    return { iamAction, arn: this.#arnOf(name), logicalId: name }
  }

  bill(request: ServiceCall, answer: Answer): { readonly meter: 'sqs.request'; readonly units: number } {
    return { meter: 'sqs.request', units: billedRequests(payloadBytes(request, answer)) }
  }

  /** ReceiveMessage times itself: it may wait for messages in the middle of the call. */
  hop(action: string): string | undefined {
    return action === 'ReceiveMessage' ? undefined : 'sqs.call'
  }

  onVisible(queueArn: string, listener: () => void): void {
    this.#byArn(queueArn).onVisible(listener)
  }

  visibleCount(queueArn: string, sinceMs?: number): number {
    return this.#byArn(queueArn).visibleCount(sinceMs)
  }

  receive(queueArn: string, max: number, by: string, sinceMs?: number): readonly ReceivedMessage[] {
    const queue = this.#byArn(queueArn)
    const { messages } = queue.receive(max, undefined, sinceMs)
    if (messages.length === 0) return messages
    let bytes = 0
    for (const message of messages) bytes += receivedBytes(message)
    this.#observe('ReceiveMessage', queue, by, bytes, messages.length, { MaxNumberOfMessages: max }, messages)
    return messages
  }

  remove(queueArn: string, receiptHandles: readonly string[], by: string): void {
    const queue = this.#byArn(queueArn)
    if (receiptHandles.length === 0) return
    for (const handle of receiptHandles) queue.remove(handle)
    this.#observe('DeleteMessageBatch', queue, by, 0, receiptHandles.length, { receiptHandles }, undefined)
  }

  visibilityTimeoutMs(queueArn: string): number {
    return this.#byArn(queueArn).settings.visibilityTimeoutMs
  }

  urlOf(queueArn: string): string | undefined {
    return this.#queues.get(queueArn)?.identity.url
  }

  depths(): ReadonlyMap<string, number> {
    const depths = new Map<string, number>()
    for (const queue of this.#all) {
      const { visible, inFlight, delayed } = queue.counts()
      depths.set(queue.identity.logicalId, visible + inFlight + delayed)
    }
    return depths
  }

  #identify(logicalId: string, properties: Properties, stackName: string, where: string): QueueIdentity {
    const named = properties['QueueName']
    const name = named === undefined ? `${stackName}-${logicalId}` : textOf(named, `${where}.QueueName`)
    const { region, accountId } = this.#world
    return {
      number: this.#identities.size,
      logicalId,
      name,
      arn: this.#arnOf(name),
      url: `https://sqs.${region}.amazonaws.com/${accountId}/${name}`,
    }
  }

  #wireQueue(logicalId: string, properties: Properties, where: string): void {
    const identity = this.#identities.get(logicalId)
    if (identity === undefined) throw new Error(`${where} was wired before it was created`)
    const queue = new StandardQueue(
      this.#world,
      identity,
      queueSettings(properties, where),
      (arn, message: NewMessage) => this.#byArn(arn).send([message], 0),
    )
    this.#all.push(queue)
    for (const name of [identity.url, identity.arn, identity.name]) this.#queues.set(name, queue)
  }

  #wirePolicy(logicalId: string, properties: Properties, where: string): void {
    const queues = properties['Queues']
    if (!Array.isArray(queues) || queues.length === 0)
      throw new InvalidTemplate(`${where}.Queues: expected at least one queue`)
    for (const url of queues) {
      const named = [...this.#identities.values()].find((identity) => identity.url === url)
      if (named === undefined)
        throw new InvalidTemplate(`${where} names a queue that the template lacks: ${String(url)}`)
      this.#world.attachPolicy(named.arn, properties['PolicyDocument'], logicalId)
    }
  }

  #arnOf(name: string): string {
    return `arn:aws:sqs:${this.#world.region}:${this.#world.accountId}:${name}`
  }

  #byArn(arn: string): StandardQueue {
    const queue = this.#queues.get(arn)
    if (queue === undefined) throw new InvalidTemplate(`no queue ${arn} in the template`)
    return queue
  }

  #named(input: Properties): StandardQueue {
    const url = input['QueueUrl']
    if (typeof url !== 'string') throw missingParameter('QueueUrl')
    const queue = this.#queues.get(url)
    if (queue === undefined) throw queueDoesNotExist()
    return queue
  }

  #newMessage({ body, attributes, bytes }: ReturnType<typeof readSend>): NewMessage {
    return { id: this.#nextId(), body, attributes, bytes, sentMs: this.#world.kernel.nowMs }
  }

  #send(queue: StandardQueue, input: Properties): unknown {
    const request = readSend(input)
    const message = this.#newMessage(request)
    queue.send([message], request.delayMs)
    return { MessageId: message.id }
  }

  #sendBatch(queue: StandardQueue, input: Properties): BatchOutput {
    const entries = batchEntries(input)
    const sizes = entries.reduce((sum, { MessageBody }) => sum + utf8Bytes(String(MessageBody ?? '')), 0)
    if (sizes > messageBytesMax) throw batchTooLong(messageBytesMax, sizes)
    return eachEntry(entries, (entry) => {
      const request = readSend(entry)
      const message = this.#newMessage(request)
      queue.send([message], request.delayMs)
      return { MessageId: message.id }
    })
  }

  /** Half the call there, the wait for messages if one is asked for, half the call back. */
  #receiveMessage(request: ServiceCall, done: (answer: Answer) => void): void {
    const { kernel } = this.#world
    const halfMs = this.#world.latencyMs('sqs.call') / 2
    const reply = (answer: Answer): void => {
      kernel.after(halfMs, () => done(answer))
    }
    kernel.after(halfMs, () => {
      const take = (): Answer => answerOf(() => this.#take(request.input))
      const first = take()
      const waitMs = this.#waitMs(request.input)
      if (waitMs === 0 || !isEmpty(first)) reply(first)
      else this.#longPoll(request.input, waitMs, take, reply)
    })
  }

  #longPoll(input: Properties, waitMs: number, take: () => Answer, reply: (answer: Answer) => void): void {
    const queue = this.#named(input)
    const { kernel } = this.#world
    const timeUp = kernel.after(waitMs, () => {
      queue.offVisible(look)
      reply(take())
    })
    const look = (): void => {
      const answer = take()
      if (isEmpty(answer)) return
      queue.offVisible(look)
      kernel.cancel(timeUp)
      reply(answer)
    }
    queue.onVisible(look)
  }

  #take(input: Properties): unknown {
    const queue = this.#named(input)
    const max = input['MaxNumberOfMessages'] ?? 1
    if (!isWholeBetween(max, 1, receiveMax)) throw outOfRange('MaxNumberOfMessages', max, 1, receiveMax)
    const visibility = input['VisibilityTimeout']
    if (visibility !== undefined && !isWholeBetween(visibility, 0, 43_200))
      throw outOfRange('VisibilityTimeout', visibility, 0, 43_200)
    const received = queue.receive(max, visibility === undefined ? undefined : visibility * 1000)
    if (received.overLimit && this.#waitMs(input) === 0) throw overLimit()
    if (received.messages.length === 0) return {}
    return { Messages: received.messages.map((message) => inSdkShape(message, input)) }
  }

  #waitMs(input: Properties): number {
    const wait = input['WaitTimeSeconds']
    if (wait === undefined) return this.#queues.get(String(input['QueueUrl']))?.settings.receiveWaitMs ?? 0
    if (!isWholeBetween(wait, 0, 20)) throw outOfRange('WaitTimeSeconds', wait, 0, 20)
    return wait * 1000
  }

  #observe(
    action: string,
    queue: StandardQueue,
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
      meter: 'sqs.request',
      units: Math.max(billedRequests(bytes), startedChunks(messages, receiveMax)),
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
  GetQueueAttributes: 'sqs:GetQueueAttributes',
}

/** What SQS answers with is thrown inside; what the model does not know stays a defect of the run. */
const answerOf = (act: () => unknown): Answer => {
  try {
    return { ok: true, output: act() }
  } catch (error) {
    if (!(error instanceof Error) || error instanceof NotModelled) throw error
    return { ok: false, error }
  }
}

const isEmpty = (answer: Answer): boolean =>
  answer.ok && isRecord(answer.output) && answer.output['Messages'] === undefined
