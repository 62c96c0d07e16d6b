import { InvalidPattern, type Matcher } from './field.ts'
import { comparable, numberMax } from './number.ts'

/** `{ "numeric": [">", 0, "<=", 5] }`: one bound, two bounds from below to above, or `["=", 5]`. */
export const numeric = (operand: unknown): Matcher => {
  if (!Array.isArray(operand)) throw new InvalidPattern('Value of numeric must be an array.')
  const [operator, value, ...rest] = operand
  if (typeof operator !== 'string')
    throw new InvalidPattern(`Invalid member in numeric match: ${operator ?? ']'}`)
  if (!Object.hasOwn(bounds, operator))
    throw new InvalidPattern(`Unrecognized numeric range operator: ${operator}`)
  const first = boundOf(operator, value, operator === '=' ? 'equals' : operator)
  if (rest.length === 0) return overNumbers(first.holds)
  if (operator !== '>' && operator !== '>=')
    throw new InvalidPattern('Too many elements in numeric expression')
  const second = upperBound(rest)
  if (first.limit >= second.limit) throw new InvalidPattern('Bottom must be less than top')
  return overNumbers((number) => first.holds(number) && second.holds(number))
}

interface Bound {
  readonly limit: number
  readonly holds: (number: number) => boolean
}

/** Over comparable forms. */
const bounds: Readonly<Record<string, (limit: number) => (number: number) => boolean>> = {
  '=': (limit) => (number) => number === limit,
  '<': (limit) => (number) => number < limit,
  '<=': (limit) => (number) => number <= limit,
  '>': (limit) => (number) => number > limit,
  '>=': (limit) => (number) => number >= limit,
}

const upperBound = ([operator, value, ...rest]: readonly unknown[]): Bound => {
  if (typeof operator !== 'string')
    throw new InvalidPattern(`Bad value in numeric range: ${String(operator)}`)
  if (operator !== '<' && operator !== '<=')
    throw new InvalidPattern(`Bad numeric range operator: ${operator}`)
  const bound = boundOf(operator, value, operator)
  if (rest.length > 0) throw new InvalidPattern('Too many terms in numeric range expression')
  return bound
}

const boundOf = (operator: string, value: unknown, shown: string): Bound => {
  if (typeof value !== 'number') throw new InvalidPattern(`Value of ${shown} must be numeric`)
  const limit = comparableOperand(value)
  return { limit, holds: bounds[operator]?.(limit) ?? (() => false) }
}

/** A number that a pattern compares with must have a comparable form. */
export const comparableOperand = (value: number): number => {
  const limit = comparable(value)
  if (limit !== undefined) return limit
  throw new InvalidPattern(
    Math.abs(value) > numberMax
      ? 'Value must be between -5.0E9 and 5.0E9, inclusive'
      : `Only values upto 6 decimals are supported: ${value}`,
  )
}

const overNumbers =
  (holds: (number: number) => boolean): Matcher =>
  (leaf) => {
    const number = typeof leaf === 'number' ? comparable(leaf) : undefined
    return number !== undefined && holds(number)
  }
