import type { TraceEntry } from './trace.ts'

/** A trace as text: one line an entry, times in ms since the order's intended start. */
export const renderTimeline = (entries: readonly TraceEntry[], intendedMs: number): string =>
  aligned([
    ['at ms', 'took', 'who', 'what', 'detail', 'billed'],
    ...entries.map((entry) => [
      (entry.startedMs - intendedMs).toFixed(1),
      entry.endedMs > entry.startedMs ? (entry.endedMs - entry.startedMs).toFixed(1) : '',
      entry.by,
      entry.what,
      entry.error === undefined ? entry.detail : `${entry.detail} ✗ ${entry.error}`.trim(),
      entry.billed,
    ]),
  ])

/** The first two columns are numbers and stand to the right. */
const aligned = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column < 2 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
