import { NotModelled } from '../../properties.ts'
import { foldCase } from './equals-ignore-case.ts'
import { InvalidPattern, isObject, type Leaf, type Matcher, onlyKey } from './field.ts'
import { comparable } from './number.ts'
import { comparableOperand } from './numeric.ts'
import { prefix } from './prefix.ts'
import { suffix } from './suffix.ts'
import { wildcard } from './wildcard.ts'

/**
 * `{ "anything-but": … }`: a value, a list of values of one type, or an inner prefix, suffix, equals-ignore-case or
 * wildcard, each with one text or a list. It needs a leaf: an absent field does not match.
 */
export const anythingBut = (operand: unknown): Matcher => {
  if (isObject(operand)) return butInner(operand)
  if (typeof operand === 'string') return butTexts([operand])
  if (typeof operand === 'number') return butNumbers([operand])
  if (!Array.isArray(operand)) throw notAValue()
  if (!operand.every((value) => typeof value === 'string' || typeof value === 'number'))
    throw new InvalidPattern('Inside anything but list, start|null|boolean is not supported.')
  const texts = operand.filter((value) => typeof value === 'string')
  const numbers = operand.filter((value) => typeof value === 'number')
  if (texts.length > 0 && numbers.length === 0) return butTexts(texts)
  if (numbers.length > 0 && texts.length === 0) return butNumbers(numbers)
  throw new InvalidPattern(
    'Inside anything but list, either all values are number or string, mixed type is not supported',
  )
}

const notAValue = (): Error =>
  new InvalidPattern('Value of anything-but must be an array or single string/number value.')

const butTexts = (texts: readonly string[]): Matcher => {
  const excluded = new Set<Leaf>(texts)
  return (leaf) => !excluded.has(leaf)
}

const butNumbers = (numbers: readonly number[]): Matcher => {
  const excluded = new Set(numbers.map(comparableOperand))
  return (leaf) => {
    const number = typeof leaf === 'number' ? comparable(leaf) : undefined
    return number === undefined || !excluded.has(number)
  }
}

const butInner = (operand: Readonly<Record<string, unknown>>): Matcher => {
  const [operator] = Object.keys(operand)
  if (operator === undefined) throw new InvalidPattern('Anything-But expression name not found')
  const inner = Object.hasOwn(inners, operator) ? inners[operator] : undefined
  if (inner === undefined) throw new InvalidPattern(`Unsupported anything-but pattern: ${operator}`)
  const value = operand[operator]
  if (typeof value !== 'string' && typeof value !== 'number' && !Array.isArray(value)) throw notAValue()
  // The compiler that AWS publishes lets it pass and its matcher has no state for it: what a bus says is not known.
  if (Array.isArray(value) && value.length === 0)
    throw new NotModelled(`Event pattern: an empty list in anything-but ${operator} is not modelled`)
  const excluded = (Array.isArray(value) ? value : [value]).map((text: unknown) => {
    if (typeof text !== 'string') throw new InvalidPattern(inner.notAText)
    if (text === '' && inner.emptyRefused) throw new InvalidPattern('Null prefix/suffix not allowed')
    return inner.matcher(text)
  })
  onlyKey(operand, 'Too many elements in numeric expression')
  return (leaf) => !excluded.some((matches) => matches(leaf))
}

const ignoringCase = (text: string): Matcher => {
  const folded = foldCase(text)
  return (leaf) => typeof leaf === 'string' && foldCase(leaf) === folded
}

const inners: Readonly<
  Record<
    string,
    {
      readonly matcher: (text: string) => Matcher
      readonly notAText: string
      readonly emptyRefused: boolean
    }
  >
> = {
  prefix: {
    matcher: prefix,
    notAText: 'prefix/suffix match pattern must be a string',
    emptyRefused: true,
  },
  suffix: {
    matcher: suffix,
    notAText: 'prefix/suffix match pattern must be a string',
    emptyRefused: true,
  },
  'equals-ignore-case': {
    matcher: ignoringCase,
    notAText: 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.',
    emptyRefused: false,
  },
  wildcard: {
    matcher: wildcard,
    notAText: 'wildcard match pattern must be a string',
    emptyRefused: false,
  },
}
