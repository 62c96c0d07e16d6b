import { counted, span } from '../report/format.ts'
import type { TimelineEntry } from '../results.ts'
import type { TraceEntry } from '../trace.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import { foldRepeats, type Step } from './repeats.ts'
import { reasonsOf, waitFromMs } from './waits.ts'

/** What happened to one order in one contestant. */
export interface Story {
  readonly entries: readonly TraceEntry[]
  readonly intendedMs: number
  /** When a stuck order is given up: nothing is looked at after it. */
  readonly givenUpMs?: number
  readonly template: Template
}

/** Names of the entries that are nobody's deed. */
export const nobodys = { wait: 'wait', leftOut: 'left out' } as const

/** The story as entries: what repeats is told once, and what is waited for is told as well. Times from the intended start. */
export const timelineOf = ({ entries, intendedMs, givenUpMs, template }: Story): readonly TimelineEntry[] => {
  const ordered = entries.toSorted((a, b) => a.startedMs - b.startedMs || rankOf(a) - rankOf(b))
  let coveredMs = intendedMs
  const told = foldRepeats(ordered, reasonsOf(ordered, template)).flatMap(
    (step): readonly TimelineEntry[] => {
      const { startedMs, endedMs } = step.entry
      const wait = waitOf(coveredMs, startedMs, intendedMs, step.reason ?? 'nothing happens')
      coveredMs = Math.max(coveredMs, endedMs, (step.repeats?.untilMs ?? startedMs) + endedMs - startedMs)
      return [...wait, entryOf(step, intendedMs)]
    },
  )
  return givenUpMs === undefined
    ? told
    : [...told, ...waitOf(coveredMs, givenUpMs, intendedMs, 'nothing more happens')]
}

/** What begins in the same moment: a message is received, its function runs, and does something. */
const rankOf = ({ what }: TraceEntry): number => {
  if (what.startsWith('sqs:ReceiveMessage')) return 0
  return what.startsWith('lambda:invocation') ? 1 : 2
}

const waitOf = (
  fromMs: number,
  untilMs: number,
  intendedMs: number,
  reason: string,
): readonly TimelineEntry[] =>
  untilMs - fromMs < waitFromMs
    ? []
    : [
        {
          atMs: rounded(fromMs - intendedMs),
          tookMs: rounded(untilMs - fromMs),
          by: '',
          what: nobodys.wait,
          detail: reason,
          billed: '',
        },
      ]

const entryOf = ({ entry, repeats }: Step, intendedMs: number): TimelineEntry => {
  const { startedMs, endedMs, by, what, detail, billed, error, context } = entry
  const details = [detail, context.becomes === undefined ? '' : `→ ${context.becomes}`, repeats?.reason ?? '']
  return {
    atMs: rounded(startedMs - intendedMs),
    tookMs: rounded(endedMs - startedMs),
    by,
    what,
    detail: details.filter(Boolean).join('; '),
    billed,
    ...(error === undefined ? {} : { error }),
    ...(repeats === undefined
      ? {}
      : { times: repeats.times, untilMs: rounded(repeats.untilMs - intendedMs) }),
  }
}

/** To the tenth of a millisecond, as it is shown. */
const rounded = (value: number): number => Math.round(value * 10) / 10

const shortMax = { first: 35, last: 24 } as const
const entriesMax = shortMax.first + 1 + shortMax.last

/**
 * A timeline of some sixty entries. Of a longer one that a record was read or a done message deleted goes first, then
 * the middle; what is left out is counted where it would begin.
 */
export const shortened = (timeline: readonly TimelineEntry[]): readonly TimelineEntry[] => {
  if (timeline.length <= entriesMax) return timeline
  const telling = timeline.filter((entry) => !isRoutine(entry))
  const routine = timeline.filter(isRoutine)
  const [first] = routine
  const said =
    first === undefined
      ? []
      : [
          leftOut(
            first.atMs,
            0,
            `${counted(routine.length, 'read or deletion', 'reads and deletions')}, here and below`,
          ),
        ]
  return [...said, ...withoutMiddle(telling)].toSorted((a, b) => a.atMs - b.atMs)
}

const isRoutine = ({ what, error }: TimelineEntry): boolean =>
  error === undefined && /^(sqs:DeleteMessage|dynamodb:GetItem)/.test(what)

const withoutMiddle = (timeline: readonly TimelineEntry[]): readonly TimelineEntry[] => {
  const left = timeline.slice(shortMax.first, -shortMax.last)
  const [first] = left
  if (first === undefined || left.length <= 1) return timeline
  const tookMs = rounded((left.at(-1)?.atMs ?? first.atMs) - first.atMs)
  return [
    ...timeline.slice(0, shortMax.first),
    leftOut(first.atMs, tookMs, `${counted(left.length, 'entry', 'entries')} of ${span(tookMs)}`),
    ...timeline.slice(-shortMax.last),
  ]
}

const leftOut = (atMs: number, tookMs: number, detail: string): TimelineEntry => ({
  atMs,
  tookMs,
  by: '',
  what: nobodys.leftOut,
  detail,
  billed: '',
})
