import { EvaluationError } from '../failure.ts'
import { isObject } from '../json.ts'
import type { Path } from './path.ts'
import type { Selector } from './selector.ts'

/** What comes of putting a value into some data. */
type Place = (into: unknown, value: unknown) => unknown

/**
 * Puts a value where a reference path points, making objects on the way. What is there and can hold no such member
 * fails the state: a path cannot be applied through a string, a number, an array by name, or beyond an array's end.
 */
export const compilePlacement = ({ text, parsed }: Path): Place => {
  const put = parsed.selectors.reduceRight<Place>(
    (rest, selector) => stepOf(selector, rest),
    (_, value) => value,
  )
  return (into, value) => {
    try {
      return put(into, value)
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error
      throw new EvaluationError(
        'States.ResultPathMatchFailure',
        `Unable to apply ReferencePath ${text} to input ${JSON.stringify(into)}`,
      )
    }
  }
}

class Mismatch extends Error {}

const stepOf = (selector: Selector, rest: Place): Place => {
  if (selector.kind === 'indexes') return itemStep(selector.indexes[0] ?? 0, rest)
  return memberStep(selector.kind === 'names' ? (selector.names[0] ?? '') : '', rest)
}

const memberStep =
  (name: string, rest: Place): Place =>
  (into = {}, value) => {
    if (!isObject(into)) throw new Mismatch()
    return { ...into, [name]: rest(Object.hasOwn(into, name) ? into[name] : undefined, value) }
  }

const itemStep =
  (index: number, rest: Place): Place =>
  (into = [], value) => {
    if (!Array.isArray(into) || index > into.length) throw new Mismatch()
    const items = [...into]
    items[index] = rest(items[index], value)
    return items
  }
