import type { ContestantResult, FaultEffect, Results } from '../../results.ts'
import { clipped, count, plain, span } from '../format.ts'
import { type MatrixRow, matrixColumns, matrixRows, resultIn } from '../matrix/rows.ts'
import { labelOf } from '../view.ts'
import { type Colours, columnsMax, line, nameLengthMax, newTable, trimmed } from './tables.ts'

/** What each fault broke, who was told and how it recovers: two lines a scenario and a cell a contestant. */
export const faultLines = (results: Results, colours: Colours): readonly string[] => {
  const rows = matrixRows(results)
  if (rows.length === 0) return []
  const { bold, dim } = colours
  const isCompared = rows.some(({ difference }) => difference !== undefined)
  return [
    '',
    bold(
      line(
        `what breaks, who notices, what is lost (${labelOf(results)}${isCompared ? '; where the styles differ most comes first' : ''})`,
      ),
    ),
    trimmed(faultTable(results, rows, colours)),
    ...legendOf(rows).map((text) => dim(line(text))),
    ...hintOf(rows).map(dim),
  ]
}

/** The signs are explained where they occur. */
const legendOf = (rows: readonly MatrixRow[]): readonly string[] => {
  const shown = rows.flatMap(({ scenario }) => Object.values(scenario.results))
  return [
    'against the same orders undisturbed · back: how long after its end the last order touched had ended',
    'ticket, page: the first alarm that would not have rung undisturbed, from when the fault began',
    'times are rounded to whole seconds, and from ten minutes to whole minutes; the report has tenths',
    ...(shown.every(isTold) ? [] : ['! orders are lost of which no page told']),
    ...(shown.some(isToDo)
      ? ['+ there is something to do: the report says what; with --recover it is done']
      : []),
  ]
}

const faultTable = (results: Results, rows: readonly MatrixRow[], colours: Colours): string => {
  const ids = matrixColumns(results).map(({ id }) => id)
  const names = Math.max(...rows.map(({ scenario }) => scenario.id.length))
  const nameWidth = Math.min(nameLengthMax, names) + 1
  const width = Math.floor((columnsMax - nameWidth) / ids.length) - 1
  const table = newTable(['', ...ids.map((id) => clipped(id, width))].map(colours.dim), [])
  for (const { scenario } of rows)
    table.push([
      clipped(scenario.id, nameWidth - 1),
      ...ids.map((id) => {
        const result = resultIn(scenario, id)
        return result?.effect === undefined
          ? colours.dim('not run')
          : faultCell(result, result.effect, width, colours)
      }),
    ])
  return table.toString()
}

const faultCell = (
  result: ContestantResult,
  effect: FaultEffect,
  width: number,
  { dim, red, yellow }: Colours,
): string => {
  const outcome = clipped(
    `${harmInShort(result, effect)}${backInShort(result)}${isToDo(result) ? ' +' : ''}`,
    width,
  )
  const notice = clipped(noticeInShort(result), width)
  switch (effect.harm) {
    case 'untouched':
      return dim('untouched')
    case 'survives':
      return `${outcome}\n${dim(notice)}`
    case 'rejects orders':
      return `${yellow(outcome)}\n${dim(notice)}`
    case 'strands orders':
    case 'breaks orders':
      return `${red(outcome)}\n${isTold(result) ? notice : red(notice)}`
  }
}

const harmInShort = ({ outcomes }: ContestantResult, { harm, orders }: FaultEffect): string => {
  switch (harm) {
    case 'untouched':
    case 'survives':
      return harm
    case 'rejects orders':
      return `rejects ${count(orders.endedOtherwise)}`
    case 'strands orders':
      return `strands ${count(outcomes.stuck)}`
    case 'breaks orders':
      return `breaks ${count(outcomes.inconsistent)}`
  }
}

const backInShort = ({ recovery }: ContestantResult): string => {
  if (recovery?.unaided === undefined) return ''
  const { open, ended, recoveredMs } = recovery.unaided
  if (ended < open) return ', never back'
  return open === 0 || recoveredMs === undefined ? '' : `, back ${roughly(recoveredMs)}`
}

const isToDo = ({ recovery }: ContestantResult): boolean => (recovery?.actions.length ?? 0) > 0

const isTold = ({ alarms }: ContestantResult): boolean => alarms === undefined || alarms.untold.orders === 0

/** "ticket 60 s, page 46 min", the ticket only where it comes first, and one unit where both have the same. */
const noticeInShort = (result: ContestantResult): string => {
  const { ticket, page } = result.alarms?.detected ?? {}
  const sign = isTold(result) ? '' : ' !'
  const paged = page === undefined ? undefined : roughly(page.afterMs)
  const isWarned = ticket !== undefined && (page === undefined || ticket.afterMs < page.afterMs)
  if (!isWarned) return `${paged === undefined ? 'nobody is told' : `page ${paged}`}${sign}`
  const warned = roughly(ticket.afterMs)
  if (paged === undefined) return `ticket ${warned}${sign}`
  const [number = '', unit] = warned.split(' ')
  return `ticket ${paged.endsWith(` ${unit}`) ? number : warned}, page ${paged}${sign}`
}

/** A span in the fewest signs: "45.5 min" would not leave room for what stands beside it. */
const roughly = (valueMs: number): string => {
  const wholeMs = valueMs < 1_500 ? valueMs : Math.round(valueMs / 1_000) * 1_000
  return span(wholeMs).replace(/^(\d{2,}\.\d) /, (_, value: string) => `${Math.round(Number(value))} `)
}

/** How to see an order of the first row that has one; the command is never cut: it is there to be copied. */
const hintOf = (rows: readonly MatrixRow[]): readonly string[] => {
  const [shown] = rows.flatMap(({ scenario }) => scenario.shown ?? [])
  return shown === undefined
    ? []
    : ['orders that show it are in the report; to see the first again:', `  ${plain(shown.command)}`]
}
