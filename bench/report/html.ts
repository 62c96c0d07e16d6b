import type { Results } from '../results.ts'
import { type Contents, contentsOf } from './contents.ts'
import {
  type Block,
  type Cell,
  type Column,
  cellText,
  type Item,
  type Line,
  type Row,
  type Section,
  type Table,
} from './document.ts'
import { type Html, html, joined, nothing, styleSheet } from './markup.ts'
import { css } from './style.ts'

/** The whole report as one page that needs no network, no script and no other file. */
export const renderHtml = async (results: Results): Promise<string> => {
  const contents = contentsOf(results)
  const sections = await Promise.all(contents.sections.map(sectionMarkup))
  return page(contents, await sectionMarkup(contents.opening), sections).markup
}

const page = (
  { title, subtitle, label, brief, facts, command, sections }: Contents,
  opening: Html,
  drawn: readonly Html[],
): Html =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title} (${label})</title>
${styleSheet(css)}
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header>
<h1>${title}</h1>
<p class="subtitle">${subtitle} <span class="badge">${label}</span></p>
<p class="brief">${brief}</p>
${opening}
<details><summary>About this run</summary>
${factsMarkup(facts)}
<pre><code>${command}</code></pre></details>
</header>
<nav aria-label="Contents"><ol>${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ol></nav>
<main id="main" tabindex="-1">
${joined(drawn, '\n')}
</main>
<footer><p>Every figure on this page is ${label}, unless it is a price or a latency with its own source.</p></footer>
</body>
</html>
`

const factsMarkup = (facts: Contents['facts']): Html =>
  html`<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`

const sectionMarkup = async ({ id, title, blocks }: Section): Promise<Html> => {
  const drawn = await blocksMarkup(blocks)
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${title}</h2>
${drawn}
</section>`
}

const blocksMarkup = async (blocks: readonly Block[]): Promise<Html> =>
  joined(await Promise.all(blocks.map(blockMarkup)), '\n')

const blockMarkup = async (block: Block): Promise<Html> => {
  switch (block.kind) {
    case 'paragraph':
      return html`<p>${block.text}</p>`
    case 'heading':
      return html`<h3>${block.text}</h3>`
    case 'list':
      return listMarkup(block.items)
    case 'code':
      return html`<pre><code>${block.text}</code></pre>`
    case 'link':
      return html`<p class="anchor" id="${block.anchor}"><a href="#${block.to}">${block.text}</a></p>`
    case 'facts':
      return factsMarkup(block.facts)
    case 'table':
      return tableMarkup(block)
    case 'chart':
      return block.draw()
    case 'details':
      return html`<details><summary>${block.summary}</summary>${anchorMarkup(block.anchor)}
${await blocksMarkup(block.blocks)}</details>`
    case 'only':
      return block.medium === 'html' ? blocksMarkup(block.blocks) : nothing
  }
}

// Within the fold: a browser unfolds what holds the target of a link, but not a target that is folded itself.
const anchorMarkup = (anchor: string | undefined): Html =>
  anchor === undefined ? nothing : html`<div class="anchor" id="${anchor}"></div>`

const listMarkup = (items: readonly (string | Item)[]): Html =>
  html`<ul class="plain">${items.map((item) =>
    typeof item === 'string'
      ? html`<li>${item}</li>`
      : html`<li>${item.text}${moreMarkup(item)}${item.parts.length === 0 ? nothing : listMarkup(item.parts)}</li>`,
  )}</ul>`

const moreMarkup = ({ more }: Item): Html =>
  more === undefined ? nothing : html` Each is told in <a href="#${more.id}">${more.title}</a>.`

/** A table that scrolls by itself when the page is narrow, and by the keyboard too. */
const tableMarkup = (table: Table): Html =>
  html`<div class="scroll" role="group" aria-label="${table.caption}" tabindex="0"><table${table.narrow === undefined ? nothing : html` class="${table.narrow}"`}><caption><span>${table.caption}</span></caption>
<thead>${spansMarkup(table)}<tr>${table.columns.map((column) => html`<th scope="col"${numericClass(column)}>${column.label}</th>`)}</tr></thead>
${groupsOf(table.rows).map(({ group, rows }) => bodyMarkup(table, group, rows))}</table></div>`

const spansMarkup = ({ spans }: Table): Html =>
  spans === undefined
    ? nothing
    : html`<tr><td></td>${spans.map(({ label, columns }) => html`<th scope="colgroup" colspan="${columns}">${label}</th>`)}</tr>`

const numericClass = (column: Column | undefined): Html => (column?.numeric ? html` class="num"` : nothing)

interface Group {
  readonly group: string | undefined
  readonly rows: readonly Row[]
}

/** Rows that follow each other under the same name. */
const groupsOf = (rows: readonly Row[]): readonly Group[] => {
  const groups: { group: string | undefined; rows: Row[] }[] = []
  for (const row of rows) {
    const last = groups.at(-1)
    if (last !== undefined && last.group === row.group) last.rows.push(row)
    else groups.push({ group: row.group, rows: [row] })
  }
  return groups
}

const bodyMarkup = ({ columns, narrow }: Table, group: string | undefined, rows: readonly Row[]): Html =>
  html`<tbody>${
    group === undefined
      ? nothing
      : html`<tr><th class="group" scope="rowgroup" colspan="${columns.length}">${group}</th></tr>`
  }
${joined(
  rows.map(({ cells, anchor }) => {
    const id = anchor === undefined ? nothing : html` class="anchor" id="${anchor}"`
    return html`<tr${id}>${cells.map((cell, at) => cellMarkup(cell, columns[at], at, narrow === 'stacked'))}</tr>`
  }),
  '\n',
)}</tbody>
`

/** A name like ReserveInventory may break between its words, should its column be narrow. */
const humped = (text: string): Html =>
  joined(
    text.split(/(?<=[a-z])(?=[A-Z])/).map((word) => html`${word}`),
    '<wbr>',
  )

const cellMarkup = (cell: Cell, column: Column | undefined, at: number, isNamed: boolean): Html => {
  const name = isNamed ? html` data-column="${column?.label}"` : nothing
  if (typeof cell !== 'string' && 'lines' in cell)
    return at === 0
      ? html`<th scope="row">${linesMarkup(cell.lines)}</th>`
      : html`<td${name}>${linesMarkup(cell.lines)}</td>`
  if (at === 0) return html`<th scope="row">${humped(cellText(cell))}</th>`
  const classes = [
    ...(column?.numeric ? ['num'] : []),
    ...(column?.slim ? ['slim'] : []),
    ...(typeof cell === 'string' ? [] : [cell.tone]),
  ]
  const text = column?.names ? humped(cellText(cell)) : cellText(cell)
  return classes.length === 0
    ? html`<td${name}>${text}</td>`
    : html`<td class="${classes.join(' ')}"${name}>${text}</td>`
}

const linesMarkup = (lines: readonly Line[]): readonly Html[] =>
  lines.map(({ text, tone, to }) => {
    const content = to === undefined ? humped(text) : html`<a href="#${to.page}">${text}</a>`
    return html`<span class="line${tone === undefined ? '' : ` ${tone}`}">${content}</span>`
  })
