import { RefusedField } from '../definition/invalid.ts'
import { EvaluationError } from '../failure.ts'
import { equal, isObject } from '../json.ts'
import { hashOf, partition, seededRandom, uuid } from '../jsonata/functions.ts'
import type { ExpressionServices, Scope } from '../scope.ts'
import { type IntrinsicTerm, parseIntrinsic } from './intrinsic-parser.ts'
import { compilePath } from './path.ts'

type Intrinsic = (values: readonly unknown[], services: ExpressionServices) => unknown

export const isIntrinsic = (text: string): boolean => text.startsWith('States.')

/** Compiles `States.…(…)`; the function gives its value for the data at `$`. Unknown functions are refused. */
export const compileIntrinsic = (text: string, field: string): ((root: unknown, scope: Scope) => unknown) => {
  try {
    return compileTerm(parseIntrinsic(text), field)
  } catch (error) {
    if (error instanceof RefusedField) throw error
    throw new RefusedField(`Invalid intrinsic function: ${(error as Error).message}`, field)
  }
}

const compileTerm = (term: IntrinsicTerm, field: string): ((root: unknown, scope: Scope) => unknown) => {
  if (term.kind === 'literal') return () => term.value
  if (term.kind === 'path') {
    const path = compilePath(term.path, field)
    return (root, scope) => found(path.find(root, scope), path.text)
  }
  const call = intrinsics.get(term.name)
  if (call === undefined) {
    throw new RefusedField(`The intrinsic function States.${term.name} is not recognized`, field)
  }
  const terms = term.terms.map((inner) => compileTerm(inner, field))
  return (root, scope) =>
    call(
      terms.map((evaluate) => evaluate(root, scope)),
      scope.services,
    )
}

const found = (value: unknown, path: string): unknown =>
  value === undefined ? fail(`The path ${path} of an intrinsic function finds nothing`) : value

const fail = (detail: string): never => {
  throw new EvaluationError('States.IntrinsicFailure', detail)
}

const arrayAt = (values: readonly unknown[], index: number): readonly unknown[] => {
  const value = values[index]
  return Array.isArray(value) ? value : fail(`Argument ${index + 1} must be an array`)
}
const numberAt = (values: readonly unknown[], index: number): number => {
  const value = values[index]
  return typeof value === 'number' ? value : fail(`Argument ${index + 1} must be a number`)
}
const textAt = (values: readonly unknown[], index: number): string => {
  const value = values[index]
  return typeof value === 'string' ? value : fail(`Argument ${index + 1} must be a string`)
}

const rangeItemsMax = 1000
const encodedCharactersMax = 10_000

const intrinsics: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Array', (values) => values],
  ['ArrayPartition', (values) => orFail(() => partition(values[0], Math.floor(numberAt(values, 1))))],
  ['ArrayContains', (values) => arrayAt(values, 0).some((item) => equal(item, values[1]))],
  ['ArrayRange', (values) => range(numberAt(values, 0), numberAt(values, 1), numberAt(values, 2))],
  ['ArrayGetItem', (values) => getItem(arrayAt(values, 0), numberAt(values, 1))],
  ['ArrayLength', (values) => arrayAt(values, 0).length],
  ['ArrayUnique', (values) => unique(arrayAt(values, 0))],
  ['Base64Encode', (values) => encode(limited(textAt(values, 0)))],
  ['Base64Decode', (values) => decode(limited(textAt(values, 0)))],
  ['Hash', (values) => orFail(() => hashOf(limited(textOf(values[0])), values[1]))],
  ['JsonMerge', (values) => merge(values)],
  ['StringToJson', (values) => toJson(textAt(values, 0))],
  ['JsonToString', (values) => JSON.stringify(values[0])],
  ['MathRandom', (values, services) => random(values, services)],
  ['MathAdd', (values) => Math.round(numberAt(values, 0)) + Math.round(numberAt(values, 1))],
  ['StringSplit', (values) => split(textAt(values, 0), textAt(values, 1))],
  ['UUID', (_, services) => uuid(services)],
  ['Format', (values) => format(textAt(values, 0), values.slice(1))],
])

const orFail = (compute: () => unknown): unknown => {
  try {
    return compute()
  } catch (error) {
    return fail(isObject(error) ? String(error['message']) : String(error))
  }
}

const limited = (text: string): string =>
  text.length > encodedCharactersMax
    ? fail(`Argument 1 must have at most ${encodedCharactersMax} characters`)
    : text

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const range = (first: number, last: number, step: number): readonly number[] => {
  const [from, to, by] = [Math.round(first), Math.round(last), Math.round(step)]
  if (by === 0) return fail('The step of States.ArrayRange must not be 0')
  const length = Math.max(0, Math.floor((to - from) / by) + 1)
  if (length > rangeItemsMax)
    return fail(`States.ArrayRange gives at most ${rangeItemsMax} items, asked for ${length}`)
  return Array.from({ length }, (_, index) => from + index * by)
}

const getItem = (items: readonly unknown[], index: number): unknown =>
  items[Math.floor(index)] ?? (index >= 0 && index < items.length ? null : fail(`There is no item ${index}`))

const unique = (items: readonly unknown[]): readonly unknown[] =>
  items.filter((item, index) => items.findIndex((other) => equal(other, item)) === index)

const merge = (values: readonly unknown[]): unknown => {
  const [left, right, deep] = values
  if (!isObject(left) || !isObject(right)) return fail('States.JsonMerge merges two objects')
  return deep === false ? { ...left, ...right } : fail('States.JsonMerge only supports a shallow merge')
}

const toJson = (text: string): unknown => {
  if (text.trim() === '') return null
  try {
    const value: unknown = JSON.parse(text)
    return Object.is(value, -0) ? 0 : value
  } catch {
    return fail(`Not JSON: ${text}`)
  }
}

/** An integer from `start` (inclusive) to `end` (exclusive), the same for the same seed. */
const random = (values: readonly unknown[], services: ExpressionServices): number => {
  const [from, to] = [Math.round(numberAt(values, 0)), Math.round(numberAt(values, 1))]
  const share = values[2] === undefined ? services.random() : seededRandom(Math.round(numberAt(values, 2)))
  return from + Math.floor(share * (to - from))
}

/** Splits at any of the characters; empty parts are dropped. */
const split = (text: string, separators: string): readonly string[] => {
  const parts: string[] = ['']
  for (const char of text) {
    if (separators.includes(char)) parts.push('')
    else parts.push(`${parts.pop()}${char}`)
  }
  return parts.filter((part) => part !== '')
}

/** Fills each `{}` in turn; `\{` and `\}` are braces. */
const format = (template: string, values: readonly unknown[]): string => {
  const holes = template.match(/\\[{}]|\{\}/g)?.filter((hole) => hole === '{}').length ?? 0
  if (holes !== values.length) return fail(`States.Format has ${holes} places for ${values.length} values`)
  let next = 0
  return template.replace(/\\([{}])|\{\}/g, (_, brace: string | undefined) => {
    if (brace !== undefined) return brace
    const value = values[next]
    next += 1
    return formatted(value)
  })
}

/** AWS writes objects and arrays in a format as Java prints maps and lists: `{a=1, b=[]}`. */
const formatted = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(formatted).join(', ')}]`
  if (isObject(value)) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `${key}=${formatted(inner)}`)
      .join(', ')}}`
  }
  return String(value)
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

const encode = (text: string): string => {
  const bytes = new TextEncoder().encode(text)
  let encoded = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const chunk = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    const digits = [18, 12, 6, 0].map((shift) => alphabet.charAt((chunk >> shift) & 63)).join('')
    const filled = Math.min(3, bytes.length - at) + 1
    encoded += digits.slice(0, filled).padEnd(4, '=')
  }
  return encoded
}

const decode = (text: string): string => {
  const digits = text.replace(/=+$/, '')
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const digit of digits) {
    const value = alphabet.indexOf(digit)
    if (value < 0) return fail(`Not Base64: ${text}`)
    held = ((held << 6) | value) & 0xffffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >> bits) & 0xff)
    }
  }
  return new TextDecoder().decode(new Uint8Array(bytes))
}
