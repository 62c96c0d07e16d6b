import { md5, sha1 } from '@noble/hashes/legacy.js'
import { sha384, sha512 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { sha256Hex } from '../../../sha256.ts'
import type { ExpressionServices } from '../scope.ts'
import { writtenInstant } from './library.ts'
import { outside, stringOf, truthy } from './values.ts'

/** A function that an expression calls with evaluated arguments. */
export type JsonataFunction = (services: ExpressionServices, ...values: readonly unknown[]) => unknown

/** Functions of JSONata itself in their plain cases; anything else is left to the library. */
export const plainFunctions: ReadonlyMap<string, { readonly arity: number; readonly call: JsonataFunction }> =
  new Map<string, { arity: number; call: JsonataFunction }>([
    ['exists', { arity: 1, call: (_, value) => value !== undefined }],
    ['not', { arity: 1, call: (_, value) => (value === undefined ? outside() : !truthy(value)) }],
    ['boolean', { arity: 1, call: (_, value) => (value === undefined ? outside() : truthy(value)) }],
    ['string', { arity: 1, call: (_, value) => (value === undefined ? outside() : stringOf(value)) }],
    ['number', { arity: 1, call: (_, value) => numberOf(value) }],
    ['count', { arity: 1, call: (_, value) => countOf(value) }],
    ['sum', { arity: 1, call: (_, value) => sumOf(value) }],
    ['uppercase', { arity: 1, call: (_, value) => (isText(value) ? value.toUpperCase() : outside()) }],
    ['lowercase', { arity: 1, call: (_, value) => (isText(value) ? value.toLowerCase() : outside()) }],
    ['merge', { arity: 1, call: (_, value) => mergeOf(value) }],
  ])

const isText = (value: unknown): value is string => typeof value === 'string'

const decimal = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/

const numberOf = (value: unknown): unknown => {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  return isText(value) && decimal.test(value) && Number.isFinite(Number(value)) ? Number(value) : outside()
}

const countOf = (value: unknown): number => {
  if (value === undefined) return 0
  return Array.isArray(value) ? value.length : 1
}

const sumOf = (value: unknown): unknown => {
  if (typeof value === 'number') return value
  if (!Array.isArray(value)) return outside()
  return value.reduce<number>((sum, one) => (typeof one === 'number' ? sum + one : outside()), 0)
}

const mergeOf = (value: unknown): unknown =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one))
    ? Object.assign({}, ...value)
    : outside()

/** What AWS adds to JSONata. Source: Step Functions developer guide, "Transforming data" (read 2026-11-22). */
export const awsFunctions: ReadonlyMap<string, JsonataFunction> = new Map<string, JsonataFunction>([
  ['hash', (_, data, algorithm) => hashOf(data, algorithm)],
  ['uuid', (services) => uuid(services)],
  ['random', (services, seed) => (seed === undefined ? services.random() : seededRandom(roundedDown(seed)))],
  ['partition', (_, items, size) => partition(items, roundedDown(size))],
  ['range', (_, first, last, step) => range(roundedDown(first), roundedDown(last), roundedDown(step))],
  ['parse', (_, text) => parse(text)],
])

/** The library's own, replaced where it would ask the machine for time or chance. */
export const replacedFunctions: ReadonlyMap<string, JsonataFunction> = new Map<string, JsonataFunction>([
  ['now', (services, picture, zone) => now(services, picture, zone)],
  ['millis', (services) => Math.floor(services.nowMs())],
  ['shuffle', (services, items) => shuffle(services, items)],
])

const now = ({ nowMs }: ExpressionServices, picture: unknown, zone: unknown): unknown =>
  picture === undefined && zone === undefined
    ? new Date(nowMs()).toISOString()
    : writtenInstant(Math.floor(nowMs()), picture, zone)

/**
 * The library's own that AWS does not offer: a call of one is a call of nothing, which fails the state.
 * Source: https://github.com/floci-io/floci/issues/2737 (measured on AWS, read 2026-11-25).
 */
export const missingFunctions: readonly string[] = ['eval']

/** An error with JSONata's shape, so that it is reported as the library's own are. */
const bad = (name: string, expected: string, got: unknown): never => {
  throw {
    code: 'T0410',
    message: `Argument of function "${name}" must be ${expected}, but was ${stringOf(got ?? null)}`,
  }
}

export const digests = new Map<string, (text: string) => string>([
  ['MD5', (text) => bytesToHex(md5(utf8ToBytes(text)))],
  ['SHA-1', (text) => bytesToHex(sha1(utf8ToBytes(text)))],
  ['SHA-256', sha256Hex],
  ['SHA-384', (text) => bytesToHex(sha384(utf8ToBytes(text)))],
  ['SHA-512', (text) => bytesToHex(sha512(utf8ToBytes(text)))],
])

export const hashOf = (data: unknown, algorithm: unknown): string => {
  const digest = digests.get(String(algorithm))
  if (digest === undefined) return bad('hash', `one of ${[...digests.keys()].join(', ')}`, algorithm)
  return isText(data) ? digest(data) : bad('hash', 'a string', data)
}

/** Version 4, from the run's own chance. */
export const uuid = (services: ExpressionServices): string =>
  'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (place) => {
    const digit = Math.floor(services.random() * 16)
    return (place === 'x' ? digit : (digit & 0x3) | 0x8).toString(16)
  })

/** The same number for the same seed: the first 48 bits of its hash as a fraction. */
export const seededRandom = (seed: unknown): number =>
  typeof seed === 'number'
    ? Number.parseInt(hashOf(String(seed), 'SHA-256').slice(0, 12), 16) / 2 ** 48
    : bad('random', 'a number', seed)

/**
 * A number is rounded down where an integer is needed.
 * Source: "JSONata functions provided by Step Functions" in
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (read 2026-11-25).
 */
const roundedDown = (value: unknown): unknown => (typeof value === 'number' ? Math.floor(value) : value)

export const partition = (items: unknown, size: unknown): readonly (readonly unknown[])[] => {
  if (!Array.isArray(items)) return bad('partition', 'an array', items)
  if (typeof size !== 'number' || !Number.isInteger(size) || size < 1) {
    return bad('partition', 'a positive integer', size)
  }
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )
}

const rangeItemsMax = 1000

/** A sequence, as AWS was recorded to give it: one number alone is that number. */
const range = (first: unknown, last: unknown, step: unknown): unknown => {
  const numbers = numbersBetween(first, last, step)
  return numbers.length > 1 ? numbers : numbers[0]
}

const numbersBetween = (first: unknown, last: unknown, step: unknown): readonly number[] => {
  if (typeof first !== 'number') return bad('range', 'a number', first)
  if (typeof last !== 'number') return bad('range', 'a number', last)
  if (typeof step !== 'number' || step === 0) return bad('range', 'a number other than 0', step)
  const length = Math.max(0, Math.floor((last - first) / step) + 1)
  if (length > rangeItemsMax) return bad('range', `of at most ${rangeItemsMax} items`, length)
  return Array.from({ length }, (_, index) => first + index * step)
}

const parse = (text: unknown): unknown => {
  if (!isText(text)) return bad('parse', 'a string', text)
  try {
    return JSON.parse(text)
  } catch {
    return bad('parse', 'JSON', text)
  }
}

/** Fisher and Yates, as the library shuffles, but from the run's chance. */
const shuffle = (services: ExpressionServices, items: unknown): unknown => {
  if (!Array.isArray(items)) return items
  const shuffled = [...items]
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(services.random() * (last + 1))
    const held = shuffled[last]
    shuffled[last] = shuffled[other]
    shuffled[other] = held
  }
  return shuffled
}
