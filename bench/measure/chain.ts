import { eventNames } from '../../shared/messages/names.ts'
import type { ContestantResult } from '../results.ts'
import type { ApiCall, Observer } from '../virtual-aws/observer.ts'
import { createHistogram } from './histogram.ts'
import { field, listOf, messageIn, parse, publishedIn, type SeenMessage, subjectOf } from './messages.ts'
import { createOrderSample } from './sample.ts'

/**
 * Longest causation path of an order, in messages: commands sent, facts published or answered, each one longer than
 * that of the message that its `causationid` names. A message whose cause was never sent (the order itself, a given-up
 * step) is the first of its path. A message sent again bears the same id and lengthens nothing.
 */
export interface ChainFold {
  readonly observer: Observer
  submitted(orderId: string): void
  finish(): ContestantResult['chainDepth']
}

export interface ChainOptions {
  readonly seed: number
  /** Bound of the sample of orders whose messages are followed. */
  readonly sampleMax?: number
}

interface Chain {
  /** Message id → id of its cause. */
  readonly causes: Map<string, string>
  /** Task token → id of the command that bore it. */
  readonly commands: Map<string, string>
}

export const createChain = ({ seed, sampleMax = 2_000 }: ChainOptions): ChainFold => {
  const sample = createOrderSample<Chain>(sampleMax, seed, () => ({ causes: new Map(), commands: new Map() }))
  /** Open task token → the sampled order that it belongs to; an answer names the token alone. */
  const orders = new Map<string, string>()

  /** Most messages are of orders outside the sample: their text is not even parsed. */
  const sampled = (value: unknown): SeenMessage | undefined => {
    const orderId = typeof value === 'string' ? subjectOf(value) : undefined
    if (orderId !== undefined && sample.get(orderId) === undefined) return undefined
    return messageIn(value)
  }
  const sent = (value: unknown): SeenMessage | undefined => {
    const message = sampled(value)
    const chain = message === undefined ? undefined : sample.get(message.orderId)
    if (message === undefined || chain === undefined) return undefined
    if (!chain.causes.has(message.id)) chain.causes.set(message.id, message.causationId ?? '')
    const token = field(parse(value), 'taskToken')
    if (typeof token !== 'string') return message
    chain.commands.set(token, message.id)
    orders.set(token, message.orderId)
    return message
  }
  const followed = (orderId: string, factId: string | undefined, commandId: string | undefined): void => {
    if (factId === undefined || commandId === undefined) return
    const causes = sample.get(orderId)?.causes
    if (causes?.has(factId) === false) causes.set(factId, commandId)
  }
  const answered = (input: unknown, factId: string | undefined): void => {
    const token = String(field(input, 'taskToken'))
    const orderId = orders.get(token)
    if (orderId === undefined) return
    followed(orderId, factId, sample.get(orderId)?.commands.get(token))
    orders.delete(token)
  }
  const invoked = ({ input, output }: ApiCall): void => {
    const command = sent(field(input, 'Payload'))
    if (command === undefined) return
    const answer = parse(field(output, 'Payload'))
    const factId =
      field(output, 'FunctionError') === undefined
        ? factIdIn(answer)
        : refusalIn(field(answer, 'errorType'), field(answer, 'errorMessage'))
    followed(command.orderId, factId, command.id)
  }

  const readers: Readonly<Record<string, (call: ApiCall) => void>> = {
    SendMessage: ({ input }) => void sent(field(input, 'MessageBody')),
    SendMessageBatch: ({ input }) => {
      for (const entry of listOf(field(input, 'Entries'))) sent(field(entry, 'MessageBody'))
    },
    PutEvents: (call) => {
      for (const { detail } of publishedIn(call)) sent(detail)
    },
    SendTaskSuccess: ({ input }) => answered(input, factIdIn(parse(field(input, 'output')))),
    SendTaskFailure: ({ input }) => answered(input, refusalIn(field(input, 'error'), field(input, 'cause'))),
    Invoke: invoked,
  }

  return {
    observer: {
      call(call) {
        if (call.error === undefined) readers[call.action]?.(call)
      },
    },
    submitted(orderId) {
      sample.offer(orderId)
    },
    finish() {
      const depths = createHistogram()
      for (const [, { causes }] of sample.entries()) if (causes.size > 0) depths.record(longestPath(causes))
      return { n: depths.n, p50: depths.quantile(0.5), max: depths.max }
    },
  }
}

/** A task that succeeds answers with its fact: `{ id, type }`. */
const factIdIn = (answer: unknown): string | undefined => {
  const id = field(answer, 'id')
  return typeof id === 'string' ? id : undefined
}

const facts: ReadonlySet<unknown> = new Set(eventNames)

/** A task that is refused fails under the name of the fact, its cause is the fact's id; an outage tells no fact. */
const refusalIn = (error: unknown, cause: unknown): string | undefined =>
  facts.has(error) && typeof cause === 'string' ? cause : undefined

/** Worked out at the end, since an answer may be observed after what it caused. */
const longestPath = (causes: ReadonlyMap<string, string>): number => {
  const depths = new Map<string, number>()
  for (const id of causes.keys()) {
    const path: string[] = []
    let at: string | undefined = id
    // A path has no more messages than there are: ids that caused each other in a ring would end it there.
    while (at !== undefined && causes.has(at) && !depths.has(at) && path.length < causes.size) {
      path.push(at)
      at = causes.get(at)
    }
    let depth = depths.get(at ?? '') ?? 0
    for (const message of path.toReversed()) {
      depth += 1
      depths.set(message, depth)
    }
  }
  return Math.max(...depths.values())
}
