import { tell } from '../../tell.ts'
import type { Answer, Answered, ServiceCall, World } from '../../world.ts'
import { isRecord, type Properties } from '../properties.ts'
import { inSdkShape } from './actions.ts'
import { answerOf } from './answer.ts'
import { isToken } from './characters.ts'
import type { Directory } from './directory.ts'
import { notAToken, notForThisKind, outOfRange, overLimit } from './errors.ts'
import { receiveMax } from './payload.ts'
import type { Queue } from './queue.ts'
import { isWholeBetween } from './send.ts'

/** ReceiveMessage: half the call there, the wait for messages if one is asked for, half the call back. */
export class Receiving {
  readonly #world: World
  readonly #directory: Directory

  constructor(world: World, directory: Directory) {
    this.#world = world
    this.#directory = directory
  }

  /** `admit` throws when the request is one too many. */
  start(request: ServiceCall, admit: () => void, done: Answered): void {
    const { kernel } = this.#world
    const halfMs = this.#world.latencyMs('sqs.call') / 2
    const reply = (answer: Answer): void => {
      kernel.after(halfMs, () => tell(done, answer))
    }
    kernel.after(halfMs, () => {
      const take = (): Answer => answerOf(() => this.#take(request.input))
      const first = answerOf(() => {
        admit()
        return this.#take(request.input)
      })
      const waitMs = first.ok ? this.#waitMs(request.input) : 0
      if (waitMs === 0 || !isEmpty(first)) reply(first)
      else this.#longPoll(this.#directory.named(request.input), waitMs, take, reply)
    })
  }

  #longPoll(queue: Queue, waitMs: number, take: () => Answer, reply: (answer: Answer) => void): void {
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
    const queue = this.#directory.named(input)
    const max = input['MaxNumberOfMessages'] ?? 1
    if (!isWholeBetween(max, 1, receiveMax)) throw outOfRange('MaxNumberOfMessages', max, 1, receiveMax)
    const visibility = input['VisibilityTimeout']
    if (visibility !== undefined && !isWholeBetween(visibility, 0, 43_200))
      throw outOfRange('VisibilityTimeout', visibility, 0, 43_200)
    const waitMs = this.#waitMs(input)
    const { messages, overLimit: isOver } = queue.receive(
      max,
      visibility === undefined ? undefined : visibility * 1000,
      undefined,
      attemptIdOf(input, queue),
    )
    // A long poll gets no error: it waits. Source: API_ReceiveMessage.html and quotas-messages.html (read 2026-11-25).
    if (isOver && waitMs === 0) throw overLimit()
    if (messages.length === 0) return {}
    return { Messages: messages.map((message) => inSdkShape(message, input)) }
  }

  #waitMs(input: Properties): number {
    const wait = input['WaitTimeSeconds']
    if (wait === undefined)
      return this.#directory.find(String(input['QueueUrl']))?.settings.receiveWaitMs ?? 0
    if (!isWholeBetween(wait, 0, 20)) throw outOfRange('WaitTimeSeconds', wait, 0, 20)
    return wait * 1000
  }
}

const attemptIdOf = (input: Properties, queue: Queue): string | undefined => {
  const id = input['ReceiveRequestAttemptId']
  if (id === undefined) return undefined
  if (queue.kind === 'standard') throw notForThisKind('ReceiveRequestAttemptId', id)
  if (typeof id !== 'string' || !isToken(id)) throw notAToken('ReceiveRequestAttemptId')
  return id
}

const isEmpty = (answer: Answer): boolean =>
  answer.ok && isRecord(answer.output) && answer.output['Messages'] === undefined
