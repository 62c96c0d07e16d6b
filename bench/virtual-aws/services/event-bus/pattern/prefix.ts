import { foldCase, ignoreCaseOf } from './equals-ignore-case.ts'
import { InvalidPattern, isObject, type Matcher } from './field.ts'

/** `{ "prefix": "a" }` or `{ "prefix": { "equals-ignore-case": "a" } }`: a text that begins so. */
export const prefix = (operand: unknown): Matcher => {
  if (isObject(operand)) {
    const start = foldCase(ignoreCaseOf(operand, 'prefix'))
    return (leaf) => typeof leaf === 'string' && foldCase(leaf).startsWith(start)
  }
  if (typeof operand !== 'string') throw new InvalidPattern('prefix match pattern must be a string')
  return (leaf) => typeof leaf === 'string' && leaf.startsWith(operand)
}
