import type { Kernel } from '../../kernel.ts'
import type { World } from '../../world.ts'
import { utf8Bytes } from '../bytes.ts'
import { countedIds } from '../identifiers.ts'
import type { Properties } from '../properties.ts'
import { isoSecond } from '../written-times.ts'

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

const eventIdSeries = 0xeb00_0001
/** Pairs of a source and a detail type that are remembered; a run has a handful. */
const pairsMax = 1000

/**
 * Makes events of entries. All but the id, the time and the detail of an event is the same for its source and its
 * detail type, unless it has resources: that is written once for each such pair.
 *
 *     {"version":"0","id":"…","detail-type":"…","source":"…","account":"…","time":"…","region":"…","resources":[],"detail":{…}}
 *                          └─────────────────── of the pair ──────────────────┘    └────────── of all ──────────┘
 */
export class Events {
  readonly #kernel: Kernel
  readonly #region: string
  readonly #accountId: string
  readonly #nextId = countedIds(eventIdSeries)
  /** By detail type, of which nearly each has one source. */
  readonly #ofPairs = new Map<string, { readonly source: string; readonly text: string }>()
  readonly #ofAll: string

  constructor({ kernel, region, accountId }: World) {
    this.#kernel = kernel
    this.#region = region
    this.#accountId = accountId
    this.#ofAll = this.#withResources([])
  }

  /** The event of an entry that is in order. The detail is passed on as it was written. */
  of(entry: Properties): Event {
    const { Time, Resources } = entry
    const source = String(entry['Source'])
    const detailType = String(entry['DetailType'])
    const id = this.#nextId()
    const pair = this.#ofPair(source, detailType)
    const time = secondsOf(Time instanceof Date ? Time.getTime() : this.#kernel.nowMs)
    const rest = Array.isArray(Resources) ? this.#withResources(Resources) : this.#ofAll
    const text = textOf(id, pair, time, rest, entry)
    return new EntryEvent(id, source, detailType, text)
  }

  #ofPair(source: string, detailType: string): string {
    const known = this.#ofPairs.get(detailType)
    if (known?.source === source) return known.text
    const text = textOfPair(source, detailType, this.#accountId)
    if (this.#ofPairs.size === pairsMax) this.#ofPairs.clear()
    this.#ofPairs.set(detailType, { source, text })
    return text
  }

  #withResources(resources: readonly unknown[]): string {
    return textOfResources(this.#region, resources)
  }
}

const textOf = (id: string, pair: string, time: string, rest: string, entry: Properties): string =>
  `{"version":"0","id":"${id}${pair}${time}${rest}${String(entry['Detail'])}}`

const textOfPair = (source: string, detailType: string, accountId: string): string =>
  `","detail-type":${JSON.stringify(detailType)},"source":${JSON.stringify(source)},"account":"${accountId}","time":"`

const textOfResources = (region: string, resources: readonly unknown[]): string =>
  `","region":"${region}","resources":${JSON.stringify(resources)},"detail":`

/** Bytes of the event that an entry became, for who has not seen it: ids, accounts and times are all equally long. */
export const eventBytes = (entry: Properties, region: string): number => {
  const { Source, DetailType, Resources } = entry
  const pair = textOfPair(String(Source), String(DetailType), anyAccount)
  const rest = textOfResources(region, Array.isArray(Resources) ? Resources : [])
  return utf8Bytes(textOf(anyId, pair, anyTime, rest, entry))
}

const anyId = '00000000-0000-0000-0000-000000000000'
const anyAccount = '000000000000'
const anyTime = '2026-01-05T00:00:00Z'

/** Parsed as a whole only when somebody asks: most rules tell by its source and its detail type, most targets get text. */
class EntryEvent implements Event {
  readonly id: string
  readonly source: string
  readonly detailType: string
  readonly text: string
  #whole: Properties | undefined

  constructor(id: string, source: string, detailType: string, text: string) {
    this.id = id
    this.source = source
    this.detailType = detailType
    this.text = text
  }

  get whole(): Properties {
    this.#whole ??= JSON.parse(this.text) as Properties
    return this.#whole
  }
}

/** A point in time as EventBridge writes it: without milliseconds. */
export const secondsOf = (ms: number): string => `${isoSecond(ms)}Z`
