import type { Results } from '../../results.ts'
import type { Item } from '../document.ts'
import { count, counted, listed } from '../format.ts'
import { type MatrixColumn, matrixColumns, matrixRows, resultIn } from '../matrix/rows.ts'
import { labelOf } from '../view.ts'

/** The heading of the matrix, to which the summary leads. */
export const matrixTitle = 'What breaks, who notices, what is lost'

/** What each contestant survives and strands, and what strands orders in one style alone; nothing where every fault was survived. */
export const underFaults = (results: Results): readonly Item[] => {
  const rows = matrixRows(results)
  const columns = matrixColumns(results)
  const harmIn = (row: (typeof rows)[number], id: string) => resultIn(row.scenario, id)?.effect?.harm
  const number = (id: string, ...harms: readonly string[]): number =>
    rows.filter((row) => harms.includes(harmIn(row, id) ?? '')).length
  if (columns.every(({ id }) => number(id, 'untouched', 'survives') === rows.length)) return []
  const each = columns.map(
    ({ id }) =>
      `${id} survives or is spared ${count(number(id, 'untouched', 'survives'))}, rejects orders in ${count(number(id, 'rejects orders'))} ` +
      `and strands orders in ${count(number(id, 'strands orders', 'breaks orders'))}`,
  )
  const alone = stylesOf(columns).flatMap((style) => {
    const own = rows.filter((row) => {
      const stranding = columns.filter(({ id }) => harmIn(row, id) === 'strands orders')
      return stranding.length > 0 && stranding.every((column) => column.style === style)
    })
    return own.length === 0 ? [] : [`${style} (${listed(own.map(({ scenario }) => scenario.id))})`]
  })
  return [
    {
      text:
        `Of ${counted(rows.length, 'scenario')} with faults (${labelOf(results)}), ${each.join('; ')}.` +
        (alone.length === 0 ? '' : ` In one style alone orders are stranded in ${listed(alone)}.`),
      parts: [],
      more: { id: 'matrix', title: matrixTitle },
    },
  ]
}

const stylesOf = (columns: readonly MatrixColumn[]): readonly string[] => {
  const styles = [...new Set(columns.flatMap(({ style }) => style ?? []))]
  return styles.length < 2 ? [] : styles
}
