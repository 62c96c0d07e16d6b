import { isObject } from '../json.ts'
import { compileFilter, type Find, lengthOf } from './filter.ts'
import type { Selector } from './selector.ts'

/** Whether selectors name one place at most. Names at the end count as one: they give an object of what they find. */
export const isDefinite = (selectors: readonly Selector[]): boolean =>
  selectors.every((selector, position) => isSingle(selector) || isLeaf(selector, position, selectors.length))

const isSingle = (selector: Selector): boolean =>
  selector.kind === 'length' ||
  (selector.kind === 'names' && selector.names.length === 1) ||
  (selector.kind === 'indexes' && selector.indexes.length === 1)

const isLeaf = (selector: Selector, position: number, length: number): boolean =>
  selector.kind === 'names' && position === length - 1

/** The value of definite selectors, undefined for none; an array of all finds otherwise, empty when there is nothing. */
export const compileFind = (selectors: readonly Selector[]): Find =>
  isDefinite(selectors) ? findOne(selectors) : findAll(selectors)

const findOne = (selectors: readonly Selector[]): Find => {
  const steps = selectors.map(stepOf)
  return (start) => {
    let value = start
    for (const step of steps) {
      if (value === undefined) return undefined
      value = step(value)
    }
    return value
  }
}

const stepOf = (selector: Selector): ((value: unknown) => unknown) => {
  if (selector.kind === 'length') return lengthOf
  if (selector.kind === 'names') return namesStep(selector.names)
  const [index = 0] = selector.kind === 'indexes' ? selector.indexes : []
  return (value) => (Array.isArray(value) ? value.at(index) : undefined)
}

const namesStep = (names: readonly string[]): ((value: unknown) => unknown) => {
  const [name = '', ...others] = names
  if (others.length === 0) {
    return (value) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined)
  }
  return (value) =>
    isObject(value)
      ? Object.fromEntries(names.filter((one) => Object.hasOwn(value, one)).map((one) => [one, value[one]]))
      : undefined
}

type Select = (value: unknown, root: unknown) => readonly unknown[]

const findAll = (selectors: readonly Selector[]): Find => {
  const selects = selectors.map(selectOf)
  return (start) => {
    let values: readonly unknown[] = start === undefined ? [] : [start]
    for (const select of selects) values = values.flatMap((value) => [...select(value, start)])
    return values
  }
}

const selectOf = (selector: Selector): Select => {
  switch (selector.kind) {
    case 'names':
    case 'length': {
      const step = stepOf(selector)
      return (value) => present(step(value))
    }
    case 'indexes':
      return (value) =>
        Array.isArray(value) ? selector.indexes.flatMap((index) => present(value.at(index))) : []
    case 'slice':
      return (value) => (Array.isArray(value) ? slice(value, selector) : [])
    case 'all':
      return children
    case 'descendants':
      return descendants
    case 'filter': {
      const passes = compileFilter(selector.test, compileFind)
      // A filter on an object asks the object itself, and not its members.
      return (value, root) => candidates(value).filter((item) => passes(item, root))
    }
    default:
      return selector satisfies never
  }
}

const present = (value: unknown): readonly unknown[] => (value === undefined ? [] : [value])

const candidates = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value
  return isObject(value) ? [value] : []
}

const children = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value
  return isObject(value) ? Object.values(value) : []
}

const descendants = (value: unknown): readonly unknown[] => [value, ...children(value).flatMap(descendants)]

/**
 * With one bound the items from or up to it, counted from the end when it is negative. Between two bounds, Jayway
 * JsonPath goes from the one number to the other, and only then takes a negative one from the end: `[1:-1]` is nothing.
 */
const slice = (
  items: readonly unknown[],
  { from, to }: Extract<Selector, { kind: 'slice' }>,
): readonly unknown[] => {
  if (from === undefined || to === undefined) return items.slice(from, to)
  const found: unknown[] = []
  for (let index = Math.max(from, -items.length); index < Math.min(to, items.length); index += 1)
    found.push(items.at(index))
  return found
}
