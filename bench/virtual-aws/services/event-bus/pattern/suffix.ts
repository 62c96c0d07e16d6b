import { foldCase, ignoreCaseOf } from './equals-ignore-case.ts'
import { InvalidPattern, isObject, type Matcher } from './field.ts'

/** `{ "suffix": "a" }` or `{ "suffix": { "equals-ignore-case": "a" } }`: a text that ends so. */
export const suffix = (operand: unknown): Matcher => {
  if (isObject(operand)) {
    const end = foldCase(ignoreCaseOf(operand, 'suffix'))
    return (leaf) => typeof leaf === 'string' && foldCase(leaf).endsWith(end)
  }
  if (typeof operand !== 'string') throw new InvalidPattern('suffix match pattern must be a string')
  return (leaf) => typeof leaf === 'string' && leaf.endsWith(operand)
}
