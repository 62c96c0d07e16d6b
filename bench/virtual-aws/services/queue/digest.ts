import { md5 } from '@noble/hashes/legacy.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { isRecord } from '../properties.ts'
import type { MessageAttributes } from './message.ts'

/** What the SDK's own clients compare with a body that they sent or got. */
export const md5OfText = (text: string): string => bytesToHex(md5(utf8ToBytes(text)))

/**
 * By name: length and bytes of name and type, one byte that tells text (1) from binary (2), length and bytes of the
 * value. Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html,
 * "Calculating the MD5 message digest for message attributes" (read 2026-11-25).
 */
export const md5OfAttributes = (attributes: MessageAttributes): string => {
  const hash = md5.create()
  const part = (bytes: Uint8Array): void => {
    const length = new Uint8Array(4)
    new DataView(length.buffer).setUint32(0, bytes.length)
    hash.update(length).update(bytes)
  }
  for (const name of Object.keys(attributes).toSorted()) {
    const attribute = attributes[name]
    if (!isRecord(attribute)) continue
    const { DataType, StringValue, BinaryValue } = attribute
    part(utf8ToBytes(name))
    part(utf8ToBytes(String(DataType)))
    const isBinary = BinaryValue instanceof Uint8Array
    hash.update(Uint8Array.of(isBinary ? 2 : 1))
    part(isBinary ? BinaryValue : utf8ToBytes(String(StringValue)))
  }
  return bytesToHex(hash.digest())
}
