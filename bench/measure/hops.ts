import type { Quantiles, ScenarioResults } from '../results.ts'
import type { ApiCall, ExecutionEnd, Invocation, Observer, Transition } from '../virtual-aws/observer.ts'
import { createHistogram, type Histogram, type HistogramJson, mergedFrom, quantilesOf } from './histogram.ts'
import { field, listOf, orderIn, parse } from './messages.ts'

/**
 * Stretches of a run that can be seen from outside, the same way on AWS and in the virtual one. Most begin or end at
 * the effect of an API call, which is taken for half way between its start and its answer:
 *
 *     call ──½──▶ effect ──½──▶ answer          effect ── events.route ──▶ ½ sqs.call ──▶ SentTimestamp
 *
 * A message's own timestamp is when it became visible: no queue here delays its messages.
 */
export const pathsAbout = {
  'front door: StartExecution': 'the call that hands an order in, from where the run is made',
  'front door: SendMessage': 'the call that hands an order in, from where the run is made',
  'sqs.call': 'SendMessage or ChangeMessageVisibility by a function',
  'states.answer': 'SendTaskSuccess or SendTaskFailure by a function',
  'events.put': 'PutEvents by a function',
  'dynamodb.read': 'GetItem by a function',
  'dynamodb.write': 'PutItem or UpdateItem by a function',
  'dynamodb.transact': 'TransactWriteItems by a function',
  'sqs.deliver': "a message's SentTimestamp → its warm handler starts, at the first delivery",
  'sqs.deliverFifo': 'the same of a FIFO queue',
  'events.route → queue': "half way through PutEvents → the event's SentTimestamp in a queue",
  'states.start → queue': "an execution starts → the SentTimestamp of its first task's message",
  'states.start → function': "an execution starts → its first task's warm handler starts",
  'states.transition → queue':
    "half way through a task's answer → the SentTimestamp of the next task's message",
  'states.transition → function': "a task's handler ends → the next task's warm handler starts",
  'lambda.init': 'the INIT of a cold start, as Lambda reports it',
} as const

export type PathId = keyof typeof pathsAbout

export const pathIds = Object.keys(pathsAbout) as readonly PathId[]

/** What was seen of each path, before it is read: plain data, so that it crosses threads and can be put together. */
export type HopTotals = Partial<Record<PathId, PathTotals>>

interface PathTotals {
  readonly histogram: HistogramJson
  /** Stretches that ended before they began, since two clocks differ: they are in no quantile. */
  readonly backwards: number
}

/** A call as far as its duration and its effect tell of a hop. */
export type HopCall = Pick<ApiCall, 'action' | 'by' | 'input' | 'output' | 'error' | 'startedMs' | 'endedMs'>
export type HopInvocation = Pick<Invocation, 'functionId' | 'event' | 'startedMs' | 'endedMs' | 'initMs'>
export type HopTransition = Pick<Transition, 'executionName' | 'atMs' | 'retry'>
export type HopExecution = Pick<ExecutionEnd, 'executionName' | 'startedMs'>

export interface HopFold {
  /** A call of a function or of the outside caller; one of a service on another is not seen. */
  call(call: HopCall): void
  invocation(invocation: HopInvocation): void
  transition(transition: HopTransition): void
  execution(execution: HopExecution): void
  finish(): HopTotals
}

const hopOfAction: ReadonlyMap<string, PathId> = new Map([
  ['SendMessage', 'sqs.call'],
  ['ChangeMessageVisibility', 'sqs.call'],
  ['SendTaskSuccess', 'states.answer'],
  ['SendTaskFailure', 'states.answer'],
  ['PutEvents', 'events.put'],
  ['GetItem', 'dynamodb.read'],
  ['PutItem', 'dynamodb.write'],
  ['UpdateItem', 'dynamodb.write'],
  ['TransactWriteItems', 'dynamodb.transact'],
])

/** Two clocks of AWS may differ by so much, or a history be written so late. */
const clocksMs = 5

/** When a call took effect, and when it was begun. */
interface Effect {
  readonly startedMs: number
  readonly atMs: number
}

/** A message with a task token, as its queue dated it. */
interface Asked {
  readonly token: string
  readonly sentMs: number
}

type Handled = Pick<HopInvocation, 'startedMs' | 'endedMs' | 'initMs'>

/** A message on its way to a handler, for the first time. */
interface Delivered {
  readonly path: 'sqs.deliver' | 'sqs.deliverFifo'
  readonly sentMs: number
  readonly startedMs: number
}

/** A cold invocation: from when its message became visible to its end. */
interface ColdSpan {
  readonly fromMs: number
  readonly toMs: number
}

/** Collects what the paths are made of; they are put together when all is known, whatever came first. */
export const createHops = (): HopFold => {
  const paths = new Map<PathId, { readonly histogram: Histogram; backwards: number }>()
  const published = new Map<string, Effect>()
  const answered = new Map<string, Effect>()
  const seenMessages = new Set<string>()
  const delivered = new Map<string, Delivered[]>()
  const cold = new Map<string, ColdSpan[]>()
  const carried: { readonly eventId: string; readonly sentMs: number }[] = []
  const asked = new Map<string, Asked[]>()
  const handled = new Map<string, Handled[]>()
  const entered = new Map<string, HopTransition[]>()
  const started = new Map<string, number>()

  const record = (path: PathId, ms: number): void => {
    const seen = paths.get(path) ?? { histogram: createHistogram(), backwards: 0 }
    paths.set(path, seen)
    if (ms < 0) seen.backwards += 1
    else seen.histogram.record(ms)
  }

  const ofRecord = (message: unknown, { functionId, startedMs, endedMs, initMs }: HopInvocation): void => {
    const attributes = field(message, 'attributes')
    const sentMs = Number(field(attributes, 'SentTimestamp'))
    const messageId = String(field(message, 'messageId'))
    if (!(sentMs > 0)) return
    if (initMs > 0) pushTo(cold, functionId, { fromMs: sentMs, toMs: endedMs })
    else if (field(attributes, 'ApproximateReceiveCount') === '1') {
      const isFifo = String(field(message, 'eventSourceARN')).endsWith('.fifo')
      pushTo(delivered, functionId, { path: isFifo ? 'sqs.deliverFifo' : 'sqs.deliver', sentMs, startedMs })
    }
    if (seenMessages.has(messageId)) return
    seenMessages.add(messageId)
    ofBody(field(message, 'body'), sentMs)
  }

  const ofBody = (text: unknown, sentMs: number): void => {
    const body = parse(text)
    const [token, eventId, orderId] = [field(body, 'taskToken'), field(body, 'id'), orderIn(text)]
    if (typeof token === 'string' && orderId !== undefined) pushTo(asked, orderId, { token, sentMs })
    else if (field(body, 'detail-type') !== undefined && typeof eventId === 'string')
      carried.push({ eventId, sentMs })
  }

  const atTheDoor = ({ action, startedMs, endedMs }: HopCall): void => {
    if (action === 'StartExecution') record('front door: StartExecution', endedMs - startedMs)
    if (action === 'SendMessage') record('front door: SendMessage', endedMs - startedMs)
  }

  const ofFunction = ({ action, input, output, startedMs, endedMs }: HopCall): void => {
    const hop = hopOfAction.get(action)
    if (hop === undefined) return
    record(hop, endedMs - startedMs)
    const effect: Effect = { startedMs, atMs: (startedMs + endedMs) / 2 }
    if (hop === 'states.answer') answered.set(String(field(input, 'taskToken')), effect)
    if (hop === 'events.put')
      for (const entry of listOf(field(output, 'Entries')))
        published.set(String(field(entry, 'EventId')), effect)
  }

  /** Whether a cold invocation of the function was under way: it holds a poller, and others may wait for it. */
  const isHeldUp = (functionId: string, sentMs: number, startedMs: number): boolean =>
    (cold.get(functionId) ?? []).some(({ fromMs, toMs }) => fromMs <= startedMs && toMs >= sentMs)

  const joinDelivered = (functionId: string, messages: readonly Delivered[]): void => {
    for (const { path, sentMs, startedMs } of messages)
      if (!isHeldUp(functionId, sentMs, startedMs)) record(path, startedMs - sentMs)
  }

  /** Whether exactly one state was entered meanwhile, at the first attempt: then the stretch holds one hop. */
  const isOneStep = (orderId: string, fromMs: number, toMs: number): boolean => {
    const between = (entered.get(orderId) ?? []).filter(
      ({ atMs }) => atMs >= fromMs && atMs <= toMs + clocksMs,
    )
    return between.length === 1 && between[0]?.retry === 0
  }

  const joinAsked = (orderId: string, messages: readonly Asked[]): void => {
    const inOrder = messages.toSorted((one, other) => one.sentMs - other.sentMs)
    const startedMs = started.get(orderId)
    for (const [index, { sentMs }] of inOrder.entries()) {
      const before = inOrder[index - 1]
      if (before === undefined) {
        if (startedMs !== undefined && isOneStep(orderId, startedMs, sentMs))
          record('states.start → queue', sentMs - startedMs)
        continue
      }
      const answer = answered.get(before.token)
      if (answer !== undefined && isOneStep(orderId, answer.startedMs, sentMs))
        record('states.transition → queue', sentMs - answer.atMs)
    }
  }

  const joinHandled = (orderId: string, tasks: readonly Handled[]): void => {
    const inOrder = tasks.toSorted((one, other) => one.startedMs - other.startedMs)
    for (const [index, { startedMs, initMs }] of inOrder.entries()) {
      const before = inOrder[index - 1]
      const fromMs = before === undefined ? started.get(orderId) : before.endedMs
      if (fromMs === undefined || initMs > 0 || !isOneStep(orderId, fromMs, startedMs)) continue
      record(
        before === undefined ? 'states.start → function' : 'states.transition → function',
        startedMs - fromMs,
      )
    }
  }

  return {
    call(call) {
      if (call.error !== undefined) return
      if (call.by === 'caller') atTheDoor(call)
      else ofFunction(call)
    },
    invocation(invocation) {
      const { event, startedMs, endedMs, initMs } = invocation
      if (initMs >= initMsMin) record('lambda.init', initMs)
      const records = field(event, 'Records')
      if (Array.isArray(records)) for (const each of records) ofRecord(each, invocation)
      else {
        const orderId = orderIn(event)
        if (orderId !== undefined) pushTo(handled, orderId, { startedMs, endedMs, initMs })
      }
    },
    transition: ({ executionName, atMs, retry }) =>
      pushTo(entered, executionName, { executionName, atMs, retry }),
    execution: ({ executionName, startedMs }) => void started.set(executionName, startedMs),
    finish: () => {
      for (const [functionId, messages] of delivered) joinDelivered(functionId, messages)
      for (const { eventId, sentMs } of carried) {
        const event = published.get(eventId)
        if (event !== undefined) record('events.route → queue', sentMs - event.atMs)
      }
      for (const [orderId, messages] of asked) joinAsked(orderId, messages)
      for (const [orderId, tasks] of handled) joinHandled(orderId, tasks)
      return Object.fromEntries(
        [...paths].map(([path, { histogram, backwards }]) => [
          path,
          { histogram: histogram.toJSON(), backwards },
        ]),
      )
    },
  }
}

/** An environment that was made for an invocation counts as cold even where nobody says how long that took. */
const initMsMin = 0.01

const pushTo = <Thing>(lists: Map<string, Thing[]>, key: string, thing: Thing): void => {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [thing])
  else list.push(thing)
}

/** Watches a run in the virtual AWS; `functions` are those of its template, by logical id. */
export const hopObserver = (fold: HopFold, functions: ReadonlySet<string>): Observer => ({
  call: (call) => {
    if (call.by === 'caller' || functions.has(call.by)) fold.call(call)
  },
  invocation: fold.invocation,
  transition: fold.transition,
  execution: fold.execution,
})

export type ObservedPath = NonNullable<ScenarioResults['paths']>[number]

/** What several runs saw together, path by path; none where none was watched. */
export const observedPaths = (runs: readonly (HopTotals | undefined)[]): readonly ObservedPath[] =>
  pathIds.flatMap((path) => {
    const parts = runs.flatMap((run) => run?.[path] ?? [])
    const histogram = mergedFrom(parts.map((part) => part.histogram))
    const backwards = parts.reduce((sum, part) => sum + part.backwards, 0)
    if (histogram.n + backwards === 0) return []
    const quantiles: Quantiles = quantilesOf(histogram)
    return [{ path, p10: histogram.quantile(0.1), ...quantiles, ...(backwards === 0 ? {} : { backwards }) }]
  })
