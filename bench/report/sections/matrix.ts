import type { Results, ScenarioResults } from '../../results.ts'
import {
  type Block,
  type Cell,
  type Line,
  paragraph,
  type Row,
  type Section,
  type Table,
} from '../document.ts'
import { anchorOf, type Explained, explainedOrders, rowAnchorOf } from '../matrix/anchors.ts'
import { type MatrixColumn, type MatrixRow, matrixColumns, matrixRows, resultIn } from '../matrix/rows.ts'
import {
  afterLine,
  costLine,
  detectionLine,
  differenceLine,
  harmLine,
  ordersLine,
  servicesLine,
  toDoLine,
  unaidedLine,
} from '../matrix/words.ts'
import { matrixTitle } from '../summary/faults.ts'
import { labelled } from '../view.ts'

/** Fault × style: what became of the orders, who was told, and what it took. Nothing where no fault was held against its twin. */
export const matrixSections = (results: Results): readonly Section[] => {
  const rows = matrixRows(results)
  if (rows.length === 0) return []
  const columns = matrixColumns(results)
  const explained = explainedOrders(results)
  const isCompared = rows.some(({ difference }) => difference !== undefined)
  return [
    {
      id: 'matrix',
      title: matrixTitle,
      blocks: [
        paragraph(
          'Each scenario with faults, held against the same orders in the same world without them. Untouched: nothing whatever changed. ' +
            'Survives: every order ends as it would have, later perhaps. Rejects: orders that would have been fulfilled are undone ' +
            'and rejected, cleanly. Strands: they are stuck unless somebody acts. Breaks: their services disagree. Alarms are those of ' +
            "each stack's own template, counted from when the fault began; the time to recover is counted from when it was over, with " +
            'nobody acting.' +
            (explained.length === 0 ? '' : ' What became of the orders leads to one that shows it.'),
        ),
        matrixTable(results, rows, columns, explained),
        ...(isCompared ? [paragraph(sorting)] : []),
        reachTable(results, rows, columns),
      ],
    },
  ]
}

const sorting =
  'Styles are compared as the ranges of their contestants: where the ranges overlap, the styles do not differ. First comes the ' +
  'gap in harm (untouched, survives, rejects, strands, breaks), and of equal gaps the one with the worst harm; then what differs ' +
  'in harm within a style; then a gap of at least five percentage points in orders touched; then one of at least a factor of ' +
  'two in the time to recover, in the time to the first alarm (a minute counts as nothing, never as ten years), and in extra ' +
  'cost. What has no such gap is alike.'

/** Columns of one style stand under its name, where there are two. */
const spansOf = (columns: readonly MatrixColumn[]): Pick<Table, 'spans'> => {
  const spans: { label: string; columns: number }[] = []
  for (const { style } of columns) {
    const last = spans.at(-1)
    if (last !== undefined && last.label === style) last.columns += 1
    else spans.push({ label: style ?? '', columns: 1 })
  }
  return spans.length < 2 ? {} : { spans }
}

const scenarioCell = ({ id, title }: ScenarioResults): Cell => ({
  lines: [{ text: id }, { text: title, tone: 'quiet' }],
})

const notRun: Cell = { text: 'not run', tone: 'quiet' }

const matrixTable = (
  results: Results,
  rows: readonly MatrixRow[],
  columns: readonly MatrixColumn[],
  explained: readonly Explained[],
): Block => {
  const isCompared = rows.some(({ difference }) => difference !== undefined)
  return {
    kind: 'table',
    narrow: 'stacked',
    caption: labelled(
      results,
      `What became of the orders, who was told, and what it takes${isCompared ? '; where the styles differ most comes first' : ''}`,
    ),
    columns: [
      { label: 'fault' },
      ...columns.map(({ id }) => ({ label: id })),
      ...(isCompared ? [{ label: 'the styles' }] : []),
    ],
    ...spansOf(columns),
    rows: rows.map(
      ({ scenario, difference }): Row => ({
        anchor: rowAnchorOf(scenario),
        cells: [
          scenarioCell(scenario),
          ...columns.map(({ id }) => outcomeCell(scenario, id, anchorOf(explained, scenario, id))),
          ...(difference === undefined ? [] : [{ lines: [differenceLine(difference)] }]),
        ],
      }),
    ),
  }
}

const outcomeCell = (scenario: ScenarioResults, id: string, to: Line['to']): Cell => {
  const result = resultIn(scenario, id)
  if (result?.effect === undefined) return notRun
  const harm = harmLine(result, result.effect)
  return {
    lines: [
      to === undefined ? harm : { ...harm, to },
      ...(result.effect.harm === 'untouched' ? [] : noticeLines(result)),
    ],
  }
}

const noticeLines = (result: ScenarioResults['results'][string]): readonly Line[] => [
  ...(result.alarms === undefined ? [] : [detectionLine(result.alarms)]),
  ...unaidedLine(result),
  ...toDoLine(result),
  ...afterLine(result),
]

/** How far the faults reach, and what living through them costs. */
const reachTable = (
  results: Results,
  rows: readonly MatrixRow[],
  columns: readonly MatrixColumn[],
): Block => ({
  kind: 'table',
  narrow: 'stacked',
  caption: labelled(
    results,
    'Orders that end otherwise or late, services touched, and the cost against that of the undisturbed run, with its 95% interval',
  ),
  columns: [{ label: 'fault' }, ...columns.map(({ id }) => ({ label: id }))],
  ...spansOf(columns),
  rows: rows.map(
    ({ scenario }): Row => ({
      cells: [
        scenario.id,
        ...columns.map(({ id }): Cell => {
          const result = resultIn(scenario, id)
          if (result?.effect === undefined) return notRun
          const { effect, orders } = result
          if (effect.harm === 'untouched') return { text: 'untouched', tone: 'quiet' }
          return {
            lines: [
              ordersLine(effect, orders),
              servicesLine(effect, servicesOf(results, id)),
              costLine(effect),
            ],
          }
        }),
      ],
    }),
  ),
})

/** What a fault could have touched: whatever keeps a record or decides, and not the bus that carries messages between them. */
const servicesOf = ({ coupling }: Results, id: string): number => {
  const parts = Object.hasOwn(coupling, id) ? (coupling[id]?.direct ?? []) : []
  return parts.filter(({ service }) => service !== 'bus').length
}
