import { BadInput } from './bad-input.ts'
import { brief, type Column, type Row } from './rows.ts'

/** Reads one field; `undefined` from `read` means that it is not what was `expected`. */
const field = <T>(row: Row, column: Column, expected: string, read: (text: string) => T | undefined): T => {
  const text = row.fields[column]
  const value = read(text)
  if (value === undefined) {
    throw new BadInput(
      `${row.file}, line ${row.line}, column ${column}: expected ${expected}, got "${brief(text)}"`,
    )
  }
  return value
}

/** Digits alone: no sign, no exponent, no fraction. */
export const wholeNumber = (row: Row, column: Column, least: number, most: number): number =>
  field(row, column, `a whole number from ${least} to ${most}`, (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
    return value >= least && value <= most ? value : undefined
  })

/** An amount in pounds, above 0, with at most two decimals; in pence. */
export const pence = (row: Row, column: Column, poundsMax: number): number =>
  field(row, column, `an amount above 0 and at most ${poundsMax} with at most two decimals`, (text) => {
    const parts = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text)
    if (parts === null) return undefined
    const value = Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0'))
    return value > 0 && value <= poundsMax * 100 ? value : undefined
  })

/** A local time without offset, taken as UTC so that no time zone matters; ms since the Unix epoch. */
export const time = (row: Row, column: Column): number =>
  field(row, column, 'a time as 2010-12-01T08:26:00', (text) => {
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return undefined
    const ms = Date.parse(`${text}Z`)
    const isReal = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
    return isReal ? ms : undefined
  })

/** Names of customers, countries and kinds travel in every message; no real one is longer. */
const textMax = 100

/** A text of one line, of at most 100 characters; none only where that is said. */
export const someText = (row: Row, column: Column, orNone?: 'or none'): string =>
  field(row, column, `a text of one line and at most ${textMax} characters`, (text) => {
    if (text.trim() === '') return orNone === undefined ? undefined : ''
    return text.length <= textMax && !/[\p{Cc}\u2028\u2029\uFFFD]/u.test(text) ? text : undefined
  })

/**
 * An order's id names its execution, so it must be a name that Step Functions takes.
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html (read 2026-11-22).
 */
export const executionName = (row: Row, column: Column): string =>
  field(
    row,
    column,
    'an execution name (1 to 80 characters, no white space, control characters or any of <>{}[]?*"#%\\^|~`$&,;:/)',
    (text) =>
      /^[^\s\p{Cc}\p{Cs}\uFFFE\uFFFF<>{}[\]?*"#%\\^|~`$&,;:/]{1,80}$/u.test(text) ? text : undefined,
  )
