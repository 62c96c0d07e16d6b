import { isRecord, type Properties } from '../properties.ts'
import { md5OfAttributes, md5OfText } from './digest.ts'
import type { Accepted } from './queue.ts'

/**
 * The answer to SendMessage. Its digests, and the metadata of the SDK, are made when somebody reads them: nearly
 * nobody does. As accessors of a class they are in no copy and no JSON of it.
 */
class Sent {
  readonly MessageId: string
  readonly #input: Properties

  constructor(id: string, input: Properties) {
    this.MessageId = id
    this.#input = input
  }

  get MD5OfMessageBody(): string {
    return md5OfText(String(this.#input['MessageBody']))
  }

  get MD5OfMessageAttributes(): string | undefined {
    return digestOf(this.#input['MessageAttributes'])
  }

  get MD5OfMessageSystemAttributes(): string | undefined {
    return digestOf(this.#input['MessageSystemAttributes'])
  }

  get $metadata(): object {
    return {}
  }
}

/** What SendMessage says of a message that a queue took in. */
export const sent = ({ id, sequenceNumber }: Accepted, input: Properties): object =>
  sequenceNumber === undefined
    ? new Sent(id, input)
    : Object.assign(new Sent(id, input), { SequenceNumber: sequenceNumber })

/** The same of an entry of a batch. */
export const sentEntry = (accepted: Accepted, entry: Properties): object =>
  Object.assign(sent(accepted, entry), { Id: entry['Id'] })

const digestOf = (attributes: unknown): string | undefined =>
  isRecord(attributes) && Object.keys(attributes).length > 0 ? md5OfAttributes(attributes) : undefined
