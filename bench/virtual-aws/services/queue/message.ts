/** In the shape of the SDK: `{ DataType, StringValue }`. */
export type MessageAttributes = Readonly<Record<string, unknown>>

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
  /** When it was first sent to any queue: a dead-letter queue keeps it, and retention counts from it. */
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

/** A message as it enters a queue. */
export type NewMessage = Pick<Message, 'id' | 'body' | 'attributes' | 'sentMs' | 'bytes'> &
  Partial<Pick<Message, 'deadLetteredFrom' | 'isCopy' | 'receives' | 'firstReceivedMs'>>

/** Names one receive of one message in one queue; opaque to everybody else. */
export const receiptHandle = (queue: number, message: Message): string =>
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
