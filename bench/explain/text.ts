import type { PriceList } from '../prices/regions.ts'
import { clipped, counted, span, usd } from '../report/format.ts'
import type { TimelineEntry } from '../results.ts'
import { clock, duration } from './clock.ts'
import { type ExplainedOrder, endings } from './explained.ts'
import { openEnds } from './open-ends.ts'
import { recordsText, summaryOf } from './summary.ts'
import { nobodys, timelineOf } from './timeline.ts'

/** Lines of a timeline are no longer: what is, is clipped. */
export const widthMax = 160

/** An order's story as text: what came of it, what is left open, the timeline, and what the records say in the end. */
export const explainedText = (title: string, order: ExplainedOrder, prices: PriceList): string => {
  const open = openEnds(order)
  const { endedAfterMs, ...sum } = summaryOf(order.entries, order.intendedMs, prices)
  const ending = endings[order.outcome]
  return [
    `${title}: ${ending}${endedAfterMs === undefined ? '' : ` after ${clock(endedAfterMs)}`}`,
    [
      ...[counted(sum.messages, 'message'), counted(sum.events, 'event')].filter(
        (text) => !text.startsWith('0 '),
      ),
      `${counted(sum.invocations, 'invocation')}${sum.failed === 0 ? '' : ` (${sum.failed} failed)`}`,
      ...(sum.again === 0 ? [] : [`${sum.again} times tried again`]),
      `${usd(sum.usd)} at list price`,
    ].join(', '),
    ...open.map((line) => `open: ${line}`),
    '',
    renderTimeline(timelineOf(order)),
    '',
    `in the end: ${recordsText(order.entries)}`,
  ].join('\n')
}

/** One line an entry; a wait is a line of its own. */
export const renderTimeline = (entries: readonly TimelineEntry[]): string => {
  const rows = entries.map((entry) => ({ entry, cells: cellsOf(entry) }))
  const heads = ['at', 'took', 'who', 'what', 'detail']
  const deeds = rows.filter(({ entry }) => !isNobodys(entry)).map(({ cells }) => cells)
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...deeds.map((cells) => cells[column]?.length ?? 0)),
  )
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column < 2 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return [
    lineOf(heads),
    ...rows.flatMap(({ entry, cells }) => [
      isNobodys(entry) ? cells.join('') : lineOf(cells),
      ...repeated(entry),
    ]),
  ]
    .map((line) => clipped(line, widthMax))
    .join('\n')
}

const isNobodys = ({ what }: TimelineEntry): boolean => what === nobodys.wait || what === nobodys.leftOut

const cellsOf = (entry: TimelineEntry): readonly string[] => {
  if (entry.what === nobodys.wait) return [`  ⋯ ${span(entry.tookMs)}: ${entry.detail}`]
  if (entry.what === nobodys.leftOut) return [`  ⋯ ${entry.detail} left out`]
  // That an invocation died, its line says.
  const isInvocation = entry.what.startsWith('lambda:invocation')
  const error = entry.error === undefined || isInvocation ? '' : `✗ ${entry.error}`
  return [
    clock(entry.atMs),
    entry.tookMs > 0 ? duration(entry.tookMs) : '',
    entry.by,
    // Of which service it was, the resource tells.
    entry.what.replace(/^\w+:/, ''),
    [entry.times === undefined ? entry.detail : '', error, billedText(entry, isInvocation)]
      .filter(Boolean)
      .join(' · '),
  ]
}

/** "1 request", "4 wru"; of an invocation the detail says what it is billed for. */
const billedText = ({ billed }: TimelineEntry, isInvocation: boolean): string => {
  const [units, meter] = billed.split(' ')
  return meter === undefined || isInvocation ? '' : `${units} ${meter.replace(/^.*[.]/, '')}`
}

/** A line below: "200 times, every 60 s, until 3 h 19 min 00.123 s"; how far they are from each other is a mean. */
const repeated = ({ times, untilMs, atMs, detail }: TimelineEntry): readonly string[] =>
  times === undefined || untilMs === undefined
    ? []
    : [
        `  ⋯ ${times} times, one in ${span((untilMs - atMs) / (times - 1))} on average, until ${clock(untilMs)}${detail === '' ? '' : `: ${detail}`}`,
      ]
