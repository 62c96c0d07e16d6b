import type { Answer, ServiceCall, World } from '../../world.ts'
import { startedChunks } from '../bytes.ts'
import { isRecord, NotModelled, type Properties } from '../properties.ts'
import { entryBytes, entryBytesMost, failureIn } from './entry.ts'
import { validationException } from './errors.ts'
import { type Event, Events } from './event.ts'

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
const entriesMax = 10
/** Of all entries of a request together. Raised from 256 KB in 2026. */
const requestBytesMax = 1_048_576
/** Each started 64 KB of an entry is one billed event. */
const entryChunkBytes = 65_536

/** The action PutEvents: makes events of the entries that are in order and hands each to its bus. */
export class PutEvents {
  readonly #accept: (busName: string, event: Event) => void
  readonly #events: Events

  constructor(world: World, accept: (busName: string, event: Event) => void) {
    this.#accept = accept
    this.#events = new Events(world)
  }

  act(input: Properties): Properties {
    for (const name in input)
      if (name !== 'Entries' && input[name] !== undefined)
        throw new NotModelled(`events PutEvents: ${name} is not modelled`)
    const entries = entriesOf(input)
    if (entries.length < 1 || entries.length > entriesMax)
      throw validationException(
        `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to ${entriesMax}, and greater than or equal to 1; it has ${entries.length}`,
      )
    const isLarge = entries.some((entry) => entryBytesMost(entry) > requestBytesMax / entriesMax)
    if (isLarge && entries.reduce((sum, entry) => sum + entryBytes(entry), 0) > requestBytesMax)
      throw validationException('Total size of the entries in the request is over the limit.')
    const results = entries.map((entry) => this.#put(entry))
    let failedCount = 0
    for (const result of results) if ('ErrorCode' in result) failedCount += 1
    return { FailedEntryCount: failedCount, Entries: results }
  }

  #put(entry: Properties): object {
    const failure = failureIn(entry)
    if (failure !== undefined) return { ErrorCode: failure.code, ErrorMessage: failure.message }
    const event = this.#events.of(entry)
    this.#accept(busName(entry), event)
    return { EventId: event.id }
  }

  bill(request: ServiceCall, answer: Answer): { readonly meter: 'events.put'; readonly units: number } {
    return { meter: 'events.put', units: answer.ok ? billedPuts(request.input, answer.output) : 0 }
  }
}

/** Only entries that were taken are billed. */
export const billedPuts = (input: Properties, output: unknown): number => {
  const results = isRecord(output) ? output['Entries'] : undefined
  let units = 0
  entriesOf(input).forEach((entry, index) => {
    const taken =
      Array.isArray(results) && isRecord(results[index]) && results[index]['EventId'] !== undefined
    if (taken)
      units +=
        entryBytesMost(entry) <= entryChunkBytes ? 1 : startedChunks(entryBytes(entry), entryChunkBytes)
  })
  return units
}

export const entriesOf = (input: Properties): readonly Properties[] => {
  const entries = input['Entries']
  if (!Array.isArray(entries)) return []
  return entries.every(isRecord) ? entries : entries.filter(isRecord)
}

/** The bus that an entry or a request names. */
export const busName = (input: Properties): string => String(input['EventBusName'] ?? 'default')
