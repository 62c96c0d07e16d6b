import type { ReceivedMessage } from '../../world.ts'
import { utf8Bytes } from '../bytes.ts'
import { sqsRecord } from './sqs-event.ts'

/** Of a batch as JSON: the quota of a synchronous payload. Source: https://docs.aws.amazon.com/lambda/latest/dg/API_EventSourceMappingConfiguration.html (read 2026-11-25). */
export const batchBytesMax = 6_291_456
/** `{"Records":[]}` */
export const emptyBatchBytes = 14

/** Most that a record takes beside its body, without attributes of the sender, and that a character of the body takes. */
const recordBytesMax = 2048
const characterBytesMax = 6

/** True for all but very large batches, and cheap to tell; false leaves it to be counted. */
export const surelyFits = (messages: readonly ReceivedMessage[]): boolean => {
  let bytes = emptyBatchBytes
  for (const { body, messageAttributes } of messages) {
    bytes += recordBytesMax + body.length * characterBytesMax
    for (const _ in messageAttributes) return false
  }
  return bytes <= batchBytesMax
}

/** What a record adds to a batch, with its comma. */
export const recordBytes = (message: ReceivedMessage, queueArn: string, region: string): number =>
  utf8Bytes(JSON.stringify(sqsRecord(message, queueArn, region))) + 1

/** The messages in their order, in as few batches as the payload allows. */
export const batchesOf = (
  messages: readonly ReceivedMessage[],
  queueArn: string,
  region: string,
): readonly (readonly ReceivedMessage[])[] => {
  const batches: ReceivedMessage[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const message of messages) {
    const added = recordBytes(message, queueArn, region)
    if (bytes + added > batchBytesMax) {
      batches.push([])
      bytes = emptyBatchBytes
    }
    batches.at(-1)?.push(message)
    bytes += added
  }
  return batches
}
