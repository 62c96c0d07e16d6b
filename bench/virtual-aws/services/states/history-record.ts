import type { HistoryEvent, HistoryEventType } from '@aws-sdk/client-sfn'

/** The line of states that an event belongs to. Its predecessor is the last event of the same line. */
export interface EventLine {
  /** Id of the last event; 0 before the first. */
  lastEvent: number
}

/** The details of an event, in the member and with the fields that the SDK gives them; payloads as `Payload`. */
type Details = Readonly<Partial<Record<keyof HistoryEvent, Readonly<Record<string, unknown>>>>>

/** A payload in the details of an event: told as its JSON, and only to who asks for execution data. */
export class Payload {
  readonly value: unknown

  constructor(value: unknown) {
    this.value = value
  }
}

interface KeptEvent {
  readonly previousEventId: number
  readonly atMs: number
  readonly type: HistoryEventType
  readonly details: Details | undefined
}

const noDetails = { truncated: false } as const

/**
 * The events of one execution, as GetExecutionHistory tells them. Payloads are held, not copied, and written as JSON
 * when somebody asks: they are never changed in place.
 */
export class HistoryRecord {
  readonly #events: KeptEvent[] = []
  readonly #nowMs: () => number

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  get length(): number {
    return this.#events.length
  }

  /** Writes an event after another; returns its id. */
  after(previousEventId: number, type: HistoryEventType, details?: Details): number {
    return this.#events.push({ previousEventId, atMs: this.#nowMs(), type, details })
  }

  /** Writes the next event of a line. */
  next(line: EventLine, type: HistoryEventType, details?: Details): void {
    line.lastEvent = this.after(line.lastEvent, type, details)
  }

  previousOf(id: number): number {
    return this.#events[id - 1]?.previousEventId ?? 0
  }

  all(): readonly HistoryEvent[] {
    return this.#events.map((_, index) => this.view(index + 1, true))
  }

  /** The event with that id, as the SDK gives it. */
  view(id: number, includeData: boolean): HistoryEvent {
    const event = this.#events[id - 1]
    if (event === undefined) throw new Error(`No event ${id} in a history of ${this.length}`)
    const { previousEventId, atMs, type, details = {} } = event
    const shown = Object.entries(details).map(
      ([member, fields]) => [member, viewOf(fields, includeData)] as const,
    )
    return { timestamp: new Date(atMs), type, id, previousEventId, ...Object.fromEntries(shown) }
  }
}

const viewOf = (fields: Readonly<Record<string, unknown>>, includeData: boolean): object => {
  const shown: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Payload) {
      if (includeData) shown[name] = JSON.stringify(value.value)
      shown[`${name}Details`] = noDetails
    } else if (value instanceof Assigned) {
      if (includeData) shown[name] = value.asJson()
      shown[`${name}Details`] = noDetails
    } else if (value !== undefined && value !== null) shown[name] = value
  }
  return shown
}

/** Variables that a state assigned: each one's JSON under its name. */
export class Assigned {
  readonly #variables: Readonly<Record<string, unknown>>

  constructor(variables: Readonly<Record<string, unknown>>) {
    this.#variables = variables
  }

  asJson(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(this.#variables).map(([name, value]) => [name, JSON.stringify(value)]),
    )
  }
}
