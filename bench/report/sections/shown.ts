import type { Results, TimelineEntry } from '../../results.ts'
import {
  type Block,
  type Cell,
  type Column,
  details,
  list,
  only,
  paragraph,
  type Row,
  type Section,
} from '../document.ts'
import { faultWords } from '../fault-words.ts'
import { clockTime, counted, listed, span } from '../format.ts'
import { type Explained, explainedOrders, rowAnchorOf, timelineAnchorOf } from '../matrix/anchors.ts'
import { contestantIds, labelled, titleOf } from '../view.ts'

/** The orders that the matrix leads to: what happened to each, in every contestant. Nothing where there are none. */
export const shownSections = (results: Results): readonly Section[] => {
  const explained = explainedOrders(results)
  if (explained.length === 0) return []
  return [
    {
      id: 'shown',
      title: 'Orders that show it',
      blocks: [
        only('html', [
          paragraph(
            'What happened to one order under a fault, in every contestant: messages, attempts, waits, and what was stored. Times are ' +
              'hours, minutes and seconds from the intended start of the order, those of faults from the beginning of the run. The ' +
              'command shows the same again.',
          ),
        ]),
        only('markdown', [
          paragraph(
            'The command shows what happened to one order under a fault, in every contestant: messages, attempts, waits, and what ' +
              'was stored. The report as a page shows the same of runs with few orders.',
          ),
        ]),
        ...explained.map((each) => shownBlock(results, each)),
      ],
    },
  ]
}

const shownBlock = (results: Results, explained: Explained): Block => {
  const { scenario, shown, title, anchor } = explained
  const showing = contestantIds(results).filter((id) => scenario.results[id]?.effect?.shows === shown.order)
  return details(
    title,
    [
      ...(showing.length === 0
        ? []
        : [paragraph(`${scenario.title}. It shows what that does to ${listed(showing)}.`)]),
      { kind: 'code', text: shown.command },
      list([
        ...scenario.faults.map(faultWords),
        ...(shown.cameMs === undefined
          ? []
          : [`the order comes ${clockTime(shown.cameMs)} after the run began`]),
      ]),
      only('html', timelineBlocks(results, explained)),
    ],
    anchor,
  )
}

const timelineBlocks = (results: Results, explained: Explained): readonly Block[] => {
  const { order, timelines } = explained.shown
  return timelines === undefined
    ? [paragraph('A run of so many orders keeps no timelines: the command makes them.')]
    : contestantIds(results).flatMap((id): readonly Block[] => {
        const timeline = Object.hasOwn(timelines, id) ? timelines[id] : undefined
        return timeline === undefined
          ? []
          : [
              {
                kind: 'link',
                text: `back to ${explained.scenario.id} in the matrix`,
                to: rowAnchorOf(explained.scenario),
                anchor: timelineAnchorOf(explained, id),
              },
              {
                kind: 'table',
                narrow: 'flowing',
                caption: labelled(
                  results,
                  `${order}, ${id} (${titleOf(results, id)}): ${timeline.outcome}, ${counted(timeline.entries.length, 'entry', 'entries')}`,
                ),
                columns: timelineColumns,
                rows: timeline.entries.map(entryRow),
              },
            ]
      })
}

const timelineColumns: readonly Column[] = [
  { label: 'at' },
  { label: 'took', numeric: true },
  { label: 'who', names: true },
  { label: 'what', names: true },
  { label: 'detail' },
  { label: 'billed' },
]

const entryRow = (entry: TimelineEntry): Row => ({
  cells: [
    clockTime(entry.atMs),
    entry.tookMs === 0 ? '' : span(entry.tookMs),
    entry.by,
    entry.what,
    detailCell(entry),
    entry.billed,
  ],
})

const detailCell = ({ detail, error, times, untilMs }: TimelineEntry): Cell => {
  const repeats =
    times === undefined || times < 2
      ? []
      : [`${counted(times, 'time')}${untilMs === undefined ? '' : `, the last one at ${clockTime(untilMs)}`}`]
  const said = [...(detail === '' ? [] : [detail]), ...repeats]
  if (error === undefined) return said.join('; ')
  return { text: [...said, `✗ ${error}`].join('; '), tone: 'warn' }
}
