import type { World } from '../../world.ts'
import { startedChunks, utf8Bytes } from '../bytes.ts'
import type { Archive } from './archive.ts'
import { illegalStatus } from './errors.ts'
import type { Event } from './event.ts'

/** What StartReplay asked for. */
export interface ReplayOrder {
  readonly name: string
  readonly arn: string
  readonly description: string | undefined
  readonly archive: Archive
  readonly startMs: number
  readonly endMs: number
  readonly filterArns: readonly string[] | undefined
}

type State = 'STARTING' | 'RUNNING' | 'CANCELLING' | 'COMPLETED' | 'CANCELLED'

const minuteMs = 60_000
/** Replayed events are billed as published ones are. */
const chunkBytes = 65_536
/**
 * From StartReplay to its first event, and from one minute of events to the next. AWS publishes neither: the figures
 * are assumptions. Effect on results: how long a replay takes.
 */
const startingMs = 1000
const betweenMinutesMs = 1000

/**
 * Hands archived events to the bus again, a minute of them after the other by the time in the event, within the minute
 * in no order. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html (read
 * 2026-11-25).
 */
export class Replay {
  readonly order: ReplayOrder
  readonly #world: World
  readonly #hand: (event: Event) => void
  readonly #startedMs: number
  #state: State = 'STARTING'
  #lastEventMs: number | undefined
  #endedMs: number | undefined

  constructor(world: World, order: ReplayOrder, hand: (event: Event) => void) {
    this.order = order
    this.#world = world
    this.#hand = hand
    this.#startedMs = world.kernel.nowMs
    world.kernel.after(startingMs, () => this.#run())
  }

  get isActive(): boolean {
    return this.#endedMs === undefined
  }

  cancel(): void {
    if (this.#state !== 'STARTING' && this.#state !== 'RUNNING')
      throw illegalStatus(`Replay ${this.order.name} is not in a valid state for this operation.`)
    this.#state = 'CANCELLING'
  }

  /** State, and in a description the rest, as the SDK's shapes have it. */
  answer(): { readonly ReplayArn: string; readonly State: State } {
    return { ReplayArn: this.order.arn, State: this.#state }
  }

  get startedAt(): Date {
    return new Date(this.#startedMs)
  }

  described(): Readonly<Record<string, unknown>> {
    const { name, description, archive, startMs, endMs, filterArns } = this.order
    return {
      ReplayName: name,
      ...this.answer(),
      ...(description === undefined ? {} : { Description: description }),
      EventSourceArn: archive.settings.arn,
      Destination: {
        Arn: archive.settings.busArn,
        ...(filterArns === undefined ? {} : { FilterArns: filterArns }),
      },
      EventStartTime: new Date(startMs),
      EventEndTime: new Date(endMs),
      ...(this.#lastEventMs === undefined ? {} : { EventLastReplayedTime: new Date(this.#lastEventMs) }),
      ReplayStartTime: this.startedAt,
      ...(this.#endedMs === undefined ? {} : { ReplayEndTime: new Date(this.#endedMs) }),
    }
  }

  #run(): void {
    const { archive, startMs, endMs } = this.order
    const minutes = new Map<number, { readonly event: Event; readonly timeMs: number }[]>()
    for (const kept of archive.between(startMs, endMs)) {
      const minute = Math.floor((kept.timeMs - startMs) / minuteMs)
      const events = minutes.get(minute)
      if (events === undefined) minutes.set(minute, [kept])
      else events.push(kept)
    }
    if (this.#state === 'STARTING') this.#state = 'RUNNING'
    this.#replay([...minutes].sort(([a], [b]) => a - b).map(([, events]) => events))
  }

  #replay(minutes: readonly (readonly { readonly event: Event; readonly timeMs: number }[])[]): void {
    const [minute, ...later] = minutes
    if (this.#state === 'CANCELLING' || minute === undefined) {
      this.#state = this.#state === 'CANCELLING' ? 'CANCELLED' : 'COMPLETED'
      this.#endedMs = this.#world.kernel.nowMs
      return
    }
    const random = this.#world.random('events/replay')
    const shuffled = minute.map((kept) => ({ kept, draw: random.next() })).sort((a, b) => a.draw - b.draw)
    for (const { kept } of shuffled) {
      const event = replayed(kept.event, this.order.name)
      const units = startedChunks(utf8Bytes(event.text), chunkBytes)
      this.#world.observer.metered('events.replay', this.order.archive.settings.logicalId, units)
      this.#hand(event)
      this.#lastEventMs = kept.timeMs
    }
    this.#world.kernel.after(betweenMinutesMs, () => this.#replay(later))
  }
}

/** An event that is replayed says so, and is the same otherwise. */
const replayed = (event: Event, name: string): Event => ({
  ...event,
  whole: { ...event.whole, 'replay-name': name },
  text: `${event.text.slice(0, -1)},"replay-name":${JSON.stringify(name)}}`,
})
