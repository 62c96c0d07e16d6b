import { NotModelled } from '../../properties.ts'
import { lookUp, type Operand, type Placeholders, parseOperand, parsePath, type Scope } from './operand.ts'
import { Tokens } from './tokens.ts'

/** Whether a condition holds. */
export type Condition = (scope: Scope) => boolean

/**
 * A condition expression as a closure. The grammar, `|` separating alternatives:
 *
 *     condition  = and { OR and }            and   = not { AND not }          not = NOT not | primary
 *     primary    = ( condition ) | attribute_exists ( path ) | attribute_not_exists ( path )
 *                | operand (= | <> | < | <= | > | >=) operand
 *     operand    = path | :value             path  = step { . step }          step = name | #name
 *
 * BETWEEN, IN and the other functions are refused by name.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export const parseCondition = (text: string, used: Placeholders): Condition => {
  const tokens = new Tokens(text, 'ConditionExpression')
  const condition = parseOr(tokens, used)
  if (tokens.peek().kind !== 'end') throw tokens.unexpected()
  return condition
}

const parseOr = (tokens: Tokens, used: Placeholders): Condition => {
  let left = parseAnd(tokens, used)
  while (tokens.takeIf('OR')) {
    const one = left
    const other = parseAnd(tokens, used)
    left = (scope) => one(scope) || other(scope)
  }
  return left
}

const parseAnd = (tokens: Tokens, used: Placeholders): Condition => {
  let left = parseNot(tokens, used)
  while (tokens.takeIf('AND')) {
    const one = left
    const other = parseNot(tokens, used)
    left = (scope) => one(scope) && other(scope)
  }
  return left
}

const parseNot = (tokens: Tokens, used: Placeholders): Condition => {
  if (!tokens.takeIf('NOT')) return parsePrimary(tokens, used)
  const inner = parseNot(tokens, used)
  return (scope) => !inner(scope)
}

const parsePrimary = (tokens: Tokens, used: Placeholders): Condition => {
  if (tokens.takeIf('(')) {
    const inner = parseOr(tokens, used)
    tokens.expect(')')
    return inner
  }
  const { kind, text } = tokens.peek()
  if (kind === 'name' && functions.has(text)) return parseFunction(text, tokens, used)
  return parseComparison(tokens, used)
}

const functions = new Set([
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
])

const parseFunction = (name: string, tokens: Tokens, used: Placeholders): Condition => {
  if (name !== 'attribute_exists' && name !== 'attribute_not_exists')
    throw new NotModelled(`dynamodb: the condition function ${name} is not modelled`)
  tokens.take()
  tokens.expect('(')
  const path = parsePath(tokens, used)
  tokens.expect(')')
  return name === 'attribute_exists'
    ? (scope) => lookUp(path, scope) !== undefined
    : (scope) => lookUp(path, scope) === undefined
}

const parseComparison = (tokens: Tokens, used: Placeholders): Condition => {
  const left = parseOperand(tokens, used)
  const operator = tokens.peek()
  if (operator.kind === 'name' && ['BETWEEN', 'IN'].includes(operator.text.toUpperCase()))
    throw new NotModelled(`dynamodb: ${operator.text.toUpperCase()} is not modelled in a condition`)
  const comparator = comparators[operator.text]
  if (operator.kind !== 'symbol' || comparator === undefined) throw tokens.unexpected()
  tokens.take()
  return comparator(left, parseOperand(tokens, used))
}

/** Values of different types are never equal and never ordered; an absent attribute differs from every value. */
const comparators: Readonly<Record<string, (left: Operand, right: Operand) => Condition>> = {
  '=': (left, right) => (scope) => areEqual(left(scope), right(scope)),
  '<>': (left, right) => (scope) => !areEqual(left(scope), right(scope)),
  '<': (left, right) => (scope) => order(left(scope), right(scope)) < 0,
  '<=': (left, right) => (scope) => order(left(scope), right(scope)) <= 0,
  '>': (left, right) => (scope) => order(left(scope), right(scope)) > 0,
  '>=': (left, right) => (scope) => order(left(scope), right(scope)) >= 0,
}

const areEqual = (a: unknown, b: unknown): boolean => {
  if (a === undefined || b === undefined) return false
  if (typeof a === 'object' || typeof b === 'object') return deepEqual(a, b)
  return a === b
}

const deepEqual = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const ofA = Object.entries(a)
  const ofB = new Map(Object.entries(b))
  return (
    ofA.length === ofB.size && ofA.every(([name, value]) => ofB.has(name) && deepEqual(value, ofB.get(name)))
  )
}

/** Numbers by value, texts by their UTF-8 bytes; NaN, which no comparison accepts, when they cannot be ordered. */
const order = (a: unknown, b: unknown): number => {
  if (isNumber(a) && isNumber(b)) return a < b ? -1 : Number(a > b)
  if (typeof a === 'string' && typeof b === 'string') return textOrder(a, b)
  return Number.NaN
}

const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'

/** UTF-8 bytes order as code points do; UTF-16 units do not where a surrogate meets U+E000 and above. */
const textOrder = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index += 1) {
    if (a.charCodeAt(index) !== b.charCodeAt(index))
      return (a.codePointAt(index) ?? 0) < (b.codePointAt(index) ?? 0) ? -1 : 1
  }
  return Math.sign(a.length - b.length)
}
