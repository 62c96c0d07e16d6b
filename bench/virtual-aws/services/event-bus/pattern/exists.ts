import { InvalidPattern } from './field.ts'

/** `{ "exists": true }` or false: whether there is a leaf at all; an object or an empty array is none. */
export const exists = (operand: unknown): boolean => {
  if (typeof operand !== 'boolean')
    throw new InvalidPattern('exists match pattern must be either true or false.')
  return operand
}
