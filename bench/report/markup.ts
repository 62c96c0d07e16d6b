import { plain } from './format.ts'

/** Text that is already HTML. Only `html` and `joined` make it, so what came from a run is always escaped. */
export interface Html {
  readonly markup: string
}

type Part = Html | string | number | readonly Html[] | undefined

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text as HTML text or attribute value. */
export const escaped = (text: string): string =>
  plain(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? '')

const isList = (part: Part): part is readonly Html[] => Array.isArray(part)

const markupOf = (part: Part): string => {
  if (part === undefined) return ''
  if (typeof part === 'string') return escaped(part)
  if (typeof part === 'number') return escaped(String(part))
  return isList(part) ? part.map(({ markup }) => markup).join('') : part.markup
}

/** A template whose literals are markup and whose values are text, unless they are `Html` themselves. */
export const html = (literals: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  markup: literals.map((literal, at) => literal + markupOf(parts[at])).join(''),
})

export const nothing: Html = { markup: '' }

export const joined = (parts: readonly Html[], between = ''): Html => ({
  markup: parts.map(({ markup }) => markup).join(between),
})

/** A style sheet as it is; it holds no text of a run. */
export const styleSheet = (css: string): Html => ({ markup: `<style>\n${css}</style>` })
