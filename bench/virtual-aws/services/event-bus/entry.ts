import { parsedJson } from '../../parsed-json.ts'
import { utf8Bytes } from '../bytes.ts'
import { isRecord, NotModelled, type Properties } from '../properties.ts'

/** Why an entry of PutEvents is not in order. */
export interface EntryFailure {
  readonly code: string
  readonly message: string
}

const known = new Set(['Time', 'Source', 'Resources', 'DetailType', 'Detail', 'EventBusName', 'TraceHeader'])

/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const detailTypeCharsMax = 128

/** Codes and messages: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
export const failureIn = (entry: Properties): EntryFailure | undefined => {
  for (const name in entry)
    if (!known.has(name)) throw new NotModelled(`events PutEvents: ${name} is not modelled`)
  for (const name of required)
    if (typeof entry[name] !== 'string' || entry[name] === '')
      return failure(
        'InvalidArgument',
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      )
  if (String(entry['DetailType']).length > detailTypeCharsMax)
    return failure(
      'InvalidArgument',
      `Parameter DetailType is not valid. Reason: DetailType must be at most ${detailTypeCharsMax} characters.`,
    )
  if (String(entry['Source']).startsWith('aws.'))
    return failure('NotAuthorizedForSourceException', 'Not authorized for the source.')
  return isObjectText(String(entry['Detail']))
    ? undefined
    : failure('MalformedDetail', 'Detail is malformed.')
}

const required = ['Source', 'DetailType', 'Detail']

const failure = (code: string, message: string): EntryFailure => ({ code, message })

const isObjectText = (text: string): boolean => {
  try {
    return isRecord(parsedJson(text))
  } catch {
    // The caller reports it: a malformed detail is an answer, not an error.
    return false
  }
}

/**
 * The size that is limited and billed. Source:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
 */
export const entryBytes = (entry: Properties): number => {
  let bytes = entry['Time'] === undefined ? 0 : 14
  for (const name of required) bytes += textBytes(entry[name])
  const resources = entry['Resources']
  if (Array.isArray(resources)) for (const resource of resources) bytes += textBytes(resource)
  return bytes
}

/** A bound that `entryBytes` does not exceed, without a look at the characters. */
export const entryBytesMost = (entry: Properties): number => {
  let units = 5
  for (const name of required) units += lengthOf(entry[name])
  const resources = entry['Resources']
  if (Array.isArray(resources)) for (const resource of resources) units += lengthOf(resource)
  return unitBytesMost * units
}

/** Of one UTF-16 unit in UTF-8. */
const unitBytesMost = 3

const lengthOf = (value: unknown): number => (typeof value === 'string' ? value.length : 0)

const textBytes = (value: unknown): number => (typeof value === 'string' ? utf8Bytes(value) : 0)
