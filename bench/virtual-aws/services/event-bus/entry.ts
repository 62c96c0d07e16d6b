import { utf8Bytes } from '../bytes.ts'
import { isRecord, NotModelled, type Properties } from '../properties.ts'

/** An event as rules and targets see it. */
export interface Event {
  readonly id: string
  readonly source: string
  readonly detailType: string
  /** The whole event, for patterns. */
  readonly whole: Properties
  /** The whole event as JSON, for targets. */
  readonly text: string
}

/** An entry of PutEvents that is in order, or why it is not. */
export type CheckedEntry =
  | {
      readonly ok: true
      readonly source: string
      readonly detailType: string
      readonly detailText: string
      readonly detail: Properties
      readonly resources: readonly unknown[]
      readonly timeMs: number | undefined
    }
  | { readonly ok: false; readonly code: string; readonly message: string }

const known = new Set(['Time', 'Source', 'Resources', 'DetailType', 'Detail', 'EventBusName', 'TraceHeader'])

/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const detailTypeCharsMax = 128

/** Codes and messages: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html */
export const checkEntry = (entry: Properties): CheckedEntry => {
  for (const name of Object.keys(entry))
    if (!known.has(name)) throw new NotModelled(`events PutEvents: ${name} is not modelled`)
  for (const name of ['Source', 'DetailType', 'Detail'])
    if (typeof entry[name] !== 'string' || entry[name] === '')
      return failed(
        'InvalidArgument',
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      )
  const detailType = String(entry['DetailType'])
  if (detailType.length > detailTypeCharsMax)
    return failed(
      'InvalidArgument',
      `Parameter DetailType is not valid. Reason: DetailType must be at most ${detailTypeCharsMax} characters.`,
    )
  const source = String(entry['Source'])
  if (source.startsWith('aws.'))
    return failed('NotAuthorizedForSourceException', 'Not authorized for the source.')
  const detailText = String(entry['Detail'])
  const detail = parsedObject(detailText)
  if (detail === undefined) return failed('MalformedDetail', 'Detail is malformed.')
  const time = entry['Time']
  return {
    ok: true,
    source,
    detailType,
    detailText,
    detail,
    resources: Array.isArray(entry['Resources']) ? entry['Resources'] : [],
    timeMs: time instanceof Date ? time.getTime() : undefined,
  }
}

const failed = (code: string, message: string): CheckedEntry => ({ ok: false, code, message })

const parsedObject = (text: string): Properties | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    // The caller reports it: a malformed detail is an answer, not an error.
    return undefined
  }
}

/**
 * The size that is limited and billed. Source:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html
 */
export const entryBytes = (entry: Properties): number => {
  let bytes = entry['Time'] === undefined ? 0 : 14
  for (const name of ['Source', 'DetailType', 'Detail']) bytes += textBytes(entry[name])
  const resources = entry['Resources']
  if (Array.isArray(resources)) for (const resource of resources) bytes += textBytes(resource)
  return bytes
}

/** A bound that `entryBytes` does not exceed, without a look at the characters. */
export const entryBytesMost = (entry: Properties): number => {
  let units = 5
  for (const name of ['Source', 'DetailType', 'Detail']) units += lengthOf(entry[name])
  const resources = entry['Resources']
  if (Array.isArray(resources)) for (const resource of resources) units += lengthOf(resource)
  return unitBytesMost * units
}

/** Of one UTF-16 unit in UTF-8. */
const unitBytesMost = 3

const lengthOf = (value: unknown): number => (typeof value === 'string' ? value.length : 0)

const textBytes = (value: unknown): number => (typeof value === 'string' ? utf8Bytes(value) : 0)

/** The envelope that EventBridge puts around an entry. The detail is passed on as it was written. */
export const eventOf = (
  entry: CheckedEntry & { readonly ok: true },
  given: {
    readonly id: string
    readonly nowMs: number
    readonly region: string
    readonly accountId: string
  },
): Event => {
  const head = {
    version: '0',
    id: given.id,
    'detail-type': entry.detailType,
    source: entry.source,
    account: given.accountId,
    time: secondsOf(entry.timeMs ?? given.nowMs),
    region: given.region,
    resources: entry.resources,
  }
  return {
    id: given.id,
    source: entry.source,
    detailType: entry.detailType,
    whole: { ...head, detail: entry.detail },
    text: `${JSON.stringify(head).slice(0, -1)},"detail":${entry.detailText}}`,
  }
}

/** A point in time as EventBridge writes it: without milliseconds. */
export const secondsOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`
