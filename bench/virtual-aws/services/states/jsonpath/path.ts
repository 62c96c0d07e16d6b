import { RefusedField } from '../definition/invalid.ts'
import { EvaluationError } from '../failure.ts'
import { equal, isObject } from '../json.ts'
import type { Scope } from '../scope.ts'
import { type ParsedPath, parsePath } from './parse.ts'
import type { FilterOperand, FilterPlace, FilterTest, Selector } from './selector.ts'

export interface Path {
  readonly text: string
  /** Names one place at most: fields and single indexes only. */
  readonly isDefinite: boolean
  /** Only fields and non-negative indexes from `$`, as `ResultPath` needs. */
  readonly isReference: boolean
  readonly parsed: ParsedPath
  /** What it finds: the value of a definite path, undefined for none; an array of all finds otherwise. */
  find(root: unknown, scope: Scope): unknown
}

/** Compiles a path. A syntax error is refused as AWS does, naming the field. */
export const compilePath = (text: string, field: string): Path => {
  const parsed = parseAt(text, field)
  const { root, selectors } = parsed
  const isDefinite = selectors.every(isSingle)
  const find = isDefinite ? findOne(selectors) : findAll(selectors)
  return {
    text,
    isDefinite,
    isReference: root === '$' && isDefinite,
    parsed,
    find: (data, scope) => find(rootValue(root, data, scope)),
  }
}

const parseAt = (text: string, field: string): ParsedPath => {
  try {
    return parsePath(text)
  } catch (error) {
    throw new RefusedField(`Value is not a valid JSONPath: ${(error as Error).message}`, field)
  }
}

const rootValue = (root: ParsedPath['root'], data: unknown, scope: Scope): unknown => {
  if (root === '$') return data
  return root === '$$' ? scope.context() : scope.variables[root.variable]
}

const isSingle = (selector: Selector): boolean =>
  (selector.kind === 'names' && selector.names.length === 1) ||
  (selector.kind === 'indexes' && selector.indexes.length === 1)

const findOne = (selectors: readonly Selector[]) => {
  const steps = selectors.map(stepOf)
  return (start: unknown): unknown => {
    let value = start
    for (const step of steps) {
      if (value === undefined) return undefined
      value = step(value)
    }
    return value
  }
}

const stepOf = (selector: Selector): ((value: unknown) => unknown) => {
  if (selector.kind === 'names') {
    const [name = ''] = selector.names
    return (value) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined)
  }
  const [index = 0] = selector.kind === 'indexes' ? selector.indexes : []
  return (value) => (Array.isArray(value) ? value.at(index) : undefined)
}

/** A path that may name many places finds an array, an empty one when there is nothing. */
const findAll =
  (selectors: readonly Selector[]) =>
  (start: unknown): unknown => {
    let values: readonly unknown[] = start === undefined ? [] : [start]
    for (const selector of selectors) values = values.flatMap((value) => [...select(selector, value, start)])
    return values
  }

const select = (selector: Selector, value: unknown, root: unknown): readonly unknown[] => {
  switch (selector.kind) {
    case 'names':
      return isObject(value)
        ? selector.names.filter((name) => Object.hasOwn(value, name)).map((name) => value[name])
        : []
    case 'indexes':
      return Array.isArray(value)
        ? selector.indexes.map((index) => value.at(index)).filter((item) => item !== undefined)
        : []
    case 'slice':
      return Array.isArray(value) ? slice(value, selector) : []
    case 'all':
      return children(value)
    case 'descendants':
      return descendants(value)
    case 'filter':
      return children(value).filter((child) => passes(selector.test, child, root))
    default:
      return selector satisfies never
  }
}

const children = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value
  return isObject(value) ? Object.values(value) : []
}

const descendants = (value: unknown): readonly unknown[] => [value, ...children(value).flatMap(descendants)]

const slice = (
  items: readonly unknown[],
  { from, to, step }: Extract<Selector, { kind: 'slice' }>,
): readonly unknown[] => items.slice(from, to).filter((_, index) => index % Math.max(1, step) === 0)

const comparisons: Readonly<Record<string, (left: unknown, right: unknown) => boolean>> = {
  '==': equal,
  '!=': (left, right) => !equal(left, right),
  '<': (left, right) => ordering(left, right) < 0,
  '<=': (left, right) => ordering(left, right) <= 0,
  '>': (left, right) => ordering(left, right) > 0,
  '>=': (left, right) => ordering(left, right) >= 0,
  in: (left, right) => Array.isArray(right) && right.some((item) => equal(left, item)),
  nin: (left, right) => Array.isArray(right) && !right.some((item) => equal(left, item)),
}

/** Below, at or above zero; NaN, which no comparison holds for, unless both are numbers or both are strings. */
const ordering = (left: unknown, right: unknown): number => {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left !== 'string' || typeof right !== 'string') return Number.NaN
  if (left === right) return 0
  return left < right ? -1 : 1
}

const passes = (test: FilterTest, item: unknown, root: unknown): boolean => {
  switch (test.kind) {
    case 'and':
      return test.tests.every((each) => passes(each, item, root))
    case 'or':
      return test.tests.some((each) => passes(each, item, root))
    case 'not':
      return !passes(test.test, item, root)
    case 'exists':
      return foundAt(test.place, item, root) !== undefined
    case 'compare': {
      const left = operandOf(test.left, item, root)
      return (
        left !== undefined && comparisons[test.operator]?.(left, operandOf(test.right, item, root)) === true
      )
    }
    default:
      return test satisfies never
  }
}

const operandOf = (operand: FilterOperand, item: unknown, root: unknown): unknown =>
  operand.kind === 'literal' ? operand.value : foundAt(operand.place, item, root)

const foundAt = ({ root: from, selectors }: FilterPlace, item: unknown, root: unknown): unknown =>
  findOne(selectors)(from === '@' ? item : root)

/** A path that must find something, else the state fails as AWS words it for a field such as `InputPath`. */
export const mustFind = (path: Path, root: unknown, scope: Scope): unknown => {
  const found = path.find(root, scope)
  if (found !== undefined) return found
  throw new EvaluationError(
    'States.Runtime',
    `Invalid path '${path.text}' : No results for path: ${canonical(path.parsed)}`,
  )
}

/** `$['a'][0]`, as AWS writes a path that found nothing. */
const canonical = ({ selectors }: ParsedPath): string => `$${selectors.map(canonicalSelector).join('')}`

const canonicalSelector = (selector: Selector): string => {
  switch (selector.kind) {
    case 'names':
      return `[${selector.names.map((name) => `'${name}'`).join(',')}]`
    case 'indexes':
      return `[${selector.indexes.join(',')}]`
    case 'slice':
      return `[${selector.from ?? ''}:${selector.to ?? ''}]`
    case 'all':
      return '[*]'
    case 'descendants':
      return '..'
    case 'filter':
      return '[?]'
    default:
      return selector satisfies never
  }
}

/** Puts a value where a reference path points, making objects on the way; what is not an object is replaced. */
export const place = (path: Path, into: unknown, value: unknown): unknown => {
  const put = (at: unknown, selectors: readonly Selector[]): unknown => {
    const [first, ...rest] = selectors
    if (first === undefined) return value
    if (first.kind === 'indexes') {
      const items = Array.isArray(at) ? [...at] : []
      const [index = 0] = first.indexes
      items[index] = put(items[index], rest)
      return items
    }
    const [name = ''] = first.kind === 'names' ? first.names : []
    const object = isObject(at) ? at : {}
    return { ...object, [name]: put(object[name], rest) }
  }
  return put(into, path.parsed.selectors)
}
