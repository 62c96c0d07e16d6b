import { isRecord, type Properties } from '../../properties.ts'
import { validationException } from '../errors.ts'
import { type Condition, parseCondition } from './condition.ts'
import type { Placeholders } from './operand.ts'
import { parseUpdate, type Update } from './update.ts'

interface Parsed<Closure> {
  readonly closure: Closure
  readonly used: Placeholders
}

/** Expressions are few and come again with every request: each text is parsed once. */
const cached = <Closure>(kind: string, parse: (text: string, used: Placeholders) => Closure) => {
  const known = new Map<string, Parsed<Closure>>()
  return (text: unknown): Parsed<Closure> | undefined => {
    if (text === undefined) return undefined
    if (typeof text !== 'string') throw emptyExpression(kind)
    const found = known.get(text)
    if (found !== undefined) return found
    if (text.trim() === '') throw emptyExpression(kind)
    const used = { names: new Set<string>(), values: new Set<string>() }
    const parsed = { closure: parse(text, used), used }
    if (known.size < textsMax) known.set(text, parsed)
    return parsed
  }
}

/** A text that is built anew for each request would fill the memory. */
const textsMax = 10_000

const emptyExpression = (kind: string): Error =>
  validationException(`Invalid ${kind}: The expression can not be empty;`)

const conditionOf = cached('ConditionExpression', parseCondition)
const updateOf = cached('UpdateExpression', parseUpdate)

/** The expressions of one action of a request, parsed, and its placeholders. */
export interface Expressions {
  readonly condition: Condition | undefined
  readonly update: Update | undefined
  readonly names: Properties
  readonly values: Properties
}

const none: Properties = Object.freeze({})

/** Reads the expressions of a request; refuses placeholders that are missing, and those that nothing uses. */
export const readExpressions = (input: Properties): Expressions => {
  const condition = conditionOf(input['ConditionExpression'])
  const update = updateOf(input['UpdateExpression'])
  const names = placeholders(input['ExpressionAttributeNames'])
  const values = placeholders(input['ExpressionAttributeValues'])
  refuseMissing('UpdateExpression', update?.used, names, values)
  refuseMissing('ConditionExpression', condition?.used, names, values)
  refuseUnused('Names', names, condition?.used.names, update?.used.names)
  refuseUnused('Values', values, condition?.used.values, update?.used.values)
  return { condition: condition?.closure, update: update?.closure, names, values }
}

const placeholders = (given: unknown): Properties => (isRecord(given) ? given : none)

const refuseMissing = (
  kind: string,
  used: Placeholders | undefined,
  names: Properties,
  values: Properties,
): void => {
  if (used === undefined) return
  for (const name of used.names)
    if (names[name] === undefined)
      throw validationException(
        `Invalid ${kind}: An expression attribute name used in the document path is not defined; attribute name: ${name}`,
      )
  for (const value of used.values)
    if (values[value] === undefined)
      throw validationException(
        `Invalid ${kind}: An expression attribute value used in expression is not defined; attribute value: ${value}`,
      )
}

const refuseUnused = (
  kind: 'Names' | 'Values',
  given: Properties,
  byCondition: ReadonlySet<string> | undefined,
  byUpdate: ReadonlySet<string> | undefined,
): void => {
  for (const name in given)
    if (!byCondition?.has(name) && !byUpdate?.has(name))
      throw validationException(
        `Value provided in ExpressionAttribute${kind} unused in expressions: keys: {${name}}`,
      )
}
