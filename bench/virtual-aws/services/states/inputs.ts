import { utf8Bytes } from '../bytes.ts'
import { type JsonObject, payloadBytesMax } from './json.ts'
import { sfnErrors } from './sfn-errors.ts'

/** What a request's ARN may name. */
type ArnKind = 'stateMachine' | 'execution'

const arnForm = /^arn:[\w-]+:states:[\w-]*:\d*:(\w+):.+$/

/** An ARN of that kind, or InvalidArn. */
export const arnIn = (input: JsonObject, field: string, kind: ArnKind): string => {
  const arn = requiredText(input, field)
  const [, found] = arnForm.exec(arn) ?? []
  if (found === undefined) throw sfnErrors.invalidArn(`Invalid ARN prefix: ${arn}`)
  if (found !== kind) throw sfnErrors.invalidArn(`Resource type not valid in this context: ${found}`)
  return arn
}

export const roleArnIn = (input: JsonObject): string | undefined => {
  const arn = input['roleArn']
  if (arn === undefined || arn === null) return undefined
  if (typeof arn !== 'string' || !/^arn:[\w-]+:iam::\d*:role\/.+$/.test(arn))
    throw sfnErrors.invalidArn(String(arn))
  return arn
}

const requiredText = (input: JsonObject, field: string): string => {
  const value = input[field]
  if (typeof value !== 'string') throw sfnErrors.validation(`Value null at '${field}'`, 'must not be null')
  return value
}

/** Text that the API takes as sensitive: a refusal does not repeat it. */
export const textIn = (input: JsonObject, field: string, lengthMax: number): string | null => {
  const value = input[field]
  if (typeof value !== 'string') return null
  if (value.length > lengthMax)
    throw sfnErrors.validation(`Value at '${field}'`, `must have length less than or equal to ${lengthMax}`)
  return value
}

/** Source: API reference of StopExecution and SendTaskFailure (read 2026-11-25). */
export const errorLengthMax = 256
export const causeLengthMax = 32_768

const nameForm = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]+$/u
const nameLengthMax = 80

/**
 * Sources: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html and, of the words for
 * a length, https://github.com/wolfeidau/buildkite-serverless-agent/issues/37 (an answer of AWS; both read 2026-11-25).
 */
export const nameIn = (input: JsonObject, otherwise: () => string): string => {
  const name = input['name'] ?? otherwise()
  if (typeof name !== 'string') throw sfnErrors.invalidName(name)
  if (name.length > nameLengthMax)
    throw sfnErrors.validation(
      `Value '${name}' at 'name'`,
      `must have length less than or equal to ${nameLengthMax}`,
    )
  if (name === '')
    throw sfnErrors.validation("Value '' at 'name'", 'must have length greater than or equal to 1')
  if (!nameForm.test(name)) throw sfnErrors.invalidName(name)
  return name
}

/**
 * JSON of at most 256 KiB in UTF-8, read. The API's own constraint counts characters.
 * Source: `input` in https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html (read
 * 2026-11-25).
 */
export const jsonIn = (input: JsonObject, field: string, refuse: (why: string) => Error): unknown => {
  const text = input[field]
  if (typeof text !== 'string') throw refuse('Expected a string of JSON')
  if (text.length > payloadBytesMax) textIn(input, field, payloadBytesMax)
  if (utf8Bytes(text) > payloadBytesMax) throw refuse(`more than ${payloadBytesMax} bytes`)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw refuse((cause as Error).message)
  }
}

/** A page of what a request lists, and the token of the next one. */
export interface Page {
  readonly from: number
  readonly to: number
  readonly nextToken: string | undefined
}

const pageDefault = 100
const pageMax = 1_000
const tokenPrefix = 'AAAAKgAAAAIAAAAAAAAAA'
const tokenForm = new RegExp(`^${tokenPrefix}([0-9a-z]+)$`)

/** `maxResults` is 100 when it is missing or 0, and at most 1,000; a token that was not given out is InvalidToken. */
export const pageIn = (input: JsonObject, count: number): Page => {
  const { maxResults = 0, nextToken } = input
  const asked = Number(maxResults)
  if (asked > pageMax)
    throw sfnErrors.validation(
      `Value '${asked}' at 'maxResults'`,
      `must have value less than or equal to ${pageMax}`,
    )
  const [, offset] = nextToken == null ? [] : (tokenForm.exec(String(nextToken)) ?? [])
  if (nextToken != null && offset === undefined) throw sfnErrors.invalidToken()
  const from = offset === undefined ? 0 : Number.parseInt(offset, 36)
  const to = Math.min(count, from + (asked === 0 ? pageDefault : asked))
  return { from, to, nextToken: to < count ? `${tokenPrefix}${to.toString(36)}` : undefined }
}
