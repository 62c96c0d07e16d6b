import type { ReceivedMessage } from '../../world.ts'

/** In the shape of the SDK: `{ DataType, StringValue }`, or `BinaryValue`. */
export type MessageAttributes = Readonly<Record<string, unknown>>

/** Name → value, as a receive gives them. */
export type SystemAttributes = Readonly<Record<string, string>>

/**
 * A message in a queue. It hides while it is delayed or in flight, until `hiddenUntilMs`:
 *
 *     send ─▶ delayed ─▶ visible ─▶ in flight ─▶ gone (deleted, expired, dead-lettered)
 *                           ▲            │
 *                           └────────────┘  visibility timeout
 */
export interface Message {
  readonly id: string
  readonly sequence: number
  body: string
  readonly attributes: MessageAttributes | undefined
  /** What its sender gave beside: a trace header, in a standard queue also a message group. */
  readonly system: SystemAttributes | undefined
  /** When it was first sent to any queue: a standard dead-letter queue keeps it, and retention counts from it. */
  readonly sentMs: number
  readonly bytes: number
  /** Where it came from, in a dead-letter queue. */
  readonly deadLetteredFrom: string | undefined
  /** A further copy of a message that had been delivered. */
  readonly isCopy: boolean
  state: 'delayed' | 'visible' | 'in flight' | 'gone'
  hiddenUntilMs: number
  /** When it last became visible. */
  visibleSinceMs: number
  receives: number
  receivedMs: number
  firstReceivedMs: number
}

/** A message as it enters a queue; a FIFO queue needs its group and what tells it from others. */
export type NewMessage = Pick<Message, 'id' | 'body' | 'attributes' | 'system' | 'sentMs' | 'bytes'> &
  Partial<Pick<Message, 'deadLetteredFrom' | 'isCopy' | 'receives' | 'firstReceivedMs'>> & {
    readonly groupId?: string
    readonly deduplicationId?: string
  }

/** A message as it leaves a queue for another, with all that it has been through. */
export const onItsWay = (message: Message, deadLetteredFrom: string | undefined): NewMessage => ({
  id: message.id,
  body: message.body,
  attributes: message.attributes,
  system: message.system,
  sentMs: message.sentMs,
  bytes: message.bytes,
  receives: message.receives,
  firstReceivedMs: message.firstReceivedMs,
  deadLetteredFrom,
  isCopy: message.isCopy,
})

/** A message as ReceiveMessage gives it, with the attributes that all messages have and `more`. */
export const received = (
  message: Message,
  queue: number,
  senderId: string,
  more: SystemAttributes | undefined,
): ReceivedMessage => {
  const attributes: Record<string, string> = {
    ApproximateReceiveCount: String(message.receives),
    SentTimestamp: String(Math.floor(message.sentMs)),
    SenderId: senderId,
    ApproximateFirstReceiveTimestamp: String(Math.floor(message.firstReceivedMs)),
  }
  if (message.deadLetteredFrom !== undefined)
    attributes['DeadLetterQueueSourceArn'] = message.deadLetteredFrom
  if (message.system !== undefined) Object.assign(attributes, message.system)
  if (more !== undefined) Object.assign(attributes, more)
  return {
    messageId: message.id,
    receiptHandle: receiptHandle(queue, message),
    body: message.body,
    attributes,
    messageAttributes: message.attributes ?? noAttributes,
  }
}

const noAttributes = Object.freeze({})

/** Names one receive of one message in one queue; opaque to everybody else. */
const receiptHandle = (queue: number, message: Message): string =>
  `AQEB.${queue.toString(36)}.${message.sequence.toString(36)}.${message.receives.toString(36)}`

const handleForm = /^AQEB\.([0-9a-z]+)\.([0-9a-z]+)\.([0-9a-z]+)$/

/** Which message and which of its receives a handle names; undefined when it is none of this queue's. */
export const readHandle = (
  queue: number,
  handle: unknown,
): { readonly sequence: number; readonly receives: number } | undefined => {
  const parts = typeof handle === 'string' ? handleForm.exec(handle) : null
  if (parts === null || Number.parseInt(parts[1] ?? '', 36) !== queue) return undefined
  return {
    sequence: Number.parseInt(parts[2] ?? '', 36),
    receives: Number.parseInt(parts[3] ?? '', 36),
  }
}
