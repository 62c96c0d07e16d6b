import { NotModelled } from '../../properties.ts'
import { isObject, type JsonObject } from '../json.ts'

/** A value that is not in DynamoDB's own form, `{ "S": "text" }` and the like. */
export class MalformedAttribute extends Error {
  override readonly name = 'MalformedAttribute'
}

type Reader = (value: unknown) => unknown

const text = (value: unknown): string => {
  if (typeof value === 'string') return value
  throw new MalformedAttribute(`expected text, got ${JSON.stringify(value)}`)
}

const numberOf = (value: unknown): number => {
  const number = Number(text(value))
  if (Number.isFinite(number)) return number
  throw new MalformedAttribute(`expected the text of a number, got ${JSON.stringify(value)}`)
}

const listOf = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value
  throw new MalformedAttribute(`expected a list, got ${JSON.stringify(value)}`)
}

const readers: Readonly<Record<string, Reader>> = {
  S: text,
  N: numberOf,
  BOOL: (value) => value === true || value === 'true',
  NULL: () => null,
  L: (value) => listOf(value).map(plainValue),
  M: (value) => plainItem(value),
  SS: (value) => new Set(listOf(value).map(text)),
  NS: (value) => new Set(listOf(value).map(numberOf)),
}

/** An attribute value as the document client's plain one. Binary values are refused by name. */
const plainValue = (attribute: unknown): unknown => {
  const [entry, ...others] = isObject(attribute) ? Object.entries(attribute) : []
  if (entry === undefined || others.length > 0) {
    throw new MalformedAttribute(`expected an attribute value, got ${JSON.stringify(attribute)}`)
  }
  const [type, value] = entry
  if (type === 'B' || type === 'BS')
    throw new NotModelled(`dynamodb: attribute values of type ${type} are not modelled`)
  const read = readers[type]
  if (read === undefined) throw new MalformedAttribute(`expected an attribute value, got the type ${type}`)
  return read(value)
}

/** Attributes by name as the document client's plain item. */
export const plainItem = (item: unknown): JsonObject => {
  if (!isObject(item)) throw new MalformedAttribute(`expected attributes, got ${JSON.stringify(item)}`)
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]))
}

const attributeOf = (value: unknown): JsonObject => {
  if (value === null) return { NULL: true }
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number' || typeof value === 'bigint') return { N: String(value) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (Array.isArray(value)) return { L: value.map(attributeOf) }
  if (value instanceof Set) return setOf([...value])
  if (isObject(value)) return { M: attributesOf(value) }
  throw new NotModelled(`dynamodb: an attribute value of type ${typeof value} is not modelled`)
}

const setOf = (values: readonly unknown[]): JsonObject =>
  values.every((value) => typeof value === 'string') ? { SS: values } : { NS: values.map(String) }

/** A plain item as attributes by name. */
export const attributesOf = (item: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, attributeOf(value)]))
