import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import type { AslRun } from '../../asl.ts'

/** One execution recorded on AWS. */
export interface Recorded extends Required<Pick<AslRun, 'input' | 'type' | 'taskOutcomes'>> {
  readonly id: string
  readonly key: string
  readonly class: 'pure' | 'task' | 'callback' | 'map-io'
  /** Its output holds ids or times. */
  readonly nondeterministic: boolean
  readonly status: string
  readonly output: unknown
  readonly error: string | null
  readonly cause: unknown
  /** Missing where AWS's history was not kept. */
  readonly path: readonly string[] | null
  readonly definitionFile: string
  /** AWS's own history, where it was kept. */
  readonly historyFile?: string | null
}

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..')

/** Where the recordings lie; undefined when this machine has none. */
export const recordedFolder = (): string | undefined => {
  const folder = process.env['AWS_RECORDED'] ?? join(root, '../shared/aws-recorded')
  return existsSync(join(folder, 'executions.jsonl')) ? folder : undefined
}

export const readLines = <T>(folder: string, file: string): readonly T[] =>
  readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)

export const readDefinition = (folder: string, file: string): unknown =>
  JSON.parse(readFileSync(join(folder, file), 'utf8'))

/** A row is named by what pytest calls it. */
export const nameOf = ({ id, key }: Recorded): string => `${id.split('/v2/').at(-1)} ${key}`
export const familyOf = ({ id }: Recorded): string => (id.split('/v2/').at(-1) ?? id).split(/[/:]/)[0] ?? id

/** A cause is JSON in a string whose spaces differ by the runtime that wrote it. */
export const normal = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value === 'string' && value.startsWith('{')) return parsedOr(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, normal(inner)]))
}

const parsedOr = (text: string): unknown => {
  try {
    return normal(JSON.parse(text))
  } catch {
    return text
  }
}

/** Whether the recording hides a part of the cause behind a name of its own. */
export const isRedacted = (cause: unknown): boolean => /<[\w-]+(:\d+)?>/.test(JSON.stringify(cause) ?? '')

/** Times that were taken out of an input stand there as these words, and in the cause as they were. */
export const hasRedactedTime = ({ input }: Recorded): boolean =>
  /"(date|timestamp)"/.test(JSON.stringify(Object.values((input ?? {}) as object)) ?? '')

/**
 * Whether it compares or waits for a time that the recording replaced by a word: then nobody can tell what comes of it.
 * A row is known by itself, so that it need not be listed by hand.
 */
export const hidesTime = (folder: string, row: Recorded): boolean =>
  hasRedactedTime(row) &&
  /"(Is)?Timestamp\w*"/.test(JSON.stringify(readDefinition(folder, row.definitionFile)))

export const whyHidden = 'The time that is compared or waited for is redacted to a word'

export const readsItems = (folder: string, { definitionFile }: Recorded): boolean =>
  JSON.stringify(readDefinition(folder, definitionFile)).includes('"ItemReader"')

type Tallies<Column extends string> = ReadonlyMap<string, Readonly<Record<Column, number>>>

/** What SUPPORT.md says of the recordings, family by family: `titles` has the columns in their order. */
export const tableOf = <Column extends string>(
  titles: Readonly<Record<Column, string>>,
  tallies: Tallies<Column>,
  exceptions: Readonly<Record<string, string>>,
): string => {
  const columns = Object.keys(titles) as Column[]
  const row = (name: string, cells: readonly (string | number)[]): string =>
    `| ${[name, ...cells].join(' | ')} |`
  const totals = columns.map((column) => [...tallies.values()].reduce((sum, tally) => sum + tally[column], 0))
  return [
    row(
      'family',
      columns.map((column) => titles[column]),
    ),
    `|---|${columns.map(() => '---|').join('')}`,
    ...[...tallies]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([family, tally]) =>
        row(
          family,
          columns.map((column) => tally[column]),
        ),
      ),
    row('**all**', totals),
    '',
    'The exceptions:',
    '',
    ...Object.entries(exceptions).map(([name, reason]) => `* \`${name}\`: ${reason}`),
  ].join('\n')
}

const supportFile = new URL('../../SUPPORT.md', import.meta.url)

/** Holds a generated section of SUPPORT.md to what a test found; with UPDATE_DOCS it writes it anew. */
export const updateSection = (name: string, found: string): void => {
  const begin = `<!-- generated: ${name} -->`
  const end = '<!-- end of generated -->'
  const support = readFileSync(supportFile, 'utf8')
  const [before = '', rest = ''] = support.split(begin)
  const after = rest.slice(rest.indexOf(end) + end.length)
  const made = `${before}${begin}\n\n${found}\n\n${end}${after}`
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(supportFile, made)
  else expect(support).toBe(made)
}
