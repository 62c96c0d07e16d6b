import { isObject } from '../json.ts'

/**
 * Thrown by a compiled expression that meets a value outside the plain cases: the library takes over and decides,
 * so that its coercions and its error messages are written once, by it.
 */
export class Outside extends Error {}

export const outside = (): never => {
  throw new Outside('The JSONata library decides')
}

/** JSONata's effective boolean value. */
export const truthy = (value: unknown): boolean => {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return value !== ''
  if (typeof value === 'number') return value !== 0
  if (Array.isArray(value)) return value.some(truthy)
  return isObject(value) && Object.keys(value).length > 0
}

/** JSONata's `$string` of anything but undefined. */
export const stringOf = (value: unknown): string => {
  if (typeof value === 'string') return value
  if (typeof value === 'number' && !Number.isFinite(value)) return outside()
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'number' && !Number.isInteger(inner) ? Number(inner.toPrecision(15)) : inner,
  )
}

export const sameValue = (left: unknown, right: unknown): boolean => {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (Array.isArray(left) !== Array.isArray(right)) return outside()
  const keys = Object.keys(left)
  return (
    keys.length === Object.keys(right).length &&
    keys.every(
      (key) =>
        Object.hasOwn(right, key) &&
        sameValue((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key]),
    )
  )
}
