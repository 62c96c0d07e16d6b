import type { ReceivedMessage } from '../../world.ts'
import { utf8Bytes } from '../bytes.ts'
import { isRecord, type Properties } from '../properties.ts'
import { type BatchOutput, batchEntries, eachEntry } from './batch.ts'
import { md5OfAttributes, md5OfText } from './digest.ts'
import {
  batchTooLong,
  handleExpired,
  invalidParameter,
  messageNotInflight,
  missingParameter,
  noLongerThere,
  outOfRange,
  receiptHandleIsInvalid,
} from './errors.ts'
import { attributeBytes } from './message-attributes.ts'
import type { HandleRefusal, Queue } from './queue.ts'
import { delayOf, isWholeBetween, readMessage, type Stamp } from './send.ts'
import { sent, sentEntry } from './sent.ts'
import { messageBytesMax } from './settings.ts'

/** What the actions on messages take and give, in the shapes of the SDK. */

export const sendMessage = (queue: Queue, input: Properties, stamp: Stamp): object => {
  const delayMs = delayOf(input, queue.settings)
  return sent(queue.send(readMessage(input, queue.settings, stamp), delayMs), input)
}

export const sendMessageBatch = (queue: Queue, input: Properties, stamp: Stamp): BatchOutput => {
  const entries = batchEntries(input, 'SendMessageBatch')
  const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0)
  if (bytes > messageBytesMax) throw batchTooLong(messageBytesMax, bytes)
  return eachEntry(entries, (entry) => {
    const delayMs = delayOf(entry, queue.settings)
    return sentEntry(queue.send(readMessage(entry, queue.settings, stamp), delayMs), entry)
  })
}

export const deleteMessage = (queue: Queue, input: Properties): object => {
  const handle = input['ReceiptHandle']
  if (handle === undefined) throw missingParameter('ReceiptHandle')
  const refusal = queue.remove(handle)
  if (refusal !== undefined) throw refusalOf(refusal, String(handle), 0)
  return {}
}

export const deleteMessageBatch = (queue: Queue, input: Properties): BatchOutput =>
  eachEntry(batchEntries(input, 'DeleteMessageBatch'), (entry) => {
    deleteMessage(queue, entry)
    return { Id: entry['Id'] }
  })

export const changeVisibility = (queue: Queue, input: Properties): object => {
  const handle = input['ReceiptHandle']
  if (handle === undefined) throw missingParameter('ReceiptHandle')
  const seconds = input['VisibilityTimeout']
  if (seconds === undefined) throw missingParameter('VisibilityTimeout')
  if (!isWholeBetween(seconds, 0, 43_200)) throw outOfRange('VisibilityTimeout', seconds, 0, 43_200)
  const refusal = queue.changeVisibility(handle, seconds * 1000)
  if (refusal !== undefined) throw refusalOf(refusal, String(handle), seconds)
  return {}
}

export const changeVisibilityBatch = (queue: Queue, input: Properties): BatchOutput =>
  eachEntry(batchEntries(input, 'ChangeMessageVisibilityBatch'), (entry) => {
    changeVisibility(queue, entry)
    return { Id: entry['Id'] }
  })

const refusalOf = (refusal: HandleRefusal, handle: string, seconds: number): Error => {
  switch (refusal) {
    case 'not a handle':
      return receiptHandleIsInvalid(handle)
    case 'not there':
      return noLongerThere(handle)
    case 'not in flight':
      return messageNotInflight()
    case 'expired':
      return handleExpired(handle)
    case 'beyond the limit':
      return invalidParameter(
        `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds].`,
      )
  }
}

const entryBytes = ({ MessageBody, MessageAttributes }: Properties): number =>
  utf8Bytes(typeof MessageBody === 'string' ? MessageBody : '') +
  (isRecord(MessageAttributes) ? attributeBytes(MessageAttributes) : 0)

export const inSdkShape = (message: ReceivedMessage, input: Properties): object => {
  const attributes = chosen(
    message.attributes,
    input['MessageSystemAttributeNames'] ?? input['AttributeNames'],
  )
  const messageAttributes = chosen(message.messageAttributes, input['MessageAttributeNames'])
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    /** Made when somebody reads it. */
    get MD5OfBody(): string {
      return md5OfText(message.body)
    },
    Body: message.body,
    ...(Object.keys(attributes).length > 0 && { Attributes: attributes }),
    ...(Object.keys(messageAttributes).length > 0 && {
      MD5OfMessageAttributes: md5OfAttributes(messageAttributes),
      MessageAttributes: messageAttributes,
    }),
  }
}

/** Only what is asked for by name; `All` and `.*` ask for everything, `bar.*` for all names that begin so. */
const chosen = (all: Properties, names: unknown): Properties => {
  if (!Array.isArray(names)) return {}
  if (names.includes('All') || names.includes('.*')) return all
  const prefixes = names.flatMap((name) =>
    typeof name === 'string' && name.endsWith('.*') ? [name.slice(0, -1)] : [],
  )
  return Object.fromEntries(
    Object.entries(all).filter(
      ([name]) => names.includes(name) || prefixes.some((prefix) => name.startsWith(prefix)),
    ),
  )
}
