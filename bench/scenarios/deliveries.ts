/** One message that a handler was given: whose order it is about, and which time this is. */
export interface Delivery {
  readonly orderId: string
  /** The envelope's id; the same for every copy of the message. */
  readonly messageId: string
  /** The attempt of the task that sent it, from 1; always 1 where nobody counts. */
  readonly attempt: number
  /** The receive count of a queue, from 1; always 1 for a direct invocation. */
  readonly receive: number
  readonly taskToken: string | undefined
}

/** What Lambda gave a handler: the records of a queue, or the payload of a direct invocation. */
export interface Given {
  readonly by: 'queue' | 'invocation'
  readonly deliveries: readonly Delivery[]
}

const givenBy = new WeakMap<object, Given>()

/** Reads an event of Lambda; messages that are about no order are left out. Remembers what it has read. */
export const givenIn = (event: unknown): Given => {
  if (typeof event !== 'object' || event === null) return { by: 'invocation', deliveries: [] }
  const known = givenBy.get(event)
  if (known !== undefined) return known
  const given = read(event)
  givenBy.set(event, given)
  return given
}

/**
 * Reads the body of a message, as text or parsed, in the forms in which the contestants send one: a command with its
 * task token, a command in a payload, an event of a bus, or an envelope alone. Undefined: it is about no order.
 */
export const messageIn = (body: unknown): Omit<Delivery, 'receive'> | undefined => {
  const content = typeof body === 'string' ? parsed(body) : body
  const envelope = at(content, 'command') ?? at(content, 'detail') ?? content
  const orderId = at(envelope, 'subject')
  const messageId = at(envelope, 'id')
  if (typeof orderId !== 'string' || typeof messageId !== 'string') return undefined
  const taskToken = at(content, 'taskToken')
  return {
    orderId,
    messageId,
    attempt: Number(at(content, 'attempt') ?? 1),
    taskToken: typeof taskToken === 'string' ? taskToken : undefined,
  }
}

/** When a message was sent, by its envelope, in ms since the Unix epoch; undefined: it is about no order. */
export const sentMsIn = (body: unknown): number | undefined => {
  const content = typeof body === 'string' ? parsed(body) : body
  const sentMs = Date.parse(String(at(at(content, 'command') ?? at(content, 'detail') ?? content, 'time')))
  return Number.isNaN(sentMs) ? undefined : sentMs
}

const read = (event: object): Given => {
  const records = at(event, 'Records')
  if (!Array.isArray(records)) {
    return { by: 'invocation', deliveries: delivery(event, 1) }
  }
  return {
    by: 'queue',
    deliveries: records.flatMap((record: unknown) =>
      delivery(at(record, 'body'), at(at(record, 'attributes'), 'ApproximateReceiveCount')),
    ),
  }
}

const delivery = (body: unknown, receive: unknown): readonly Delivery[] => {
  const message = messageIn(body)
  return message === undefined ? [] : [{ ...message, receive: Number(receive) }]
}

const at = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

/** Undefined for a text that is no JSON: such a message is about no order. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}
