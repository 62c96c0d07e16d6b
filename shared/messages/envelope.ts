import { sha256Hex } from '../sha256.ts'
import { type CommandName, type EventName, type MessageName, sourceOf } from './names.ts'
import { type DataOf, events, registry } from './registry.ts'

/** What every message bears: the attributes of CloudEvents 1.0, and the ids that tie a chain together. */
interface EnvelopeOf<Name extends MessageName> {
  readonly specversion: '1.0'
  /** The same whenever the same message is made again: hash of (order, type, cause). */
  readonly id: string
  readonly source: string
  readonly type: Name
  /** ISO 8601. Of an event: when it was recorded. Of a command: when its state was entered. */
  readonly time: string
  /** The order's id. */
  readonly subject: string
  /** Name and version of the schema of `data`, as `OrderCreated/1`. */
  readonly dataschema: string
  /** The order's id: all messages of one order share it. */
  readonly correlationid: string
  /** Id of the message that caused this one; of the very first, the order's id. */
  readonly causationid: string
  readonly data: DataOf<Name>
}

/** A message on the wire; of several names, one of them with its own data. */
export type Envelope<Name extends MessageName = MessageName> = { [N in Name]: EnvelopeOf<N> }[Name]
export type CommandEnvelope<Name extends CommandName = CommandName> = Envelope<Name>
export type EventEnvelope<Name extends EventName = EventName> = Envelope<Name>

/** The id that a message of this type and cause has, whoever makes it and however often: 64 hex digits. */
export const messageId = (orderId: string, type: MessageName, causationId: string): string =>
  sha256Hex(`${orderId}/${type}/${causationId}`)

/** One text for all the messages of a name, however many of them are kept. */
const dataschemas = Object.fromEntries(
  Object.entries(registry).map(([type, { version }]) => [type, `${type}/${version}`]),
) as Readonly<Record<MessageName, string>>

export const dataschemaOf = (type: MessageName): string => dataschemas[type]

export interface MessageFields<Name extends MessageName> {
  readonly type: Name
  readonly orderId: string
  readonly causationId: string
  /** ISO 8601. */
  readonly time: string
  readonly data: DataOf<Name>
}

const envelope = <Name extends MessageName>(fields: MessageFields<Name>, source: string): Envelope<Name> => {
  const made: EnvelopeOf<Name> = {
    specversion: '1.0',
    id: messageId(fields.orderId, fields.type, fields.causationId),
    source,
    type: fields.type,
    time: fields.time,
    subject: fields.orderId,
    dataschema: dataschemaOf(fields.type),
    correlationid: fields.orderId,
    causationid: fields.causationId,
    data: fields.data,
  }
  return made as Envelope<Name>
}

/** Makes a command; `source` is whoever asks. */
export const command = <Name extends CommandName>(
  fields: MessageFields<Name> & { readonly source: string },
): Envelope<Name> => envelope(fields, fields.source)

/** Makes an event; its source is the service that owns it. */
export const event = <Name extends EventName>(fields: MessageFields<Name>): Envelope<Name> =>
  envelope(fields, sourceOf(events[fields.type].owner))
