import { InvalidPattern, type Matcher, onlyKey } from './field.ts'

/** `{ "equals-ignore-case": "a" }`: a text that differs from it in case at most. */
export const equalsIgnoreCase = (operand: unknown): Matcher => {
  const wanted = foldCase(textOperand(operand))
  return (leaf) => typeof leaf === 'string' && foldCase(leaf) === wanted
}

export const foldCase = (text: string): string => text.toLowerCase()

/** The text inside `{ "prefix": { "equals-ignore-case": text } }`. */
export const ignoreCaseOf = (operand: Readonly<Record<string, unknown>>, outer: string): string => {
  const [operator] = Object.keys(operand)
  const Outer = `${outer.charAt(0).toUpperCase()}${outer.slice(1)}`
  if (operator === undefined) throw new InvalidPattern(`${Outer} expression name not found`)
  if (operator !== 'equals-ignore-case') throw new InvalidPattern(`Unsupported ${outer} pattern: ${operator}`)
  const text = textOperand(operand[operator])
  onlyKey(operand, 'Only one key allowed in match expression')
  return text
}

const textOperand = (operand: unknown): string => {
  if (typeof operand !== 'string')
    throw new InvalidPattern('equals-ignore-case match pattern must be a string')
  return operand
}
