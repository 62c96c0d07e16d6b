import { EvaluationError } from '../failure.ts'
import { equal, isObject } from '../json.ts'
import { digests, hashOf, partition, seededRandom, uuid } from '../jsonata/functions.ts'
import type { ExpressionServices } from '../scope.ts'
import { decodeBase64, encodeBase64 } from './base64.ts'

/** An intrinsic function: how many arguments it takes, and what it makes of them. */
export interface Intrinsic {
  readonly least: number
  readonly most: number
  readonly call: (values: readonly unknown[], services: ExpressionServices) => unknown
}

/** Fails the call; the caller says which function it was. */
export const failCall = (detail: string): never => {
  throw new EvaluationError('States.IntrinsicFailure', detail)
}

const arrayAt = (values: readonly unknown[], index: number): readonly unknown[] => {
  const value = values[index]
  return Array.isArray(value) ? value : failCall(`Argument ${index + 1} must be an array`)
}
const numberAt = (values: readonly unknown[], index: number): number => {
  const value = values[index]
  return typeof value === 'number' ? value : failCall(`Argument ${index + 1} must be a number`)
}
/** A number that is none yet is rounded to the nearest one, as AWS documents it. */
const integerAt = (values: readonly unknown[], index: number): number => Math.round(numberAt(values, index))

const positiveAt = (values: readonly unknown[], index: number): number => {
  const value = integerAt(values, index)
  return value > 0 ? value : failCall(`Argument ${index + 1} must be a positive integer`)
}

const algorithmAt = (values: readonly unknown[], index: number): string => {
  const value = textAt(values, index)
  return digests.has(value)
    ? value
    : failCall(`Argument ${index + 1} must be one of ${[...digests.keys()].join(', ')}`)
}

const textAt = (values: readonly unknown[], index: number): string => {
  const value = values[index]
  return typeof value === 'string' ? value : failCall(`Argument ${index + 1} must be a string`)
}

const rangeItemsMax = 1000
const encodedCharactersMax = 10_000

const taking = (least: number, call: Intrinsic['call'], most = least): Intrinsic => ({ least, most, call })

/**
 * By name, without `States.`. Source of limits and rounding:
 * https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html (read 2026-11-25).
 */
export const intrinsics: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Array', taking(0, (values) => values, Number.POSITIVE_INFINITY)],
  ['ArrayPartition', taking(2, (values) => partition(arrayAt(values, 0), positiveAt(values, 1)))],
  ['ArrayContains', taking(2, (values) => arrayAt(values, 0).some((item) => equal(item, values[1])))],
  [
    'ArrayRange',
    taking(3, (values) => range(integerAt(values, 0), integerAt(values, 1), integerAt(values, 2))),
  ],
  ['ArrayGetItem', taking(2, (values) => getItem(arrayAt(values, 0), numberAt(values, 1)))],
  ['ArrayLength', taking(1, (values) => arrayAt(values, 0).length)],
  ['ArrayUnique', taking(1, (values) => unique(arrayAt(values, 0)))],
  ['Base64Encode', taking(1, (values) => encodeBase64(limited(textAt(values, 0))))],
  ['Base64Decode', taking(1, (values) => decode(limited(textAt(values, 0))))],
  ['Hash', taking(2, (values) => hashOf(limited(textOf(values[0])), algorithmAt(values, 1)))],
  ['JsonMerge', taking(3, (values) => merge(values))],
  ['StringToJson', taking(1, (values) => toJson(textAt(values, 0)))],
  ['JsonToString', taking(1, (values) => JSON.stringify(values[0]))],
  ['MathRandom', taking(2, (values, services) => random(values, services), 3)],
  ['MathAdd', taking(2, (values) => integerAt(values, 0) + integerAt(values, 1))],
  ['StringSplit', taking(2, (values) => split(textAt(values, 0), textAt(values, 1)))],
  ['UUID', taking(0, (_, services) => uuid(services))],
  ['Format', taking(1, (values) => format(textAt(values, 0), values.slice(1)), Number.POSITIVE_INFINITY)],
])

const limited = (text: string): string =>
  text.length > encodedCharactersMax
    ? failCall(`Argument 1 must have at most ${encodedCharactersMax} characters`)
    : text

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

const range = (from: number, to: number, by: number): readonly number[] => {
  if (by === 0) return failCall('The step must not be 0')
  const length = Math.max(0, Math.floor((to - from) / by) + 1)
  if (length > rangeItemsMax) return failCall(`Expected at most ${rangeItemsMax} items, got ${length}`)
  return Array.from({ length }, (_, index) => from + index * by)
}

const getItem = (items: readonly unknown[], index: number): unknown => {
  const item = items[Math.floor(index)]
  return item === undefined ? failCall(`There is no item ${index}`) : item
}

const unique = (items: readonly unknown[]): readonly unknown[] =>
  items.filter((item, index) => items.findIndex((other) => equal(other, item)) === index)

const merge = (values: readonly unknown[]): unknown => {
  const [left, right, deep] = values
  if (!isObject(left) || !isObject(right)) return failCall('Expected two objects to merge')
  return deep === false ? { ...left, ...right } : failCall('Only a shallow merge is supported')
}

const toJson = (text: string): unknown => {
  if (text.trim() === '') return null
  try {
    const value: unknown = JSON.parse(text)
    return Object.is(value, -0) ? 0 : value
  } catch {
    return failCall(`Not JSON: ${text}`)
  }
}

/** An integer from the first (inclusive) to the second (exclusive), the same for the same seed. */
const random = (values: readonly unknown[], services: ExpressionServices): number => {
  const [from, to] = [integerAt(values, 0), integerAt(values, 1)]
  if (to <= from) return failCall(`Expected an end above the start ${from}, got ${to}`)
  const share = values[2] === undefined ? services.random() : seededRandom(integerAt(values, 2))
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
  const texts = textsAround(template)
  const holes = texts.length - 1
  if (holes !== values.length)
    return failCall(`Expected ${holes} values for as many places, got ${values.length}`)
  let filled = texts[0] ?? ''
  for (let hole = 0; hole < holes; hole += 1) filled += formatted(values[hole]) + texts[hole + 1]
  return filled
}

/** Templates stand in definitions and come again; one that is built anew each time would fill the memory. */
const templatesMax = 1_000
const templates = new Map<string, readonly string[]>()

/** The texts before, between and after the holes of a template. */
const textsAround = (template: string): readonly string[] => {
  const known = templates.get(template)
  if (known !== undefined) return known
  const texts = ['']
  for (const [piece] of template.matchAll(/\\[{}]|\{\}|./gs)) {
    if (piece === '{}') texts.push('')
    else texts.push(`${texts.pop()}${piece.length === 2 ? piece.charAt(1) : piece}`)
  }
  if (templates.size < templatesMax) templates.set(template, texts)
  return texts
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

const decode = (text: string): string => decodeBase64(text) ?? failCall(`Not Base64: ${text}`)
