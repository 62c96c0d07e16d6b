import { equal, isObject } from '../json.ts'
import type { FilterOperand, FilterPlace, FilterTest, Selector } from './selector.ts'

/** What selectors find below a value, undefined for nothing. */
export type Find = (value: unknown) => unknown

/** Compiles the selectors of a place; handed in, since paths hold filters and filters hold paths. */
type CompileFind = (selectors: readonly Selector[]) => Find

/** Whether an item passes, in the data that the whole path started from. */
export type Passes = (item: unknown, root: unknown) => boolean

/** Compiles a filter's condition to a closure. */
export const compileFilter = (test: FilterTest, compileFind: CompileFind): Passes => {
  const compiled = (inner: FilterTest): Passes => compileFilter(inner, compileFind)
  switch (test.kind) {
    case 'and': {
      const all = test.tests.map(compiled)
      return (item, root) => all.every((passes) => passes(item, root))
    }
    case 'or': {
      const any = test.tests.map(compiled)
      return (item, root) => any.some((passes) => passes(item, root))
    }
    case 'not': {
      const passes = compiled(test.test)
      return (item, root) => !passes(item, root)
    }
    case 'exists': {
      const read = compilePlace(test.place, compileFind)
      return (item, root) => read(item, root) !== undefined
    }
    case 'compare':
      return compileComparison(test, compileFind)
    default:
      return test satisfies never
  }
}

type Read = (item: unknown, root: unknown) => unknown

const compileComparison = (
  { operator, left, right }: Extract<FilterTest, { kind: 'compare' }>,
  compileFind: CompileFind,
): Passes => {
  const compare = comparisons[operator]
  const [readLeft, readRight] = [compileOperand(left, compileFind), compileOperand(right, compileFind)]
  return (item, root) => {
    const value = readLeft(item, root)
    return value !== undefined && compare?.(value, readRight(item, root)) === true
  }
}

const compileOperand = (operand: FilterOperand, compileFind: CompileFind): Read => {
  if (operand.kind === 'place') return compilePlace(operand.place, compileFind)
  const { value } = operand
  return () => value
}

const compilePlace = ({ root: from, selectors }: FilterPlace, compileFind: CompileFind): Read => {
  const find = compileFind(selectors)
  return from === '@' ? (item) => find(item) : (_item, root) => find(root)
}

/** By operator. Those in words are of Jayway JsonPath, whose dialect AWS takes. */
const comparisons: Readonly<Record<string, (left: unknown, right: unknown) => boolean>> = {
  '==': equal,
  '!=': (left, right) => !equal(left, right),
  '<': (left, right) => ordering(left, right) < 0,
  '<=': (left, right) => ordering(left, right) <= 0,
  '>': (left, right) => ordering(left, right) > 0,
  '>=': (left, right) => ordering(left, right) >= 0,
  '=~': (left, right) => typeof left === 'string' && right instanceof RegExp && right.test(left),
  in: (left, right) => Array.isArray(right) && has(right, left),
  nin: (left, right) => Array.isArray(right) && !has(right, left),
  subsetof: (left, right) => both(left, right, (items, others) => items.every((item) => has(others, item))),
  anyof: (left, right) => both(left, right, (items, others) => items.some((item) => has(others, item))),
  noneof: (left, right) => both(left, right, (items, others) => !items.some((item) => has(others, item))),
  contains: (left, right) =>
    Array.isArray(left) ? has(left, right) : typeof left === 'string' && left.includes(String(right)),
  size: (left, right) => lengthOf(left) === right,
  empty: (left, right) => (lengthOf(left) === 0) === right && lengthOf(left) !== undefined,
}

export const filterOperators: readonly string[] = Object.keys(comparisons)

const has = (items: readonly unknown[], value: unknown): boolean => items.some((item) => equal(item, value))

const both = (
  left: unknown,
  right: unknown,
  holds: (items: readonly unknown[], others: readonly unknown[]) => boolean,
): boolean => Array.isArray(left) && Array.isArray(right) && holds(left, right)

/** Of an array, a string or an object; undefined for what has none. */
export const lengthOf = (value: unknown): number | undefined => {
  if (Array.isArray(value) || typeof value === 'string') return value.length
  return isObject(value) ? Object.keys(value).length : undefined
}

/** Below, at or above zero; NaN, which no comparison holds for, unless both are numbers or both are strings. */
const ordering = (left: unknown, right: unknown): number => {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left !== 'string' || typeof right !== 'string') return Number.NaN
  if (left === right) return 0
  return left < right ? -1 : 1
}
