import type { Results } from '../results.ts'
import { contentsOf } from './contents.ts'
import {
  type Block,
  type Cell,
  type Column,
  cellText,
  type Item,
  type Row,
  type Section,
  type Table,
} from './document.ts'
import { plain } from './format.ts'
import { slugOf } from './matrix/anchors.ts'

/** The whole report as Markdown whose tables can be read as they are. */
export const renderMarkdown = (results: Results): string => {
  const { title, subtitle, label, opening, facts, command, sections } = contentsOf(results)
  const head = [
    `# ${escaped(title)}`,
    `${escaped(subtitle)}. Every figure is **${escaped(label)}**.`,
    ...sectionText(opening),
    factsText(facts),
    fenced(command),
  ]
  return `${[...head, ...sections.flatMap(sectionText)].join('\n\n')}\n`
}

const sectionText = ({ title, blocks }: Section): readonly string[] => [
  `## ${escaped(title)}`,
  ...blocks.flatMap((block) => blockText(block, 3)),
]

const blockText = (block: Block, level: number): readonly string[] => {
  switch (block.kind) {
    case 'paragraph':
      return [escaped(block.text)]
    case 'heading':
      return [`### ${escaped(block.text)}`]
    case 'list':
      return [block.items.flatMap(itemLines).join('\n')]
    case 'code':
      return [fenced(block.text)]
    case 'link':
      return [`[${escaped(block.text)}](#${block.to})`]
    case 'facts':
      return [factsText(block.facts)]
    case 'table':
      return [`**${escaped(block.caption)}**`, tableText(block)]
    case 'chart':
      return []
    case 'details':
      return [
        `#### ${escaped(block.summary)}`,
        ...block.blocks.flatMap((inner) => blockText(inner, level + 1)),
      ]
    case 'only':
      return block.medium === 'markdown' ? block.blocks.flatMap((inner) => blockText(inner, level)) : []
  }
}

const itemLines = (item: string | Item): readonly string[] =>
  typeof item === 'string'
    ? [`- ${escaped(item)}`]
    : [`- ${escaped(item.text)}${moreOf(item)}`, ...item.parts.map((part) => `  - ${escaped(part)}`)]

const moreOf = ({ more }: Item): string =>
  more === undefined ? '' : ` Each is told in [${escaped(more.title)}](#${slugOf(more.title)}).`

const factsText = (facts: readonly (readonly [string, string])[]): string =>
  facts.map(([name, value]) => `- ${escaped(name)}: ${escaped(value)}`).join('\n')

const signs = /[\\`*[\]<>|~]|&(?=#?\w+;)|^[-+#=]|(?<=^\d+)[.)](?=\s|$)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu

/** Text as Markdown text: what Markdown, HTML in Markdown or a table would read as a sign is escaped. */
export const escaped = (text: string): string =>
  plain(text).replace(signs, (sign) => {
    if (sign === '<') return '&lt;'
    if (sign === '>') return '&gt;'
    return sign === '&' ? '&amp;' : `\\${sign}`
  })

/** Code between fences that are longer than any run of backticks in it. */
const fenced = (code: string): string => {
  const longest = Math.max(2, ...(plain(code).match(/`+/g) ?? []).map((run) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${plain(code)}\n${fence}`
}

/** Cells beyond this width are not padded for: one long source must not widen every row. */
const paddedMax = 60

const tableText = (table: Table): string => {
  const { columns, rows } = flattened(table)
  if (rows.length === 0) return 'None.'
  const lines = [columns.map(({ label }) => escaped(label)), ...rows.map((cells) => cells.map(cellMarkdown))]
  const widths = columns.map((_, at) =>
    Math.max(3, ...lines.map((cells) => widthOf(cells[at])).filter((width) => width <= paddedMax)),
  )
  const [head = [], ...body] = lines.map((cells) =>
    columns.map(({ numeric }, at) => padded(cells[at] ?? '', widths[at] ?? 0, numeric === true)),
  )
  const rule = columns.map(({ numeric }, at) => {
    const dashes = '-'.repeat((widths[at] ?? 3) - 1)
    return numeric ? `${dashes}:` : `${dashes}-`
  })
  return [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const cellMarkdown = (cell: Cell): string =>
  typeof cell !== 'string' && 'lines' in cell
    ? cell.lines
        .map(({ text, to }) => (to === undefined ? escaped(text) : `[${escaped(text)}](#${to.heading})`))
        .join('; ')
    : escaped(cellText(cell))

const widthOf = (text: string | undefined): number => [...(text ?? '')].length

const padded = (text: string, width: number, numeric: boolean): string => {
  const room = ' '.repeat(Math.max(0, width - widthOf(text)))
  return numeric ? `${room}${text}` : `${text}${room}`
}

/** Markdown has neither spanning headings nor row groups: both are spelled out, in the headings and in a first column. */
const flattened = ({
  columns,
  spans,
  rows,
}: Table): { readonly columns: readonly Column[]; readonly rows: readonly (readonly Cell[])[] } => {
  const prefixes = (spans ?? []).flatMap(({ label, columns: number }) =>
    Array.from({ length: number }, () => label),
  )
  const spelled = columns.map((column, at) => {
    const prefix = prefixes[at - 1]
    return prefix === undefined ? column : { ...column, label: `${prefix} ${column.label}` }
  })
  const isGrouped = rows.some(({ group }) => group !== undefined)
  return {
    columns: isGrouped ? [{ label: 'of' }, ...spelled] : spelled,
    rows: rows.map((row) => [...(isGrouped ? [groupOf(row)] : []), ...row.cells]),
  }
}

const groupOf = ({ group }: Row): string => group ?? ''
