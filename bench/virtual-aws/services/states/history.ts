import type { World } from '../../world.ts'
import type { HistoryRecord } from './history-record.ts'
import { jsonBytes } from './json.ts'

/** An execution that comes to this many history events fails. Source: Step Functions quotas (read 2026-11-22). */
export const historyEventsMax = 25_000

export const historyIsFull = `The execution reached the maximum number of history events (${historyEventsMax}).`

/**
 * Bytes of a log line beside the data of its event: ids, timestamps, the execution's ARN and the event's type as
 * CloudWatch Logs gets them. Assumption, counted on a TaskStateEntered line; the data comes on top.
 */
export const logLineBytes = 380

export type LogLevel = 'ALL' | 'ERROR' | 'FATAL' | 'OFF'

export interface Logging {
  readonly level: LogLevel
  readonly includeData: boolean
}

/** Whose lines are metered. */
interface LoggedMachine {
  readonly logicalId: string
  readonly log: Logging
  readonly express?: unknown
}

/** When a log level writes an event. */
export type Severity = 'event' | 'failure' | 'end'

const written: Readonly<Record<LogLevel, readonly Severity[]>> = {
  ALL: ['event', 'failure', 'end'],
  ERROR: ['failure', 'end'],
  FATAL: ['end'],
  OFF: [],
}

/**
 * Counts the events that AWS would write into an execution's history, and meters the log lines of them. The events
 * themselves are kept only of executions that have a record: whoever writes one puts it there as well.
 */
export class History {
  readonly record: HistoryRecord | undefined
  #events = 0
  #unmeteredBytes = 0
  readonly #world: World
  readonly #machine: LoggedMachine
  readonly #written: readonly Severity[]
  readonly #eventsMax: number

  constructor(world: World, machine: LoggedMachine, record?: HistoryRecord) {
    this.#world = world
    this.#machine = machine
    this.record = record
    this.#eventsMax = machine.express === undefined ? historyEventsMax : Number.POSITIVE_INFINITY
    this.#written = written[machine.log.level]
  }

  /** The id of the last event; the first is 1. */
  get events(): number {
    return this.#events
  }

  get isFull(): boolean {
    return this.#events >= this.#eventsMax
  }

  /** Writes one event; `data` is what a log line with execution data would hold. Returns the event's id. */
  write(severity: Severity = 'event', data?: unknown): number {
    this.#events += 1
    if (this.#written.includes(severity)) {
      this.#unmeteredBytes += logLineBytes + (this.#machine.log.includeData ? bytesOf(data) : 0)
    }
    return this.#events
  }

  /** Tells the observer of the log lines since the last time. */
  meter(): void {
    if (this.#unmeteredBytes === 0) return
    this.#world.observer.metered('logs.bytes', this.#machine.logicalId, this.#unmeteredBytes)
    this.#unmeteredBytes = 0
  }
}

const bytesOf = (data: unknown): number => (data === undefined ? 0 : jsonBytes(data))
