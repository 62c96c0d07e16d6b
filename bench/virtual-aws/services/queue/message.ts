import type { ReceivedMessage } from '../../world.ts'
import { milliseconds } from '../written-times.ts'

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
export type NewMessage = Pick<Message, 'id' | 'body' | 'attributes' | 'system' | 'sentMs'> &
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
  receives: message.receives,
  firstReceivedMs: message.firstReceivedMs,
  deadLetteredFrom,
  isCopy: message.isCopy,
})

/** A message as ReceiveMessage gives it, with the attributes that all messages have and `more`. */
export const received = (
  message: Message,
  prefix: string,
  senderId: string,
  more: SystemAttributes | undefined,
): ReceivedMessage => {
  const attributes: Record<string, string> = {
    ApproximateReceiveCount: String(message.receives),
    SentTimestamp: wholeMs(message.sentMs),
    SenderId: senderId,
    ApproximateFirstReceiveTimestamp: wholeMs(message.firstReceivedMs),
  }
  if (message.deadLetteredFrom !== undefined)
    attributes['DeadLetterQueueSourceArn'] = message.deadLetteredFrom
  if (message.system !== undefined) Object.assign(attributes, message.system)
  if (more !== undefined) Object.assign(attributes, more)
  return {
    messageId: message.id,
    receiptHandle: receiptHandle(prefix, message),
    body: message.body,
    attributes,
    messageAttributes: message.attributes ?? noAttributes,
  }
}

const noAttributes = Object.freeze({})

/** A time in whole milliseconds. What is written of it anew is seldom more than the part of a second. */
const wholeMs = (ms: number): string => {
  const whole = Math.floor(ms)
  const second = Math.floor(whole / 1000)
  if (second === 0) return String(whole)
  if (second !== lastSecond) {
    lastSecondText = String(second)
    lastSecond = second
  }
  return `${lastSecondText}${milliseconds(whole)}`
}

let lastSecond = 0
let lastSecondText = ''

/** How the receipt handles of a queue begin. */
export const handlePrefix = (queueNumber: number): string => `AQEB.${queueNumber.toString(36)}.`

/** Names one receive of one message in one queue; opaque to everybody else. */
const receiptHandle = (prefix: string, { sequence, receives }: Message): string =>
  `${prefix}${sequence.toString(36)}.${receives.toString(36)}`

/** Which message and which of its receives a handle names; undefined when it is none of the queue's with that prefix. */
export const readHandle = (
  prefix: string,
  handle: unknown,
): { readonly sequence: number; readonly receives: number } | undefined => {
  if (typeof handle !== 'string' || !handle.startsWith(prefix)) return undefined
  const point = handle.indexOf('.', prefix.length)
  const sequence = numberIn(handle, prefix.length, point)
  const receives = numberIn(handle, point + 1, handle.length)
  return Number.isNaN(sequence + receives) ? undefined : { sequence, receives }
}

/** What stands there to the base of 36; not a number when it is something else. */
const numberIn = (text: string, from: number, until: number): number => {
  let number = from < until ? 0 : Number.NaN
  for (let index = from; index < until; index += 1) number = number * 36 + digitOf(text.charCodeAt(index))
  return number
}

const digitOf = (unit: number): number => {
  if (unit >= digitZero && unit < digitZero + 10) return unit - digitZero
  return unit >= letterA && unit < letterA + 26 ? unit - letterA + 10 : Number.NaN
}

const digitZero = 48
const letterA = 97
