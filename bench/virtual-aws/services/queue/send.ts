import { utf8Bytes } from '../bytes.ts'
import { isRecord, NotModelled, type Properties } from '../properties.ts'
import { invalidParameter, messageTooLong, missingParameter, outOfRange } from './errors.ts'
import type { MessageAttributes } from './message.ts'

/**
 * The largest message, and the largest batch of them, attributes included. AWS raised it from 256 KiB in August
 * 2025. Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const messageBytesMax = 1_048_576
const attributesMax = 10

/** A message that a request asks to send, checked. */
export interface SendRequest {
  readonly body: string
  readonly attributes: MessageAttributes | undefined
  readonly bytes: number
  /** Undefined: the queue's own delay. */
  readonly delayMs: number | undefined
}

const known = new Set(['QueueUrl', 'Id', 'MessageBody', 'DelaySeconds', 'MessageAttributes'])

/** Reads a SendMessage, or an entry of a batch; throws what SQS answers. */
export const readSend = (input: Properties): SendRequest => {
  for (const name of Object.keys(input))
    if (!known.has(name) && input[name] !== undefined)
      throw new NotModelled(`sqs SendMessage: ${name} is not modelled`)
  const body = input['MessageBody']
  if (typeof body !== 'string' || body === '') throw missingParameter('MessageBody')
  const delay = input['DelaySeconds']
  if (delay !== undefined && !isWholeBetween(delay, 0, 900)) throw outOfRange('DelaySeconds', delay, 0, 900)
  const attributes = input['MessageAttributes']
  const bytes = utf8Bytes(body) + (isRecord(attributes) ? attributeBytes(attributes) : 0)
  if (bytes > messageBytesMax) throw messageTooLong(messageBytesMax)
  return {
    body,
    attributes: isRecord(attributes) ? attributes : undefined,
    bytes,
    delayMs: delay === undefined ? undefined : delay * 1000,
  }
}

export const isWholeBetween = (value: unknown, from: number, to: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to

/** An attribute counts with its name, its type and its value. */
const attributeBytes = (attributes: Properties): number => {
  const entries = Object.entries(attributes)
  if (entries.length > attributesMax)
    throw invalidParameter(
      `Number of message attributes [${entries.length}] exceeds the allowed maximum [${attributesMax}].`,
    )
  let bytes = 0
  for (const [name, value] of entries) {
    if (!isRecord(value) || typeof value['DataType'] !== 'string')
      throw invalidParameter(
        `The message attribute '${name}' must contain a non-empty message attribute value.`,
      )
    const text = value['StringValue']
    if (typeof text !== 'string')
      throw new NotModelled(`sqs SendMessage: attribute ${name} of type ${value['DataType']} is not modelled`)
    bytes += utf8Bytes(name) + utf8Bytes(value['DataType']) + utf8Bytes(text)
  }
  return bytes
}
