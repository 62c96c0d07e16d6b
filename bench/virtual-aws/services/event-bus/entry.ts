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
    return isRecord(JSON.parse(text))
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

/** What EventBridge adds to an entry. */
export interface Stamp {
  readonly nextId: () => string
  readonly nowMs: number
  readonly region: string
  readonly accountId: string
}

/** The event of an entry that is in order. */
export const eventOf = (entry: Properties, stamp: Stamp): Event => new EntryEvent(entry, stamp)

/** Parsed as a whole only when somebody asks: most rules tell by its source and its detail type, most targets get text. */
class EntryEvent implements Event {
  readonly id: string
  readonly source: string
  readonly detailType: string
  readonly text: string
  #whole: Properties | undefined

  constructor(entry: Properties, { nextId, nowMs, region, accountId }: Stamp) {
    const time = entry['Time']
    const resources = entry['Resources']
    this.id = nextId()
    this.source = String(entry['Source'])
    this.detailType = String(entry['DetailType'])
    const timeText = secondsOf(time instanceof Date ? time.getTime() : nowMs)
    // Written part by part, in a fraction of the time that an object takes. The detail is passed on as it was written.
    this.text =
      `{"version":"0","id":"${this.id}","detail-type":${JSON.stringify(this.detailType)},` +
      `"source":${JSON.stringify(this.source)},"account":"${accountId}","time":"${timeText}","region":"${region}",` +
      `"resources":${Array.isArray(resources) ? JSON.stringify(resources) : '[]'},"detail":${String(entry['Detail'])}}`
  }

  get whole(): Properties {
    this.#whole ??= JSON.parse(this.text) as Properties
    return this.#whole
  }
}

/** A point in time as EventBridge writes it: without milliseconds. What is asked for often is the second that it is. */
export const secondsOf = (ms: number): string => {
  const second = Math.floor(ms / 1000)
  if (second !== lastSecond) {
    lastSecondText = `${new Date(ms).toISOString().slice(0, 19)}Z`
    lastSecond = second
  }
  return lastSecondText
}

let lastSecond = Number.NaN
let lastSecondText = ''
