import { isRecord, NotModelled, type Properties } from '../../properties.ts'
import { validationException } from '../errors.ts'
import { frozenCopy, type Item } from '../item.ts'
import {
  lookUp,
  nameOf,
  type Operand,
  type Path,
  type Placeholders,
  parseOperand,
  parsePath,
  type Scope,
} from './operand.ts'
import { Tokens } from './tokens.ts'

/** The item after an update; the given one is left as it is. */
export type Update = (scope: Scope) => Item

/** Sets a path to what the operand gives of the item as it was; undefined removes it. */
interface Assignment {
  readonly path: Path
  readonly value: Operand
}

/**
 * An update expression as a closure: SET path = operand [(+|-) operand], …; ADD path :number, …; REMOVE path, ….
 * An operand is a path, a `:value` or if_not_exists(path, operand). DELETE and list_append are refused by name.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
export const parseUpdate = (text: string, used: Placeholders): Update => {
  const tokens = new Tokens(text, 'UpdateExpression')
  const assignments: Assignment[] = []
  const seen = new Set<string>()
  while (tokens.peek().kind !== 'end') {
    const clause = tokens.peek().text.toUpperCase()
    const parse = clauses[clause]
    if (clause === 'DELETE') throw new NotModelled('dynamodb: the update clause DELETE is not modelled')
    if (parse === undefined) throw tokens.unexpected()
    if (seen.has(clause))
      throw validationException(
        `Invalid UpdateExpression: The "${clause}" section can only be used once in an update expression;`,
      )
    seen.add(clause)
    tokens.take()
    do assignments.push(parse(tokens, used))
    while (tokens.takeIf(','))
  }
  if (assignments.length === 0)
    throw validationException('Invalid UpdateExpression: The expression can not be empty;')
  return (scope) => applied(assignments, scope)
}

const clauses: Readonly<Record<string, (tokens: Tokens, used: Placeholders) => Assignment>> = {
  SET: (tokens, used) => {
    const path = parsePath(tokens, used)
    tokens.expect('=')
    return { path, value: parseSum(tokens, used) }
  },
  ADD: (tokens, used) => {
    const path = parsePath(tokens, used)
    if (tokens.peek().kind !== 'value') throw tokens.unexpected()
    const value = parseOperand(tokens, used)
    return { path, value: (scope) => sum(lookUp(path, scope) ?? 0, value(scope), 1) }
  },
  REMOVE: (tokens, used) => ({ path: parsePath(tokens, used), value: () => undefined }),
}

const parseSum = (tokens: Tokens, used: Placeholders): Operand => {
  const left = parseTerm(tokens, used)
  const sign = tokens.takeIf('+') ? 1 : tokens.takeIf('-') ? -1 : 0
  if (sign === 0) return (scope) => present(left(scope))
  const right = parseTerm(tokens, used)
  return (scope) => sum(present(left(scope)), present(right(scope)), sign)
}

const parseTerm = (tokens: Tokens, used: Placeholders): Operand => {
  const { kind, text } = tokens.peek()
  if (kind === 'name' && text === 'list_append')
    throw new NotModelled('dynamodb: the update function list_append is not modelled')
  if (kind !== 'name' || text !== 'if_not_exists') return parseOperand(tokens, used)
  tokens.take()
  tokens.expect('(')
  const path = parsePath(tokens, used)
  tokens.expect(',')
  const otherwise = parseTerm(tokens, used)
  tokens.expect(')')
  return (scope) => lookUp(path, scope) ?? otherwise(scope)
}

const present = (value: unknown): unknown => {
  if (value !== undefined) return value
  throw validationException('The provided expression refers to an attribute that does not exist in the item')
}

const sum = (left: unknown, right: unknown, sign: number): unknown => {
  if (typeof left === 'number' && typeof right === 'number') return left + sign * right
  if (isInteger(left) && isInteger(right)) return BigInt(left) + BigInt(sign) * BigInt(right)
  throw validationException('An operand in the update expression has an incorrect data type')
}

const isInteger = (value: unknown): value is number | bigint =>
  typeof value === 'bigint' || Number.isInteger(value)

const applied = (assignments: readonly Assignment[], scope: Scope): Item => {
  refuseOverlap(assignments, scope.names)
  const item: Record<string, unknown> = { ...scope.item }
  for (const { path, value } of assignments) {
    // All operands see the item as it was before the update.
    const result = value(scope)
    assign(item, path, 0, scope.names, result === undefined ? undefined : frozenCopy(result, 'value'))
  }
  return Object.freeze(item)
}

/** Changes a map that is not frozen yet. Copies along the path; all that lies beside it is shared. */
const assign = (
  map: Record<string, unknown>,
  path: Path,
  depth: number,
  names: Properties,
  value: unknown,
): void => {
  const name = nameOf(path[depth] ?? '', names)
  if (depth < path.length - 1) {
    const inner = map[name]
    if (!isRecord(inner))
      throw validationException('The document path provided in the update expression is invalid for update')
    const copy = { ...inner }
    assign(copy, path, depth + 1, names, value)
    map[name] = Object.freeze(copy)
  } else if (value === undefined) delete map[name]
  else map[name] = value
}

const refuseOverlap = (assignments: readonly Assignment[], names: Properties): void => {
  for (let index = 0; index < assignments.length; index += 1)
    for (let later = index + 1; later < assignments.length; later += 1) {
      const path = assignments[index]?.path ?? []
      const other = assignments[later]?.path ?? []
      if (doOverlap(path, other, names))
        throw validationException(
          `Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: ${told(path, names)}, path two: ${told(other, names)}`,
        )
    }
}

const doOverlap = (path: Path, other: Path, names: Properties): boolean => {
  const shared = Math.min(path.length, other.length)
  for (let at = 0; at < shared; at += 1)
    if (nameOf(path[at] ?? '', names) !== nameOf(other[at] ?? '', names)) return false
  return true
}

const told = (path: Path, names: Properties): string =>
  `[${path.map((step) => nameOf(step, names)).join(', ')}]`
