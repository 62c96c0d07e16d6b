import { utf8Bytes } from '../bytes.ts'

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (read 2026-11-22); in bytes as AWS's refusals say them. */
const payloadBytesMax = { RequestResponse: 6_291_456, Event: 1_048_576 } as const

export type InvocationType = keyof typeof payloadBytesMax

/** What crosses the wire of an API call; undefined becomes null. */
export const jsonText = (value: unknown): string => JSON.stringify(value) ?? 'null'

/** Undefined when the payload may be sent; else the words with which AWS refuses it. */
export const payloadRefusal = (text: string, type: InvocationType): string | undefined => {
  const bytesMax = payloadBytesMax[type]
  // A character takes three bytes at most.
  if (text.length * 3 <= bytesMax) return undefined
  const bytes = utf8Bytes(text)
  if (bytes <= bytesMax) return undefined
  return `${bytes} byte payload is too large for the ${type} invocation type (limit ${bytesMax} bytes)`
}

/**
 * What a function may answer to a synchronous invocation: the quota of 6 MB and 100 bytes more, with the name and in
 * the words that integration tests of a runtime on AWS quote (find "6291556" in public code, read 2026-11-25).
 */
const responseBytesMax = 6_291_556

/** Undefined when the answer may be sent; else the words with which Lambda fails the invocation. */
export const responseRefusal = (text: string): string | undefined =>
  text.length * 3 <= responseBytesMax || utf8Bytes(text) <= responseBytesMax
    ? undefined
    : `Response payload size exceeded maximum allowed payload size (${responseBytesMax} bytes).`
