import Table from 'cli-table3'
import type { createColors } from 'picocolors'
import { clipped } from '../format.ts'

export type Colours = ReturnType<typeof createColors>

/** Lines are at most this long, so that they stand in a common terminal without wrapping. */
export const columnsMax = 100

/** The first column of a table holds names of at most this length. */
export const nameLengthMax = 25

export const line = (text: string): string => clipped(text, columnsMax)

// Only a rule below the headings: frames would cost the columns that the numbers need.
const bare = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
}

export const newTable = (head: readonly string[], numeric: readonly number[]) =>
  new Table({
    head: [...head],
    colAligns: head.map((_, at) => (numeric.includes(at) ? 'right' : 'left')),
    chars: bare,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 1, compact: true },
  })

export const trimmed = (text: string): string =>
  text
    .split('\n')
    .map((row) => row.trimEnd())
    .join('\n')
