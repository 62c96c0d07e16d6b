import type { Answer, ReceivedMessage, ServiceCall } from '../../world.ts'
import { startedChunks, utf8Bytes } from '../bytes.ts'
import { isRecord } from '../properties.ts'

/** Each started 64 KB of a request's or an answer's payload is one billed request. */
const requestChunkBytes = 65_536
export const receiveMax = 10

export const billedRequests = (bytes: number): number => startedChunks(bytes, requestChunkBytes)

/** Of the requests that it takes a poller to receive or delete so many messages of so many bytes together. */
export const billedBatches = (bytes: number, messages: number): number =>
  Math.max(billedRequests(bytes), startedChunks(messages, receiveMax))

/** What is billed of a request and its answer, by their payload. */
export const payloadBytes = ({ action, input }: ServiceCall, answer: Answer): number => {
  switch (action) {
    case 'SendMessage':
      return sentBytes(input)
    case 'SendMessageBatch':
      return Array.isArray(input['Entries'])
        ? input['Entries'].reduce((sum: number, entry) => sum + sentBytes(entry), 0)
        : 0
    case 'ReceiveMessage': {
      const messages = answer.ok && isRecord(answer.output) ? answer.output['Messages'] : undefined
      return Array.isArray(messages)
        ? messages.reduce((sum: number, { Body }) => sum + utf8Bytes(Body), 0)
        : 0
    }
    default:
      return 0
  }
}

/** An upper bound is enough as long as it stays within one chunk. */
const sentBytes = (input: unknown): number => {
  const body = isRecord(input) ? input['MessageBody'] : undefined
  if (typeof body !== 'string') return 0
  return body.length * 3 <= requestChunkBytes ? body.length : utf8Bytes(body)
}

export const receivedBytes = (message: ReceivedMessage): number =>
  message.body.length * 3 <= requestChunkBytes / receiveMax ? message.body.length : utf8Bytes(message.body)
