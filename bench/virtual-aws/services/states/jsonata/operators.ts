import { outside, sameValue, stringOf } from './values.ts'

/** A binary operator over evaluated operands; `and` and `or` are apart, since they may not need the second. */
export type Operator = (left: unknown, right: unknown) => unknown

const arithmetic =
  (compute: (left: number, right: number) => number): Operator =>
  (left, right) =>
    typeof left === 'number' && typeof right === 'number' ? finite(compute(left, right)) : outside()

/** A number that JSON cannot hold is an error that the library words. */
const finite = (value: number): number => (Number.isFinite(value) ? value : outside())

const comparison =
  (compare: <T extends string | number>(left: T, right: T) => boolean): Operator =>
  (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return compare(left, right)
    return typeof left === 'string' && typeof right === 'string' ? compare(left, right) : outside()
  }

export const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['+', arithmetic((left, right) => left + right)],
  ['-', arithmetic((left, right) => left - right)],
  ['*', arithmetic((left, right) => left * right)],
  ['/', arithmetic((left, right) => left / right)],
  ['%', arithmetic((left, right) => left % right)],
  ['=', (left, right) => left !== undefined && right !== undefined && sameValue(left, right)],
  ['!=', (left, right) => left !== undefined && right !== undefined && !sameValue(left, right)],
  ['<', comparison((left, right) => left < right)],
  ['<=', comparison((left, right) => left <= right)],
  ['>', comparison((left, right) => left > right)],
  ['>=', comparison((left, right) => left >= right)],
  [
    '&',
    (left, right) =>
      (left === undefined ? '' : stringOf(left)) + (right === undefined ? '' : stringOf(right)),
  ],
  ['in', (left, right) => includes(left, right)],
])

const includes = (left: unknown, right: unknown): boolean => {
  if (left === undefined || right === undefined) return false
  return Array.isArray(right) ? right.includes(left) : right === left
}
