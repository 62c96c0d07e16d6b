import { sha256Hex } from '../../sha256.ts'
import { isRecord, NotModelled, type Properties } from '../properties.ts'
import { isToken, messageTextBytes } from './characters.ts'
import {
  invalidContents,
  invalidParameter,
  messageTooLong,
  missingParameter,
  notAToken,
  notForThisKind,
  outOfRange,
} from './errors.ts'
import type { NewMessage, SystemAttributes } from './message.ts'
import { attributeBytes, checkAttributes } from './message-attributes.ts'
import type { QueueSettings } from './settings.ts'

const known = new Set([
  'QueueUrl',
  'Id',
  'MessageBody',
  'DelaySeconds',
  'MessageAttributes',
  'MessageSystemAttributes',
  'MessageGroupId',
  'MessageDeduplicationId',
])

/** Gives a message its id, once it is known to be in order. */
export interface Stamp {
  readonly nextId: () => string
  readonly nowMs: number
}

/** Reads the message of a SendMessage, or of an entry of a batch, for a queue; throws what SQS answers. */
export const readMessage = (input: Properties, settings: QueueSettings, stamp: Stamp): NewMessage => {
  for (const name in input)
    if (!known.has(name) && input[name] !== undefined)
      throw new NotModelled(`sqs SendMessage: ${name} is not modelled`)
  const body = input['MessageBody']
  if (typeof body !== 'string' || body === '') throw missingParameter('MessageBody')
  const bodyBytes = messageTextBytes(body)
  if (bodyBytes === undefined) throw invalidContents()
  const attributes = isRecord(input['MessageAttributes']) ? input['MessageAttributes'] : undefined
  if (attributes !== undefined) checkAttributes(attributes)
  const bytes = bodyBytes + (attributes === undefined ? 0 : attributeBytes(attributes))
  if (bytes > settings.messageBytesMax) throw messageTooLong(settings.messageBytesMax)
  const ids = settings.fifo === undefined ? undefined : fifoIds(input, body, settings.fifo)
  const system = systemOf(input, settings.fifo !== undefined)
  const message = { id: stamp.nextId(), body, attributes, system, sentMs: stamp.nowMs }
  return ids === undefined ? message : { ...message, ...ids }
}

/**
 * The delay that a message asks for; undefined: the queue's own. A FIFO queue takes none but 0, which means the same.
 * Source: API_SendMessage.html, DelaySeconds; that 0 is taken: https://github.com/localstack/localstack/issues/6612,
 * that it is ignored: https://github.com/localstack/localstack/pull/12941 (read 2026-11-25).
 */
export const delayOf = (input: Properties, settings: QueueSettings): number | undefined => {
  const delay = input['DelaySeconds']
  if (delay === undefined) return undefined
  if (!isWholeBetween(delay, 0, 900)) throw outOfRange('DelaySeconds', delay, 0, 900)
  if (settings.fifo === undefined) return delay * 1000
  if (delay !== 0) throw notForThisKind('DelaySeconds', delay)
  return undefined
}

export const isWholeBetween = (value: unknown, from: number, to: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to

const fifoIds = (
  input: Properties,
  body: string,
  { contentBasedDeduplication }: NonNullable<QueueSettings['fifo']>,
): { readonly groupId: string; readonly deduplicationId: string } => {
  const groupId = tokenOf(input, 'MessageGroupId')
  if (groupId === undefined) throw missingParameter('MessageGroupId')
  const given = tokenOf(input, 'MessageDeduplicationId')
  if (given !== undefined) return { groupId, deduplicationId: given }
  if (!contentBasedDeduplication)
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    )
  return { groupId, deduplicationId: sha256Hex(body) }
}

/** In a standard queue a message group stands for a tenant of a fair queue. */
const systemOf = (input: Properties, isFifo: boolean): SystemAttributes | undefined => {
  const trace = traceHeader(input['MessageSystemAttributes'])
  if (isFifo) return trace
  if (input['MessageDeduplicationId'] !== undefined)
    throw notForThisKind('MessageDeduplicationId', input['MessageDeduplicationId'])
  const groupId = tokenOf(input, 'MessageGroupId')
  return groupId === undefined ? trace : { ...trace, MessageGroupId: groupId }
}

const traceHeader = (given: unknown): SystemAttributes | undefined => {
  if (!isRecord(given)) return undefined
  for (const name of Object.keys(given))
    if (name !== 'AWSTraceHeader')
      throw invalidParameter(`Message system attribute name '${name}' is invalid.`)
  const header = given['AWSTraceHeader']
  if (header === undefined) return undefined
  const { DataType, StringValue } = isRecord(header) ? header : {}
  if (DataType !== 'String' || typeof StringValue !== 'string' || StringValue === '')
    throw invalidParameter(
      "Message (system) attribute 'AWSTraceHeader' must contain a non-empty value of type 'String'.",
    )
  return { AWSTraceHeader: StringValue }
}

const tokenOf = (input: Properties, name: string): string | undefined => {
  const value = input[name]
  if (value === undefined) return undefined
  if (typeof value !== 'string' || !isToken(value)) throw notAToken(name)
  return value
}
