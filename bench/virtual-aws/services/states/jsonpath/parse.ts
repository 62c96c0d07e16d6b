import { parseFilter } from './filter-parser.ts'
import type { Selector } from './selector.ts'

export interface ParsedPath {
  /** `$`: the data at hand; `$$`: the Context object; otherwise the name of a variable. */
  readonly root: '$' | '$$' | { readonly variable: string }
  readonly selectors: readonly Selector[]
}

const rootForm = /^(\$\$|\$(?:[\p{ID_Start}_]\p{ID_Continue}*)?)/u

/** Reads a path. Throws a plain Error that says what is wrong; whoever compiles says where. */
export const parsePath = (text: string): ParsedPath => {
  const root = rootForm.exec(text)?.[0]
  if (root === undefined) throw new Error(`Expected a path that starts with $, got '${text}'`)
  const selectors = parseSelectors(text.slice(root.length), text)
  if (root === '$' || root === '$$') return { root, selectors }
  return { root: { variable: root.slice(1) }, selectors }
}

const parseSelectors = (text: string, whole: string): readonly Selector[] => {
  const selectors: Selector[] = []
  let rest = text
  while (rest !== '') {
    const [taken, read] = parseSelector(rest, whole)
    selectors.push(...read)
    rest = rest.slice(taken)
  }
  return selectors
}

const parseSelector = (rest: string, whole: string): readonly [number, readonly Selector[]] => {
  // A dot before a bracket says nothing: `$.[0]` is `$[0]`.
  if (rest.startsWith('.[')) {
    const [taken, read] = parseSelector(rest.slice(1), whole)
    return [taken + 1, read]
  }
  const descendants: readonly Selector[] = rest.startsWith('..') ? [{ kind: 'descendants' }] : []
  const skipped = descendants.length > 0 ? 2 : 0
  const at = rest.slice(skipped)
  if (at.startsWith('[')) {
    const inside = bracketed(at, whole)
    return [skipped + inside.length + 2, [...descendants, parseBracket(inside.trim(), whole)]]
  }
  const dotted = descendants.length > 0 ? at : at.slice(1)
  const name = /^(\*|(?:\\.|[^.[\]*\s\\])+)/.exec(dotted)?.[0]
  if ((descendants.length === 0 && !at.startsWith('.')) || name === undefined) {
    throw new Error(
      `Expected a field or an index after '${whole.slice(0, whole.length - rest.length)}' in '${whole}'`,
    )
  }
  const selector = dottedSelector(name)
  return [skipped + (descendants.length > 0 ? 0 : 1) + name.length, [...descendants, selector]]
}

/**
 * The one function that AWS takes is `length()`; any other is a name that nothing has. Behind a backslash any character
 * is of the name: so the examples of "Reference Paths" in https://states-language.net/spec.html (read 2026-11-25).
 */
const dottedSelector = (name: string): Selector => {
  if (name === '*') return { kind: 'all' }
  return name === 'length()' ? { kind: 'length' } : { kind: 'names', names: [name.replace(/\\(.)/g, '$1')] }
}

/** What stands between a bracket and the one that closes it, quotes respected. */
const bracketed = (text: string, whole: string): string => {
  let depth = 0
  let quote: string | undefined
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (quote !== undefined) {
      if (char === '\\') at += 1
      else if (char === quote) quote = undefined
    } else if (char === "'" || char === '"') quote = char
    else depth += depthOf(char)
    if (depth === 0) return text.slice(1, at)
  }
  throw new Error(`Expected a closing bracket in '${whole}'`)
}

const depthOf = (char: string): number => {
  if (char === '[') return 1
  return char === ']' ? -1 : 0
}

/** Jayway JsonPath, which AWS uses, reads two numbers of a slice, of which one must be there, and no step. */
const sliceForm = /^(?=-?\d|:-?\d)(-?\d+)?:(-?\d+)?(?::[-\d:]*)?$/
const indexesForm = /^-?\d+(\s*,\s*-?\d+)*$/
const namesForm =
  /^(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")(?:\s*,\s*(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))*$/

const parseBracket = (inside: string, whole: string): Selector => {
  if (inside === '*') return { kind: 'all' }
  const slice = sliceForm.exec(inside)
  if (slice !== null) return { kind: 'slice', from: integer(slice[1]), to: integer(slice[2]) }
  if (indexesForm.test(inside)) return { kind: 'indexes', indexes: inside.split(',').map(Number) }
  if (namesForm.test(inside)) return { kind: 'names', names: quotedNames(inside) }
  if (inside.startsWith('?')) {
    return { kind: 'filter', test: parseFilter(inside.slice(1).trim(), whole, parseSelectors) }
  }
  throw new Error(
    `Expected an index, a slice, a name in quotes, * or a filter in '[${inside}]' of '${whole}'`,
  )
}

const integer = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text)

const quotedNames = (text: string): readonly string[] =>
  [...text.matchAll(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g)].map((found) =>
    (found[1] ?? found[2] ?? '').replace(/\\(.)/g, '$1'),
  )
