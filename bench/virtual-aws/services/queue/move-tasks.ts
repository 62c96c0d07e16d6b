import type { World } from '../../world.ts'
import type { Properties } from '../properties.ts'
import type { Directory } from './directory.ts'
import {
  invalidParameter,
  missingParameter,
  outOfRange,
  resourceNotFound,
  unsupportedOperation,
} from './errors.ts'
import type { NewMessage } from './message.ts'
import type { Queue } from './queue.ts'
import { isWholeBetween, type Stamp } from './send.ts'

/**
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 * (read 2026-11-25). The wording of its errors is not documented; it is as quoted in public reports where there are any.
 */
const perSecondMax = 500
const listedMax = 10

interface MoveTask {
  readonly handle: string
  readonly source: Queue
  /** Undefined: each message goes back to where it came from. */
  readonly destination: Queue | undefined
  readonly perSecond: number | undefined
  readonly startedMs: number
  readonly toMove: number
  moved: number
  status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED'
  failureReason: string | undefined
}

/**
 * Moves of messages out of dead-letter queues, one message after the other:
 *
 *     RUNNING ─▶ COMPLETED   as many moved as were there at the start, or none left
 *        ├─────▶ FAILED      a message has no source that it could go back to
 *        └─────▶ CANCELLING ─▶ CANCELLED
 */
export class MoveTasks {
  readonly #world: World
  readonly #directory: Directory
  readonly #stamp: Stamp
  /** By the ARN of the source, the newest first. */
  readonly #tasks = new Map<string, MoveTask[]>()
  #count = 0

  constructor(world: World, directory: Directory, stamp: Stamp) {
    this.#world = world
    this.#directory = directory
    this.#stamp = stamp
  }

  start(input: Properties): object {
    const source = this.#existing(input, 'SourceArn')
    if (this.#directory.sourcesOf(source.identity.arn).length === 0)
      throw invalidParameter('Source queue must be configured as a Dead Letter Queue.')
    const destination =
      input['DestinationArn'] === undefined ? undefined : this.#existing(input, 'DestinationArn')
    if (destination === source)
      throw invalidParameter('Source queue arn and destination queue arn cannot be the same.')
    if (destination !== undefined && destination.kind !== source.kind)
      throw invalidParameter('The source queue and destination queue must be of the same queue type.')
    const perSecond = input['MaxNumberOfMessagesPerSecond']
    if (perSecond !== undefined && !isWholeBetween(perSecond, 1, perSecondMax))
      throw invalidParameter(
        "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a number that's between 1 and 500.",
      )
    const earlier = this.#tasks.get(source.identity.arn) ?? []
    if (earlier.some(({ status }) => status === 'RUNNING' || status === 'CANCELLING'))
      throw unsupportedOperation(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      )
    const task = this.#made(source, destination, perSecond)
    this.#tasks.set(source.identity.arn, [task, ...earlier].slice(0, listedMax))
    this.#later(task)
    return { TaskHandle: task.handle }
  }

  list(input: Properties): object {
    const source = this.#existing(input, 'SourceArn')
    const max = input['MaxResults'] ?? 1
    if (!isWholeBetween(max, 1, listedMax)) throw outOfRange('MaxResults', max, 1, listedMax)
    const tasks = this.#tasks.get(source.identity.arn) ?? []
    return { Results: tasks.slice(0, max).map(listed) }
  }

  cancel(input: Properties): object {
    const handle = input['TaskHandle']
    if (handle === undefined) throw missingParameter('TaskHandle')
    const sourceArn = sourceOfHandle(handle)
    if (sourceArn === undefined)
      throw invalidParameter(`Value ${String(handle)} for parameter TaskHandle is invalid.`)
    const task = this.#tasks.get(sourceArn)?.find((each) => each.handle === handle)
    if (task === undefined) throw resourceNotFound('TaskHandle')
    if (task.status !== 'RUNNING') throw unsupportedOperation('Only active tasks can be cancelled.')
    task.status = 'CANCELLING'
    return { ApproximateNumberOfMessagesMoved: task.moved }
  }

  #existing(input: Properties, parameter: 'SourceArn' | 'DestinationArn'): Queue {
    const arn = input[parameter]
    if (arn === undefined) throw missingParameter(parameter)
    if (typeof arn !== 'string' || !arn.startsWith('arn:aws:sqs:'))
      throw invalidParameter(
        `You must use this format to specify the ${parameter}: arn:<partition>:<service>:<region>:<account-id>:<resource-id>`,
      )
    const queue = this.#directory.find(arn)
    if (queue === undefined) throw resourceNotFound(parameter)
    return queue
  }

  #made(source: Queue, destination: Queue | undefined, perSecond: number | undefined): MoveTask {
    this.#count += 1
    return {
      handle: handleOf(this.#count, source.identity.arn),
      source,
      destination,
      perSecond,
      startedMs: this.#world.kernel.nowMs,
      toMove: source.counts().visible,
      moved: 0,
      status: 'RUNNING',
      failureReason: undefined,
    }
  }

  /** Without a rate AWS chooses one; here the highest that can be asked for. */
  #later(task: MoveTask): void {
    this.#world.kernel.after(1000 / (task.perSecond ?? perSecondMax), () => this.#step(task))
  }

  #step(task: MoveTask): void {
    if (task.status === 'CANCELLING') {
      task.status = 'CANCELLED'
      return
    }
    let target = task.destination
    const message =
      task.moved === task.toMove
        ? undefined
        : task.source.takeOldest((deadLetteredFrom) => {
            target ??= deadLetteredFrom === undefined ? undefined : this.#directory.find(deadLetteredFrom)
            if (target === undefined) task.failureReason = 'CouldNotDetermineMessageSource'
            return target !== undefined
          })
    if (message === undefined || target === undefined) {
      task.status = task.failureReason === undefined ? 'COMPLETED' : 'FAILED'
      return
    }
    this.#move(message, target)
    task.moved += 1
    this.#later(task)
  }

  /**
   * It enters as a new message, with an id and a time of its own. Source:
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
   * (read 2026-11-25).
   */
  #move(message: NewMessage, target: Queue): void {
    const id = this.#stamp.nextId()
    const accepted = target.send(
      {
        ...message,
        id,
        sentMs: this.#world.kernel.nowMs,
        receives: 0,
        firstReceivedMs: 0,
        deadLetteredFrom: undefined,
      },
      undefined,
    )
    if (accepted.id === id) return
    this.#world.observer.lost({
      how: 'dropped',
      resource: target.identity.logicalId,
      body: message.body,
      atMs: this.#world.kernel.nowMs,
      reason: 'moved within the deduplication window of a message with its deduplication id',
    })
  }
}

const listed = (task: MoveTask): Properties => ({
  ...(task.status === 'RUNNING' && { TaskHandle: task.handle }),
  Status: task.status,
  SourceArn: task.source.identity.arn,
  ...(task.destination !== undefined && { DestinationArn: task.destination.identity.arn }),
  ...(task.perSecond !== undefined && { MaxNumberOfMessagesPerSecond: task.perSecond }),
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  ...(task.failureReason !== undefined && { FailureReason: task.failureReason }),
  StartedTimestamp: Math.floor(task.startedMs),
})

/** Opaque to everybody else. */
const handleOf = (count: number, sourceArn: string): string => `AQEM.${count.toString(36)}.${sourceArn}`

const handleForm = /^AQEM\.[0-9a-z]+\.(arn:aws:sqs:.+)$/

/** The ARN of the queue that a task handle is about; undefined when it is no task handle. */
export const sourceOfHandle = (handle: unknown): string | undefined =>
  typeof handle === 'string' ? handleForm.exec(handle)?.[1] : undefined
