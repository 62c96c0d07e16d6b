import { isObject } from '../json.ts'

/** One step of a path: a name, and at most one index behind it. */
export interface Step {
  readonly name: string
  readonly index: number | undefined
}

/**
 * Walks a path as JSONata does: arrays are mapped over and flattened by one level at each step, and a sequence of
 * one is that one. An array that a last step finds in a single object is given as it is, even when it has one
 * item or none: it is a value and not a sequence.
 */
export const walk = (start: unknown, steps: readonly Step[]): unknown => {
  let value = start
  const last = steps.length - 1
  for (const [position, { name, index }] of steps.entries()) {
    if (!isObject(value)) {
      return Array.isArray(value) ? walkItems(value, steps.slice(position)) : undefined
    }
    const found = Object.hasOwn(value, name) ? value[name] : undefined
    value = index === undefined ? found : itemAt(found, index)
    if (value === undefined) return undefined
    if (position === last) return value
  }
  return value
}

/** The general case: a sequence goes from step to step. */
const walkItems = (start: readonly unknown[], steps: readonly Step[]): unknown => {
  let items = start
  const last = steps.length - 1
  for (const [position, step] of steps.entries()) {
    const found = stepItems(items, step)
    if (position === last && found.single !== undefined) return found.single
    items = found.items
    if (items.length === 0) return undefined
  }
  return items.length === 1 ? items[0] : items
}

interface Found {
  readonly items: readonly unknown[]
  /** The one array that the whole step found, which a last step gives as it is. */
  readonly single: readonly unknown[] | undefined
}

const stepItems = (input: readonly unknown[], step: Step): Found => {
  const finds = input.map((item) => findIn(item, step)).filter((found) => found !== undefined)
  const items: unknown[] = []
  for (const { value } of finds) push(value, items)
  const [only, ...others] = finds
  const isSingle = only !== undefined && others.length === 0 && !only.isSequence && Array.isArray(only.value)
  return { items, single: isSingle ? (only.value as readonly unknown[]) : undefined }
}

interface Find {
  readonly value: unknown
  readonly isSequence: boolean
}

/** Undefined when the item has nothing there. An index that finds nothing still counts as an (empty) find. */
const findIn = (item: unknown, { name, index }: Step): Find | undefined => {
  const found = lookUp(item, name)
  if (index !== undefined) return { value: itemAt(found.value, index), isSequence: false }
  return found.value === undefined ? undefined : found
}

const lookUp = (item: unknown, name: string): Find => {
  if (Array.isArray(item)) {
    const items: unknown[] = []
    collect(item, name, items)
    if (items.length > 1) return { value: items, isSequence: true }
    return { value: items[0], isSequence: false }
  }
  const value = isObject(item) && Object.hasOwn(item, name) ? item[name] : undefined
  return { value, isSequence: false }
}

const collect = (items: readonly unknown[], name: string, into: unknown[]): void => {
  for (const item of items) {
    if (Array.isArray(item)) collect(item, name, into)
    else if (isObject(item) && Object.hasOwn(item, name)) push(item[name], into)
  }
}

const push = (value: unknown, into: unknown[]): void => {
  if (Array.isArray(value)) for (const one of value) into.push(one)
  else if (value !== undefined) into.push(value)
}

/** `value[index]`, from the end when negative; a value that is no array is an array of one. */
export const itemAt = (value: unknown, index: number): unknown => {
  if (!Array.isArray(value)) return index === 0 || index === -1 ? value : undefined
  return value[index < 0 ? value.length + index : index]
}
