import { addressOf } from './address.ts'
import type { Leaf, Matcher } from './field.ts'
import { comparable } from './number.ts'

/**
 * A plain value: equal to it and of its type. A text that is an IP address matches every spelling of the address.
 * A number beyond what `numeric` can compare matches itself.
 */
export const exact = (value: Leaf): Matcher => {
  if (typeof value === 'number') {
    const wanted = comparable(value)
    return (leaf) =>
      typeof leaf === 'number' && (leaf === value || (wanted !== undefined && comparable(leaf) === wanted))
  }
  const address = typeof value === 'string' ? addressOf(value) : undefined
  if (address === undefined) return (leaf) => leaf === value
  return (leaf) => {
    const other = typeof leaf === 'string' ? addressOf(leaf) : undefined
    return other?.value === address.value && other.bits === address.bits
  }
}
