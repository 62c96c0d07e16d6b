/** Payloads as the States Language sees them: JSON, never changed in place. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Largest input or output of a state, UTF-8 bytes of its JSON. Source: Step Functions quotas (read 2026-11-22). */
export const payloadBytesMax = 262_144

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The name that AWS's messages use for a value's type. */
export const typeName = (value: unknown): string => {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** A value as AWS's messages tell it: text as it is, all else as JSON. */
export const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** UTF-8 bytes of the value's compact JSON, without building it. */
export const jsonBytes = (value: unknown): number => {
  if (typeof value === 'string') return stringBytes(value)
  if (typeof value === 'number') return String(value).length
  if (typeof value === 'boolean') return value ? 4 : 5
  if (Array.isArray(value)) return arrayBytes(value)
  return isObject(value) ? objectBytes(value) : 4
}

/** A bound that `jsonBytes` does not exceed, without a look at the characters of texts. */
export const jsonBytesMost = (value: unknown): number => {
  if (typeof value === 'string') return unitBytesMost * value.length + 2
  if (typeof value !== 'object' || value === null) return scalarBytesMost
  let bytes = 2
  if (Array.isArray(value)) {
    for (const item of value) bytes += jsonBytesMost(item) + 1
    return bytes
  }
  for (const key in value) bytes += unitBytesMost * key.length + 4 + jsonBytesMost((value as JsonObject)[key])
  return bytes
}

/** Of one UTF-16 unit: an escaped control character. */
const unitBytesMost = 6
/** The longest number that JavaScript writes. */
const scalarBytesMost = 26

const arrayBytes = (items: readonly unknown[]): number => {
  let bytes = items.length === 0 ? 2 : items.length + 1
  for (const item of items) bytes += jsonBytes(item)
  return bytes
}

const objectBytes = (object: JsonObject): number => {
  let bytes = 1
  for (const key in object) {
    const value = object[key]
    if (value !== undefined) bytes += stringBytes(key) + 2 + jsonBytes(value)
  }
  return bytes === 1 ? 2 : bytes
}

const stringBytes = (text: string): number => {
  let bytes = text.length + 2
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code < 0x20 || code === 0x22 || code === 0x5c) bytes += escapedExtra(code)
    else if (code > 0x7f) bytes += wideExtra(code)
  }
  return bytes
}

const shortEscapes = new Set([0x08, 0x09, 0x0a, 0x0c, 0x0d, 0x22, 0x5c])
const escapedExtra = (code: number): number => (shortEscapes.has(code) ? 1 : 5)

/** Bytes beyond the one counted for the UTF-16 unit; the two units of a pair make four bytes. */
const wideExtra = (code: number): number => {
  if (code <= 0x7ff || (code >= 0xd800 && code <= 0xdfff)) return 1
  return 2
}

/** How deep payloads and definitions may be. AWS publishes no figure; more than this would need more stack than there is. */
export const levelsMax = 1000

/** Whether objects and lists lie so many levels deep in each other. Never recursive, so that no depth is too much for it. */
export const isDeeperThan = (value: unknown, levels: number): boolean => {
  let level = [value].filter(hasMembers)
  for (let depth = 0; depth < levels; depth += 1) {
    if (level.length === 0) return false
    level = level.flatMap((outer) => Object.values(outer).filter(hasMembers))
  }
  return level.length > 0
}

const hasMembers = (value: unknown): value is object => typeof value === 'object' && value !== null

/** JSON equality: the order of keys does not matter, the order of items does. */
export const equal = (left: unknown, right: unknown): boolean => {
  if (left === right) return true
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => equal(item, right[index]))
    )
  }
  return isObject(left) && isObject(right) && equalObjects(left, right)
}

const equalObjects = (left: JsonObject, right: JsonObject): boolean => {
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && equal(left[key], right[key]))
  )
}
