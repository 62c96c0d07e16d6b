import type { World } from '../../world.ts'
import { utf8Bytes } from '../bytes.ts'
import type { Event } from './event.ts'
import type { Pattern } from './pattern/pattern.ts'

/** An archive as a template declares it. */
export interface ArchiveSettings {
  readonly logicalId: string
  readonly arn: string
  readonly busArn: string
  /** Undefined: it takes every event of its bus. */
  readonly pattern: Pattern | undefined
  /** Infinite without a retention. */
  readonly retentionMs: number
}

interface Kept {
  readonly event: Event
  readonly atMs: number
}

/**
 * What a bus puts aside. It meters what it takes; the events themselves it keeps only when the deployment asks for
 * replays, since memory would otherwise grow with the length of every run. AWS may take an event minutes late; this one
 * takes it at once.
 */
export class Archive {
  readonly settings: ArchiveSettings
  readonly #world: World
  readonly #kept: Kept[] | undefined

  constructor(world: World, settings: ArchiveSettings, keepsEvents: boolean) {
    this.settings = settings
    this.#world = world
    this.#kept = keepsEvents ? [] : undefined
  }

  get keepsEvents(): boolean {
    return this.#kept !== undefined
  }

  /** An event that is replayed is not archived again: it is of the bus's own making. */
  offer(event: Event): void {
    const { logicalId, pattern } = this.settings
    if (pattern !== undefined && !pattern.matches(event.whole)) return
    this.#world.observer.metered('events.archive.bytes', logicalId, utf8Bytes(event.text))
    this.#kept?.push({ event, atMs: this.#world.kernel.nowMs })
  }

  /** The events between two times, both included, by the time in the event, that are still retained. */
  between(fromMs: number, toMs: number): readonly { readonly event: Event; readonly timeMs: number }[] {
    const retainedFromMs = this.#world.kernel.nowMs - this.settings.retentionMs
    return (this.#kept ?? [])
      .filter(({ atMs }) => atMs >= retainedFromMs)
      .map(({ event }) => ({ event, timeMs: Date.parse(String(event.whole['time'])) }))
      .filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs)
  }
}
