import type { ApiCall } from '../virtual-aws/observer.ts'
import { parsedJson } from '../virtual-aws/parsed-json.ts'

/** What measures read of an envelope, wherever it travels. */
export interface SeenMessage {
  readonly id: string
  readonly type: string
  /** The envelope's `subject`. */
  readonly orderId: string
  readonly causationId: string | undefined
}

/**
 * The envelope in a message: bare, beside a task token (`{ taskToken, command }`), in an EventBridge event
 * (`{ detail }`), and each of these as JSON text too. Undefined when there is none.
 */
export const messageIn = (value: unknown): SeenMessage | undefined => {
  const parsed = parse(value)
  const envelope = parse(field(parsed, 'command') ?? field(parsed, 'detail') ?? parsed)
  const id = field(envelope, 'id')
  const type = field(envelope, 'type')
  const orderId = field(envelope, 'subject')
  const causationId = field(envelope, 'causationid')
  if (typeof id !== 'string' || typeof type !== 'string' || typeof orderId !== 'string') return undefined
  return { id, type, orderId, causationId: typeof causationId === 'string' ? causationId : undefined }
}

/** An event that a bus accepted; the envelope is parsed only when asked for. */
export interface PublishedEvent {
  readonly type: string
  readonly detail: unknown
}

/**
 * The entries of a PutEvents call that the bus took; an entry with an ErrorCode was not published. Several folds ask of
 * each call, one after the other: the answer for the last one is remembered.
 */
export const publishedIn = (call: ApiCall): readonly PublishedEvent[] => {
  if (call.action !== 'PutEvents' || call.error !== undefined) return none
  if (call !== lastCall) {
    lastPublished = publishedOf(call)
    lastCall = call
  }
  return lastPublished
}
const none: readonly PublishedEvent[] = []
let lastCall: ApiCall | undefined
let lastPublished = none

const publishedOf = ({ input, output }: ApiCall): readonly PublishedEvent[] => {
  const answers = listOf(field(output, 'Entries'))
  const published: PublishedEvent[] = []
  let index = 0
  for (const entry of listOf(field(input, 'Entries'))) {
    const isRefused = field(answers[index], 'ErrorCode') !== undefined
    index += 1
    if (!isRefused)
      published.push({ type: String(field(entry, 'DetailType')), detail: field(entry, 'Detail') })
  }
  return published
}

/** Whether a text is an event as a bus hands it on: what it tells was seen when it was put on the bus. */
export const isFromBus = (text: unknown): boolean =>
  typeof text === 'string' && text.startsWith('{"version":"0","id":"')

/** The order that a message is about; its text is parsed only where that takes it. */
export const orderIn = (message: unknown): string | undefined =>
  (typeof message === 'string' ? subjectOf(message) : undefined) ?? messageIn(message)?.orderId

/** The orders that an invocation was about: of each record of its batch, or of its payload. */
export const ordersIn = (event: unknown): string[] => {
  const records = field(event, 'Records')
  const bodies = Array.isArray(records) ? records.map((record) => field(record, 'body')) : [event]
  return bodies.flatMap((body) => orderIn(body) ?? [])
}

export const field = (value: unknown, name: string): unknown =>
  value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** JSON text as its value, which is not to be changed; anything else, text that is no JSON included, as it is. */
export const parse = (value: unknown): unknown => {
  if (typeof value !== 'string' || !value.startsWith('{')) return value
  try {
    return parsedJson(value)
  } catch (error) {
    // Somebody else's text that merely looks like JSON bears no envelope.
    if (error instanceof SyntaxError) return value
    throw error
  }
}

/** The order id that a text's first envelope names, without parsing it; undefined when it must be parsed to tell. */
export const subjectOf = (text: string): string | undefined => {
  const start = text.indexOf(subjectKey)
  if (start < 0) return undefined
  const from = start + subjectKey.length
  const until = text.indexOf('"', from)
  const subject = text.slice(from, until)
  return until < 0 || subject.includes('\\') ? undefined : subject
}
const subjectKey = '"subject":"'
