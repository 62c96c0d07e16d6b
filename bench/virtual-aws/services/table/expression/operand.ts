import { isRecord, type Properties } from '../../properties.ts'
import { type Item, shortest } from '../item.ts'
import { isReserved } from './reserved-words.ts'
import type { Tokens } from './tokens.ts'

/** What an expression is evaluated over: the item as it is, and the request's placeholders. */
export interface Scope {
  readonly item: Item | undefined
  readonly names: Properties
  readonly values: Properties
}

/** A document path: steps into nested maps, `#n` standing for a name of the request. */
export type Path = readonly string[]

/** Undefined when there is no such attribute. */
export type Operand = (scope: Scope) => unknown

/** Which placeholders an expression uses; DynamoDB refuses a request that defines others or lacks one. */
export interface Placeholders {
  readonly names: Set<string>
  readonly values: Set<string>
}

export const parsePath = (tokens: Tokens, used: Placeholders): Path => {
  const path = [parseStep(tokens, used)]
  while (tokens.takeIf('.')) path.push(parseStep(tokens, used))
  return path
}

const parseStep = (tokens: Tokens, used: Placeholders): string => {
  const token = tokens.peek()
  if (token.kind !== 'name' && token.kind !== 'placeholder') throw tokens.unexpected()
  tokens.take()
  if (token.kind === 'name' && isReserved(token.text)) throw tokens.reserved(token.text)
  if (token.kind === 'placeholder') used.names.add(token.text)
  return token.text
}

/** A path or a `:value`. */
export const parseOperand = (tokens: Tokens, used: Placeholders): Operand => {
  const token = tokens.peek()
  if (token.kind !== 'value') {
    const path = parsePath(tokens, used)
    return (scope) => lookUp(path, scope)
  }
  tokens.take()
  used.values.add(token.text)
  return ({ values }) => {
    const value = values[token.text]
    return typeof value === 'bigint' ? shortest(value) : value
  }
}

/** The attribute that a step names. */
export const nameOf = (step: string, names: Properties): string =>
  step.startsWith('#') ? String(names[step]) : step

export const lookUp = (path: Path, { item, names }: Scope): unknown => {
  let value: unknown = item
  for (const step of path) {
    const name = nameOf(step, names)
    if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined
    value = value[name]
  }
  return value
}
