import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runAsl } from '../../asl.ts'
import {
  familyOf,
  hasRedactedTime,
  hidesTime,
  nameOf,
  type Recorded,
  readDefinition,
  readLines,
  readsItems,
  recordedFolder,
  tableOf,
  updateSection,
} from './recorded.testing.ts'

const folder = recordedFolder()

/** Recorded histories that a replay cannot repeat, each with its reason. */
const exceptions = JSON.parse(
  readFileSync(new URL('./history-conformance.exceptions.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, string>>

interface Event {
  readonly id: number
  readonly type: string
  readonly previousEventId: number
  readonly [member: string]: unknown
}

const recordedEvents = ({ historyFile }: Recorded): readonly Event[] => {
  const read = JSON.parse(readFileSync(join(String(folder), String(historyFile)), 'utf8')) as
    | readonly Event[]
    | { readonly events: readonly Event[] }
  return 'events' in read ? read.events : (read as readonly Event[])
}

/** Words that stand in the recordings for what differs from run to run. */
const redacted =
  /<[^>]+>|1{12}|^"?(date|timestamp|start-date|stop-date|execution-arn|\w+_arn|RequestId|[Xx]-[Aa]mzn?-.*|lambda_.*)"?$/

/** Where ours is another than AWS's, but for what is redacted; undefined when it is the same. */
const difference = (recorded: unknown, ours: unknown, at: string): string | undefined => {
  if (typeof recorded === 'string' && redacted.test(recorded)) return undefined
  if (!isContainer(recorded) || !isContainer(ours)) {
    return recorded === ours ? undefined : `${at}: ${JSON.stringify(recorded)} is ${JSON.stringify(ours)}`
  }
  for (const key of new Set([...Object.keys(recorded), ...Object.keys(ours)])) {
    const found = difference(recorded[key], ours[key], `${at}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** A payload is told as JSON; the recordings have it read where it is an object. */
const read = (value: unknown): unknown => {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return isContainer(value) ? readAll(value) : value
  try {
    return readAll(JSON.parse(value))
  } catch {
    return value
  }
}

const readAll = (value: unknown): unknown => {
  if (value instanceof Date) return 'timestamp'
  if (Array.isArray(value)) return value.map(read)
  if (!isContainer(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, read(inner)]))
}

/** What the call answered before a token was waited for is no outcome of the task, so that a replay is not told. */
const isGiven = ({ type }: Event): boolean => type !== 'TaskSubmitted'

/** AWS began to write it later than some of the rows were recorded, the first of them on 2023-11-15. */
const withoutNewer = (event: Event): unknown =>
  read(JSON.parse(JSON.stringify(event).replaceAll(/,?\\*"RedriveCount\\*":0/g, '')))

/**
 * From November 2024 on a Map state's exit was recorded to come after the start of its Map Run, before that after the
 * run's end. Ours follows the later recordings.
 */
const causeOf = (event: Event, events: readonly Event[]): number => {
  const cause = events[event.previousEventId - 1]
  const isOlder = event.type === 'MapStateExited' && cause?.type === 'MapRunSucceeded'
  return isOlder ? cause.previousEventId : event.previousEventId
}

const skeletonOf = (events: readonly Event[]): readonly string[] =>
  events.map((event) => `${event.id} ${event.type} after ${causeOf(event, events)}`)

interface Verdict {
  /** Why types, order or causes are others. */
  readonly order: string | undefined
  readonly details: string | undefined
}

const verdictOf = async (row: Recorded): Promise<Verdict> => {
  const recorded = recordedEvents(row)
  const { input, type, taskOutcomes } = row
  try {
    const definition = readDefinition(String(folder), row.definitionFile)
    const { history = [] } = await runAsl({ definition, input, type, taskOutcomes, withHistory: true })
    const ours = history as unknown as readonly Event[]
    expect(skeletonOf(ours)).toEqual(skeletonOf(recorded))
    const details = recorded
      .map((event, index) => {
        const mine = ours[index]
        if (mine === undefined || !isGiven(event)) return undefined
        const kept = { ...event, previousEventId: 0 }
        return difference(withoutNewer(kept), withoutNewer({ ...mine, previousEventId: 0 }), event.type)
      })
      .find((found) => found !== undefined)
    return { order: undefined, details }
  } catch (error) {
    return { order: String((error as Error).message).slice(0, 1000), details: undefined }
  }
}

const titles = {
  histories: 'histories',
  order: 'events, order and causes hold',
  details: 'details hold too',
  undetermined: 'details that differ from run to run',
  excepted: 'listed exceptions',
  hidden: 'times that the recording hides',
  reading: 'items from an ItemReader',
}

type Tally = Record<keyof typeof titles, number>

const noTally = (): Tally => ({
  histories: 0,
  order: 0,
  details: 0,
  undetermined: 0,
  excepted: 0,
  hidden: 0,
  reading: 0,
})

/** Counts a row under what it came to; gives what is wrong with it. */
const judge = (row: Recorded, tally: Tally, { order, details }: Verdict): string | undefined => {
  const isException = Object.hasOwn(exceptions, nameOf(row))
  tally.histories += 1
  if (order !== undefined) {
    if (isException) tally.excepted += 1
    else if (hidesTime(String(folder), row)) tally.hidden += 1
    else if (readsItems(String(folder), row)) tally.reading += 1
    else return `${nameOf(row)}: ${order}`
    return undefined
  }
  tally.order += 1
  if (isException) return `${nameOf(row)} holds and is listed as an exception`
  if (details === undefined) tally.details += 1
  else if (row.nondeterministic || hasRedactedTime(row)) tally.undetermined += 1
  else return `${nameOf(row)}: ${details}`
  return undefined
}

describe.skipIf(folder === undefined)('The history that AWS told', () => {
  it('is the history that is recorded here, event for event, but for the listed exceptions', async () => {
    const rows = readLines<Recorded>(String(folder), 'executions.jsonl')
    const tallies = new Map<string, Tally>()
    const wrong: (string | undefined)[] = []
    for (const row of rows.filter(({ historyFile }) => historyFile != null)) {
      const tally = tallies.get(familyOf(row)) ?? noTally()
      tallies.set(familyOf(row), tally)
      wrong.push(judge(row, tally, await verdictOf(row)))
    }
    expect(wrong.filter((why) => why !== undefined)).toEqual([])
    updateSection('recorded histories', tableOf(titles, tallies, exceptions))
  }, 120_000)
})
