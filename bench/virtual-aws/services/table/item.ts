import { utf8Bytes } from '../bytes.ts'
import { isRecord, NotModelled, type Properties } from '../properties.ts'
import { validationException } from './errors.ts'

/** An item as it is stored: frozen through and through, so that it can be handed out without a copy. */
export type Item = Properties

export interface Stored {
  readonly item: Item
  /** As DynamoDB counts them. */
  readonly bytes: number
}

/** Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const itemBytesMax = 409_600

/**
 * A frozen copy of a value as the document client would send it. Refuses what it refuses (undefined, functions,
 * NaN) and what is not modelled (sets, binary).
 */
export const frozenCopy = (value: unknown, path: string): unknown => {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'bigint':
      return shortest(value)
    case 'number':
      if (Number.isFinite(value)) return value
      throw new Error(`Special numeric value ${value} is not allowed (${path})`)
    case 'undefined':
      throw new Error(
        `Pass options.removeUndefinedValues=true to remove undefined values from map/array/set. (${path})`,
      )
    case 'object':
      return value === null ? null : frozenObject(value, path)
    default:
      throw new Error(`Unsupported type passed: ${typeof value} (${path})`)
  }
}

/**
 * DynamoDB has one kind of number: the document client reads an integer as a number where that is exact, and as a
 * bigint only beyond. Source: convertToNative of @aws-sdk/util-dynamodb (read 2026-11-25).
 */
export const shortest = (integer: bigint): number | bigint => {
  const number = Number(integer)
  return Number.isSafeInteger(number) ? number : integer
}

const frozenObject = (value: object, path: string): unknown => {
  if (Array.isArray(value))
    return Object.freeze(value.map((each, index) => frozenCopy(each, `${path}[${index}]`)))
  if (!isPlain(value))
    throw new NotModelled(`dynamodb: a ${value.constructor.name} is not modelled (${path})`)
  const copy: Record<string, unknown> = {}
  for (const [name, each] of Object.entries(value)) copy[name] = frozenCopy(each, `${path}.${name}`)
  return Object.freeze(copy)
}

export const isPlain = (value: object): value is Properties => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/**
 * The size that DynamoDB charges and limits: UTF-8 bytes of names and values; a number takes about a byte for two
 * significant digits and one more (here: of its shortest decimal form); a map or list three bytes and one for each
 * element. Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemBytes = (item: Item): number => {
  let bytes = 0
  for (const name in item) bytes += utf8Bytes(name) + valueBytes(item[name])
  return bytes
}

const valueBytes = (value: unknown): number => {
  switch (typeof value) {
    case 'string':
      return utf8Bytes(value)
    case 'number':
    case 'bigint':
      return numberBytes(value)
    case 'object':
      return containerBytes(value)
    default:
      return 1
  }
}

const containerBytes = (value: object | null): number => {
  if (value === null) return 1
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + 1 + valueBytes(each), 3)
  if (!isRecord(value)) return 0
  let bytes = 3
  for (const name in value) bytes += 1 + utf8Bytes(name) + valueBytes(value[name])
  return bytes
}

export const numberBytes = (value: number | bigint): number =>
  Number.isSafeInteger(value) ? integerBytes(Number(value)) : decimalBytes(String(value))

const integerBytes = (integer: number): number => {
  if (integer === 0) return 1
  let rest = Math.abs(integer)
  while (rest % 10 === 0) rest /= 10
  let digits = 0
  for (; rest >= 1; rest /= 10) digits += 1
  return Math.ceil(digits / 2) + 1 + (integer < 0 ? 1 : 0)
}

const decimalBytes = (decimal: string): number => {
  const digits = decimal
    .replace(/e.*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '')
  return Math.ceil(digits.length / 2) + 1 + (decimal.startsWith('-') ? 1 : 0)
}

/** An item as a request gives it, checked, copied and measured. */
export const storable = (given: unknown): Stored => {
  if (!isRecord(given)) throw validationException('Item must be a map of attributes')
  const item = frozenCopy(given, 'Item') as Item
  return { item, bytes: checked(itemBytes(item)) }
}

/** The size of an item after an update. */
export const checkedBytes = (item: Item): number => {
  const bytes = itemBytes(item)
  if (bytes <= itemBytesMax) return bytes
  throw validationException('Item size to update has exceeded the maximum allowed size')
}

const checked = (bytes: number): number => {
  if (bytes > itemBytesMax) throw validationException('Item size has exceeded the maximum allowed size')
  return bytes
}
