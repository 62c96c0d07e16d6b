import { eventNames } from '../../shared/messages/names.ts'
import type { ContestantResult } from '../results.ts'
import type { ApiCall, Observer } from '../virtual-aws/observer.ts'
import { createHistogram, type HistogramJson, mergedFrom } from './histogram.ts'
import { field, isFromBus, listOf, messageIn, parse, publishedIn, subjectOf } from './messages.ts'
import { lowestHashes } from './sample.ts'

/**
 * Longest causation path of an order, in messages: commands sent, facts published or answered, each one longer than
 * that of the message that its `causationid` names. A message whose cause was never sent (the order itself, a given-up
 * step) is the first of its path. What the customer sends counts in no contestant: one front door is an API of Step
 * Functions, another a queue that takes a command, and a door is not a link of the chain. A message sent again bears the same id and lengthens nothing.
 *
 * The path is told apart by what its messages are, since a conductor's chain is a command and an answer for each step
 * where a choreography's is an event: commands ask, facts tell (an event on a bus, or the answer to a command; a fact
 * that is both is one message). Medians are taken apart and need not add up; of two equally long paths of an order, the
 * first one counts.
 */
export interface ChainFold {
  readonly observer: Observer
  finish(): ChainTotals
}

/** Lengths of the longest paths of the sampled orders, in messages, and the commands and facts among them. */
export interface ChainTotals {
  readonly depths: HistogramJson
  readonly commands: HistogramJson
  readonly facts: HistogramJson
}

export const chainOf = (shards: readonly ChainTotals[]): ContestantResult['chainDepth'] => {
  const depths = mergedFrom(shards.map((shard) => shard.depths))
  return {
    n: depths.n,
    p50: depths.quantile(0.5),
    max: depths.max,
    commandsP50: mergedFrom(shards.map(({ commands }) => commands)).quantile(0.5),
    factsP50: mergedFrom(shards.map(({ facts }) => facts)).quantile(0.5),
  }
}

export interface ChainOptions {
  readonly seed: number
  /** Those that will be submitted. */
  readonly orders: readonly { readonly orderId: string }[]
  /** Bound of the sample of orders whose messages are followed. */
  readonly sampleMax?: number
}

interface Link {
  /** Id of the message that caused it; of one that was never sent where it is the first of its path. */
  readonly cause: string
  readonly isCommand: boolean
}

/** By message id. */
type Links = Map<string, Link>

/** A command that went out with a task token; its answer names the token alone. */
interface OpenTask {
  readonly commandId: string
  readonly links: Links
}

export const createChain = ({ seed, orders, sampleMax = 2_000 }: ChainOptions): ChainFold => {
  const chains = new Map(
    lowestHashes(orders, sampleMax, seed).map(({ orderId }): [string, Links] => [orderId, new Map()]),
  )
  /** By task token. */
  const openTasks = new Map<string, OpenTask>()

  /** Most messages are of orders outside the sample: their text is not even parsed. */
  const isOutside = (value: unknown): boolean => {
    const orderId = typeof value === 'string' ? subjectOf(value) : undefined
    return orderId !== undefined && !chains.has(orderId)
  }
  const sent = (value: unknown): OpenTask | undefined => {
    const message = isOutside(value) ? undefined : messageIn(value)
    const links = message === undefined ? undefined : chains.get(message.orderId)
    if (message === undefined || links === undefined) return undefined
    const { id, type, causationId = '' } = message
    if (!links.has(id)) links.set(id, { cause: causationId, isCommand: !facts.has(type) })
    const task = { commandId: id, links }
    const token = field(parse(value), 'taskToken')
    if (typeof token === 'string') openTasks.set(token, task)
    return task
  }
  const followed = ({ commandId, links }: OpenTask, factId: string | undefined): void => {
    if (factId !== undefined && !links.has(factId)) links.set(factId, { cause: commandId, isCommand: false })
  }
  const answered = (input: unknown, factIdOf: (input: unknown) => string | undefined): void => {
    const token = String(field(input, 'taskToken'))
    const task = openTasks.get(token)
    if (task === undefined) return
    followed(task, factIdOf(input))
    openTasks.delete(token)
  }
  const invoked = ({ input, output }: ApiCall): void => {
    const task = sent(field(input, 'Payload'))
    if (task === undefined) return
    const answer = parse(field(output, 'Payload'))
    followed(
      task,
      field(output, 'FunctionError') === undefined
        ? factIdIn(answer)
        : refusalIn(field(answer, 'errorType'), field(answer, 'errorMessage')),
    )
  }

  const readers: Readonly<Record<string, (call: ApiCall) => void>> = {
    SendMessage: ({ input }) => {
      const body = field(input, 'MessageBody')
      if (!isFromBus(body)) sent(body)
    },
    SendMessageBatch: ({ input }) => {
      for (const entry of listOf(field(input, 'Entries'))) sent(field(entry, 'MessageBody'))
    },
    PutEvents: (call) => {
      for (const { detail } of publishedIn(call)) sent(detail)
    },
    SendTaskSuccess: ({ input }) => answered(input, (success) => factIdIn(parse(field(success, 'output')))),
    SendTaskFailure: ({ input }) =>
      answered(input, (failure) => refusalIn(field(failure, 'error'), field(failure, 'cause'))),
    Invoke: invoked,
  }

  return {
    observer: {
      call(call) {
        if (call.error === undefined && call.by !== customer) readers[call.action]?.(call)
      },
    },
    finish() {
      const [depths, commands, told] = [createHistogram(), createHistogram(), createHistogram()]
      for (const links of chains.values()) {
        if (links.size === 0) continue
        const path = longestPath(links)
        depths.record(path.messages)
        commands.record(path.commands)
        told.record(path.messages - path.commands)
      }
      return { depths: depths.toJSON(), commands: commands.toJSON(), facts: told.toJSON() }
    },
  }
}

/** Who calls the front door; see `by` of an API call. */
const customer = 'caller'

/** A task that succeeds answers with its fact: `{ id, type }`. */
const factIdIn = (answer: unknown): string | undefined => {
  const id = field(answer, 'id')
  return typeof id === 'string' ? id : undefined
}

const facts: ReadonlySet<unknown> = new Set(eventNames)

/** A task that is refused fails under the name of the fact, its cause is the fact's id; an outage tells no fact. */
const refusalIn = (error: unknown, cause: unknown): string | undefined =>
  facts.has(error) && typeof cause === 'string' ? cause : undefined

interface Path {
  readonly messages: number
  readonly commands: number
}

const noPath: Path = { messages: 0, commands: 0 }

/** Worked out at the end, since an answer may be observed after what it caused. */
const longestPath = (links: ReadonlyMap<string, Link>): Path => {
  const paths = new Map<string, Path>()
  for (const id of links.keys()) {
    const unknown: [string, Link][] = []
    let at = id
    let link = links.get(at)
    // A path has no more messages than there are: ids that caused each other in a ring would end it there.
    while (link !== undefined && !paths.has(at) && unknown.length < links.size) {
      unknown.push([at, link])
      at = link.cause
      link = links.get(at)
    }
    let path = paths.get(at) ?? noPath
    for (const [message, { isCommand }] of unknown.toReversed()) {
      path = { messages: path.messages + 1, commands: path.commands + Number(isCommand) }
      paths.set(message, path)
    }
  }
  return [...paths.values()].reduce(
    (longest, path) => (path.messages > longest.messages ? path : longest),
    noPath,
  )
}
