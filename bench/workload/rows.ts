import { CsvError, type Info, parse } from 'csv-parse/sync'
import { BadInput } from './bad-input.ts'

/** The header that a trace must have, in this order. */
export const columns = [
  'order_id',
  'ts',
  'kind',
  'customer_id',
  'country',
  'lines',
  'units',
  'amount_gbp',
] as const
export type Column = (typeof columns)[number]

/** One line of a trace: its fields, and where it stands. */
export interface Row {
  readonly file: string
  readonly line: number
  readonly fields: Readonly<Record<Column, string>>
}

/** Splits the text of a trace. Tolerates a byte order mark, CRLF, quoted fields and blank lines at the end. */
export const readRows = (text: string, file: string): readonly Row[] => {
  const [header, ...rows] = withoutBlankEnd(split(text, file))
  if (header === undefined) {
    throw new BadInput(`${file}: expected the header ${columns.join(',')}, got an empty file`)
  }
  if (header.record.join() !== columns.join()) {
    throw new BadInput(
      `${file}, line ${header.line}: expected the header ${columns.join(',')}, got "${brief(header.record.join())}"`,
    )
  }
  return rows.map(({ record, line }) => {
    if (record.length !== columns.length) {
      const came = record.length === 1 && record[0] === '' ? 'a blank line' : `${record.length}`
      throw new BadInput(
        `${file}, line ${line}: expected ${columns.length} fields (${columns.join(',')}), got ${came}`,
      )
    }
    const fields = Object.fromEntries(columns.map((column, index) => [column, record[index] ?? '']))
    return { file, line, fields: fields as Record<Column, string> }
  })
}

/** What came, short enough for one line of a message. */
export const brief = (text: string): string => {
  const oneLine = text.replaceAll(/\p{Cc}/gu, '�')
  return oneLine.length > 80 ? `${oneLine.slice(0, 80)}…` : oneLine
}

interface Split {
  readonly record: readonly string[]
  /** The line on which the record ends; a quoted field may hold line breaks. */
  readonly line: number
}

const split = (text: string, file: string): readonly Split[] => {
  try {
    const records: unknown = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n'],
    })
    // The types of the library know `info: true` only together with `columns: true`.
    const withInfo = records as readonly { readonly record: readonly string[]; readonly info: Info }[]
    return withInfo.map(({ record, info }) => ({ record, line: info.lines }))
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause
    throw new BadInput(
      `${file}, line ${cause['lines']}: expected comma-separated values, got ${cause.message}`,
      {
        cause,
      },
    )
  }
}

const withoutBlankEnd = (rows: readonly Split[]): readonly Split[] => {
  const last = rows.findLastIndex(({ record }) => record.length > 1 || record[0] !== '')
  return rows.slice(0, last + 1)
}
