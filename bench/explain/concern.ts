import { field, listOf, messageIn, parse } from '../measure/messages.ts'
import type { ApiCall, Invocation, Loss } from '../virtual-aws/observer.ts'

/** What is known of something that concerns an order. */
export interface Concern {
  /** Messages that it is about: ids of envelopes or, where there is none, of messages in a queue. */
  readonly about: readonly string[]
  /** Of them, those that were received from a queue, by the ids that SQS gave them: each time that it is sent it has another. */
  readonly received?: readonly string[]
  /** Of what was sent to a queue, received from it or deleted: the ids that SQS gave. Two messages of one envelope have two. */
  readonly queued?: readonly string[]
  /** The greatest receive count among the messages that a receive gave. */
  readonly receive?: number
}

/** Tells what concerns one order. */
export interface ConcernOfOrder {
  call(call: ApiCall): Concern | undefined
  invocation(invocation: Invocation): Concern | undefined
  lost(loss: Loss): Concern | undefined
  execution(name: string): boolean
}

/**
 * What bears the order's id concerns it, and what presents a ticket: the id that SQS gave to a message of the order, the
 * receipt handle that the message came with, the task token in it. So a message is known for the order's although
 * nobody can read it. With no order, everything concerns.
 */
export const createConcern = (orderId: string | undefined): ConcernOfOrder => {
  const tickets = new Map<string, Ticket>()
  const isBorneBy = (value: unknown): boolean => orderId === undefined || bears(value, orderId)

  const sent = ({ input, output }: ApiCall): Concern | undefined => {
    const body = field(input, 'MessageBody')
    if (!isBorneBy(body)) return undefined
    const id = field(output, 'MessageId')
    const name = messageIn(body)?.id ?? id
    if (typeof name !== 'string') return { about: [] }
    for (const ticket of [id, field(parse(body), 'taskToken')])
      if (typeof ticket === 'string') tickets.set(ticket, { name, id: String(id) })
    return { about: [name], ...(typeof id === 'string' ? { queued: [id] } : {}) }
  }

  const received = ({ output }: ApiCall): Concern | undefined => {
    const found: Ticket[] = []
    let receive = 0
    for (const { id, handle, body, receive: nth } of receivedIn(output)) {
      const known = tickets.get(id)
      if (known === undefined && !isBorneBy(body)) continue
      const ticket = known ?? { name: messageIn(body)?.id ?? id, id }
      tickets.set(id, ticket)
      tickets.set(handle, ticket)
      found.push(ticket)
      receive = Math.max(receive, nth)
    }
    return found.length === 0 ? undefined : { ...concernOf(found), receive }
  }

  return {
    call(call) {
      if (call.action === 'SendMessage') return sent(call)
      if (call.action === 'ReceiveMessage') return received(call)
      const presented = presentedIn(call.input).flatMap((ticket) => tickets.get(ticket) ?? [])
      if (presented.length === 0 && !isBorneBy(call.input)) return undefined
      const envelopes = listOf(field(call.input, 'Entries')).flatMap(
        (entry) => messageIn(field(entry, 'Detail'))?.id ?? [],
      )
      const payload = messageIn(field(call.input, 'Payload'))?.id ?? []
      return {
        about: [...presented.map(({ name }) => name), ...envelopes, ...[payload].flat()],
        ...(presented.length === 0 ? {} : { queued: presented.map(({ id }) => id) }),
      }
    },
    invocation({ event }) {
      const records = listOf(field(event, 'Records'))
      const found = records.flatMap((record) => {
        const id = String(field(record, 'messageId'))
        return tickets.get(id) ?? (isBorneBy(field(record, 'body')) ? { name: id, id } : [])
      })
      if (found.length > 0) return concernOf(found)
      return isBorneBy(event) ? { about: [messageIn(event)?.id ?? []].flat() } : undefined
    },
    lost: ({ body }) => (isBorneBy(body) ? { about: [messageIn(body)?.id ?? []].flat() } : undefined),
    execution: (name) => orderId === undefined || name === orderId,
  }
}

/** What a ticket stands for: a message by the id of its envelope and by that of SQS. */
interface Ticket {
  readonly name: string
  readonly id: string
}

const concernOf = (tickets: readonly Ticket[]): Concern => ({
  about: tickets.map(({ name }) => name),
  received: tickets.map(({ id }) => id),
  queued: tickets.map(({ id }) => id),
})

/** Whether any text in it names the order. Looked for in place: no call is written out as JSON for it. */
const bears = (value: unknown, orderId: string): boolean => {
  if (typeof value === 'string') return names(value, orderId)
  if (Array.isArray(value)) return value.some((each) => bears(each, orderId))
  return (
    typeof value === 'object' && value !== null && Object.values(value).some((each) => bears(each, orderId))
  )
}

const names = (text: string, orderId: string): boolean => {
  let at = text.indexOf(orderId)
  while (at >= 0) {
    if (!isWord(text[at - 1]) && !isWord(text[at + orderId.length])) return true
    at = text.indexOf(orderId, at + 1)
  }
  return false
}
const isWord = (character: string | undefined): boolean => character !== undefined && /[\w-]/.test(character)

interface Received {
  readonly id: string
  readonly handle: string
  readonly body: unknown
  readonly receive: number
}

/** A mapping's receives are observed as the queue gives them, other callers' in the shape of the SDK. */
const receivedIn = (output: unknown): readonly Received[] =>
  listOf(field(output, 'Messages') ?? output).map((message) => ({
    id: String(field(message, 'messageId') ?? field(message, 'MessageId')),
    handle: String(field(message, 'receiptHandle') ?? field(message, 'ReceiptHandle')),
    body: field(message, 'body') ?? field(message, 'Body'),
    receive: Number(
      field(field(message, 'attributes') ?? field(message, 'Attributes'), 'ApproximateReceiveCount') ?? 0,
    ),
  }))

/** The tickets that a call's input presents. */
const presentedIn = (input: unknown): readonly string[] =>
  [
    field(input, 'taskToken'),
    field(input, 'ReceiptHandle'),
    ...listOf(field(input, 'receiptHandles')),
    ...listOf(field(input, 'Entries')).map((entry) => field(entry, 'ReceiptHandle')),
  ].filter((ticket): ticket is string => typeof ticket === 'string')
