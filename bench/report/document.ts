import type { Html } from './markup.ts'

/** A report before it has a medium: what `markdown.ts` and `html.ts` both print, so that they cannot differ. */
export interface Section {
  readonly id: string
  readonly title: string
  readonly blocks: readonly Block[]
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly (string | Item)[] }
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  /** Leads to an anchor of the page, and can be led to by its own. */
  | { readonly kind: 'link'; readonly text: string; readonly to: string; readonly anchor: string }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [string, string])[] }
  | Table
  /** Drawn in HTML alone; what it shows stands in a table as well. */
  | { readonly kind: 'chart'; readonly draw: () => Html | Promise<Html> }
  /** Folded away where the medium can fold; one with an anchor can be led to, and unfolds then. */
  | {
      readonly kind: 'details'
      readonly summary: string
      readonly anchor?: string
      readonly blocks: readonly Block[]
    }
  | { readonly kind: 'only'; readonly medium: 'html' | 'markdown'; readonly blocks: readonly Block[] }

/** A sentence, and what it is made of. */
export interface Item {
  readonly text: string
  readonly parts: readonly string[]
  /** The section that says more. */
  readonly more?: { readonly id: string; readonly title: string }
}

export interface Table {
  readonly kind: 'table'
  readonly caption: string
  readonly columns: readonly Column[]
  /** Headings above the columns, from the second column on. */
  readonly spans?: readonly { readonly label: string; readonly columns: number }[]
  readonly rows: readonly Row[]
  /** On a narrow page: each cell below the other under its column's name, or a row as one text. Else the table scrolls. */
  readonly narrow?: 'stacked' | 'flowing'
}

export interface Column {
  readonly label: string
  readonly numeric?: boolean
  /** Its cells hold a word or two, and need not be as wide as those of sentences. */
  readonly slim?: boolean
  /** Its cells hold names, which may break between their words. */
  readonly names?: boolean
}

export interface Row {
  /** Rows of one group stand together under its name. */
  readonly group?: string
  /** Can be led to in a page. */
  readonly anchor?: string
  /** The first is the row's heading. */
  readonly cells: readonly Cell[]
}

export type Tone = 'good' | 'bad' | 'warn' | 'quiet'

export type Cell = string | Toned | { readonly lines: readonly Line[] }

/** A tone only underlines what the text says by itself. */
export interface Toned {
  readonly text: string
  readonly tone: Tone
}

/** A short line of a cell that says several things; `to` are the anchors that it leads to, in a page and in Markdown. */
export interface Line {
  readonly text: string
  readonly tone?: Tone
  readonly to?: { readonly page: string; readonly heading: string }
}

export const cellText = (cell: Cell): string => {
  if (typeof cell === 'string') return cell
  return 'lines' in cell ? cell.lines.map(({ text }) => text).join('; ') : cell.text
}

export const paragraph = (text: string): Block => ({ kind: 'paragraph', text })
export const list = (items: readonly (string | Item)[]): Block => ({ kind: 'list', items })
export const details = (summary: string, blocks: readonly Block[], anchor?: string): Block => ({
  kind: 'details',
  summary,
  ...(anchor === undefined ? {} : { anchor }),
  blocks,
})
export const only = (medium: 'html' | 'markdown', blocks: readonly Block[]): Block => ({
  kind: 'only',
  medium,
  blocks,
})

/** Columns by label; a label that starts with `#` is of numbers. */
export const columns = (...labels: readonly string[]): readonly Column[] =>
  labels.map((label) => (label.startsWith('#') ? { label: label.slice(1), numeric: true } : { label }))

/** A count that should be none: marked where it is not. */
export const shouldBeNone = (value: number, text: string): Cell =>
  value === 0 ? { text, tone: 'quiet' } : { text, tone: 'bad' }
