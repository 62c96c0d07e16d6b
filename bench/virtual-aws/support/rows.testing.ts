import { readFileSync } from 'node:fs'

/** A row of a table of SUPPORT.md. */
export interface Row {
  /** The title of the section that it stands in. */
  readonly section: string
  readonly what: string
  readonly how: string
  readonly effect: string
  /** Test files beside this page, each with the titles of the tests that are meant, if the row names any. */
  readonly shownBy: readonly { readonly file: string; readonly titles: readonly string[] }[]
  readonly cells: number
}

/** How a row may say that a thing is handled; the row goes on as it likes. */
export const ways = ['modelled', 'approximated', 'not modelled', 'no effect', 'accounted'] as const
export type Way = (typeof ways)[number]

export const wayOf = ({ how }: Row): Way | undefined =>
  ways.find((way) => how === way || [':', ';', ',', ' '].some((next) => how.startsWith(`${way}${next}`)))

/** What a cell puts in backticks: names that a template, a request or an expression may hold. */
export const namesIn = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.replaceAll('\\|', '|'))

/** The generated tables are held by a test of their own. */
const generated = /<!-- generated:.*?<!-- end of generated -->/gs

export const supportPage = readFileSync(new URL('../SUPPORT.md', import.meta.url), 'utf8')

export const rowsOf = (page: string): readonly Row[] =>
  page
    .replace(generated, '')
    .split(/^## /m)
    .slice(1)
    .flatMap((part) => {
      const [section = '', ...lines] = part.split('\n')
      return lines.filter((line) => line.startsWith('| ')).map((line) => rowOf(section, line))
    })
    .filter(({ what }) => what !== 'what')

const rowOf = (section: string, line: string): Row => {
  const cells = line
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim())
  const [what = '', how = '', effect = '', shownBy = ''] = cells
  return { section, what, how, effect, shownBy: testsIn(shownBy), cells: cells.length }
}

/** `path "a title" "another", path`: as the page writes them. */
const testsIn = (cell: string): Row['shownBy'] =>
  [...cell.matchAll(/`?([\w/.-]+\.test\.ts)`?((?:\s*"[^"]+")*)/g)].map(([, file = '', titles = '']) => ({
    file,
    titles: [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
  }))
