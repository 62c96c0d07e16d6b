import type { PhysicalResource, World } from '../../world.ts'
import { InvalidTemplate, NotModelled, type Properties, recordOf, textOf } from '../properties.ts'
import type { QueueTimes } from './attributes.ts'
import { invalidParameter, missingParameter, queueDoesNotExist } from './errors.ts'
import { FifoQueue } from './fifo-queue.ts'
import { handlePrefix } from './message.ts'
import type { DeadLetter, Queue, QueueIdentity } from './queue.ts'
import { allows, type Redrive } from './redrive-policy.ts'
import { isFifo, type QueueSettings, queueSettings, refuseUnmodelledQueue } from './settings.ts'
import { StandardQueue } from './standard-queue.ts'

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html, QueueName (read 2026-11-25). */
const nameForm = /^[A-Za-z0-9_-]{1,80}$/
const nameLettersMax = 80
const fifoSuffix = '.fifo'

/** The queues of a stack, by every name that they go under. */
export class Directory {
  readonly #world: World
  readonly #identities = new Map<string, QueueIdentity>()
  /** By URL, by ARN, by name. */
  readonly #queues = new Map<string, Queue>()
  readonly #times = new Map<Queue, QueueTimes>()
  readonly all: Queue[] = []
  hasFifo = false

  constructor(world: World) {
    this.#world = world
  }

  create(logicalId: string, given: Properties, stackName: string, where: string): PhysicalResource {
    refuseUnmodelledQueue(given, where)
    const name = nameOf(given, `${stackName}-${logicalId}`, where)
    const { region, accountId } = this.#world
    const identity: QueueIdentity = {
      handlePrefix: handlePrefix(this.#identities.size),
      logicalId,
      name,
      arn: this.arnOf(name),
      url: `https://sqs.${region}.amazonaws.com/${accountId}/${name}`,
    }
    this.#identities.set(logicalId, identity)
    return {
      ref: identity.url,
      attributes: { Arn: identity.arn, QueueName: identity.name, QueueUrl: identity.url },
    }
  }

  wire(logicalId: string, properties: Properties, where: string): void {
    const identity = this.#identities.get(logicalId)
    if (identity === undefined) throw new Error(`${where} was wired before it was created`)
    const settings = queueSettings(properties, where)
    const deadLetter: DeadLetter = (arn, message) => {
      this.byArn(arn).send(message, 0)
    }
    const { nowMs } = this.#world.kernel
    const Kind = settings.fifo === undefined ? StandardQueue : FifoQueue
    const queue = new Kind(this.#world, identity, settings, deadLetter)
    this.hasFifo ||= settings.fifo !== undefined
    this.all.push(queue)
    this.#times.set(queue, { createdMs: nowMs, changedMs: nowMs })
    for (const name of [identity.url, identity.arn, identity.name]) this.#queues.set(name, queue)
  }

  /** Its messages stay; the kind of a queue is for good, and another one is another queue. */
  change(logicalId: string, properties: Properties, where: string): void {
    const url = this.#identities.get(logicalId)?.url
    const queue = this.#queues.get(String(url))
    const settings = queueSettings(properties, where)
    if (queue === undefined || (queue.kind === 'fifo') !== (settings.fifo !== undefined))
      throw new NotModelled(`${where}: replacing it is not modelled`)
    this.configure(queue, settings)
  }

  attachPolicy(properties: Properties, where: string): void {
    const queues = properties['Queues']
    if (!Array.isArray(queues) || queues.length === 0)
      throw new InvalidTemplate(`${where}.Queues: expected at least one queue`)
    for (const url of queues) {
      const named = [...this.#identities.values()].find((identity) => identity.url === url)
      if (named === undefined)
        throw new InvalidTemplate(`${where} names a queue that the template lacks: ${String(url)}`)
      this.#world.attachPolicy(named.arn, properties['PolicyDocument'], where)
    }
  }

  /** What needs all queues: dead-letter queues that exist, are of the same kind, and allow it. */
  check(): void {
    for (const queue of this.all) {
      const { redrive } = queue.settings
      const refusal = redrive === undefined ? undefined : this.#redriveRefusal(queue, redrive)
      if (refusal !== undefined)
        throw new InvalidTemplate(`AWS::SQS::Queue "${queue.identity.logicalId}".RedrivePolicy: ${refusal}`)
    }
  }

  configure(queue: Queue, settings: QueueSettings): void {
    const { redrive } = settings
    const refusal =
      redrive === undefined || redrive === queue.settings.redrive
        ? undefined
        : this.#redriveRefusal(queue, redrive)
    if (redrive !== undefined && refusal !== undefined) {
      const policy = { deadLetterTargetArn: redrive.deadLetterArn, maxReceiveCount: redrive.receivesMax }
      throw invalidParameter(
        `Value ${JSON.stringify(policy)} for parameter RedrivePolicy is invalid. Reason: ${refusal}.`,
      )
    }
    queue.configure(settings)
    this.#times.set(queue, { ...this.timesOf(queue), changedMs: this.#world.kernel.nowMs })
  }

  /** Wording of the first two: as AWS answers, quoted in public reports; of the third: our own. */
  #redriveRefusal(queue: Queue, { deadLetterArn }: Redrive): string | undefined {
    const target = this.#queues.get(deadLetterArn)
    if (target === undefined) return `Dead letter target does not exist: ${deadLetterArn}`
    if (target.kind !== queue.kind) return 'Dead-letter queue must be same type of queue as the source.'
    if (target === queue)
      throw new NotModelled(`${deadLetterArn} as its own dead-letter queue is not modelled`)
    return allows(target.settings.redriveAllow, queue.identity.arn)
      ? undefined
      : `The RedriveAllowPolicy of ${deadLetterArn} does not allow it`
  }

  timesOf(queue: Queue): QueueTimes {
    return this.#times.get(queue) ?? { createdMs: 0, changedMs: 0 }
  }

  /** Those that name it as their dead-letter queue. */
  sourcesOf(deadLetterArn: string): readonly Queue[] {
    return this.all.filter(({ settings }) => settings.redrive?.deadLetterArn === deadLetterArn)
  }

  find(name: string): Queue | undefined {
    return this.#queues.get(name)
  }

  byArn(arn: string): Queue {
    const queue = this.#queues.get(arn)
    if (queue === undefined) throw new InvalidTemplate(`no queue ${arn} in the template`)
    return queue
  }

  /** The queue that a request names; throws what SQS answers when there is none. */
  named(input: Properties): Queue {
    const url = input['QueueUrl']
    if (typeof url !== 'string') throw missingParameter('QueueUrl')
    const queue = this.#queues.get(url)
    if (queue === undefined) throw queueDoesNotExist()
    return queue
  }

  arnOf(name: string): string {
    return `arn:aws:sqs:${this.#world.region}:${this.#world.accountId}:${name}`
  }
}

/** CloudFormation makes the name of a queue without one, that of a FIFO queue with its suffix. */
const nameOf = (properties: Properties, made: string, where: string): string => {
  const fifo = isFifo(properties, where)
  const { QueueName } = recordOf(properties, where)
  if (QueueName === undefined) return fifo ? `${made}${fifoSuffix}` : made
  const name = textOf(QueueName, `${where}.QueueName`)
  const stem = fifo && name.endsWith(fifoSuffix) ? name.slice(0, -fifoSuffix.length) : name
  if (name.length > nameLettersMax || !nameForm.test(stem))
    throw new InvalidTemplate(
      `${where}.QueueName: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length`,
    )
  if (fifo && stem === name)
    throw new InvalidTemplate(
      `${where}.QueueName: The name of a FIFO queue can only end with the .fifo suffix`,
    )
  return name
}
