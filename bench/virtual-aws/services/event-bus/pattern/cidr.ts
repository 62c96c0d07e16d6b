import { addressOf } from './address.ts'
import { InvalidPattern, type Matcher } from './field.ts'

/** `{ "cidr": "10.0.0.0/24" }`: a text that is an IP address in the block, IPv4 or IPv6. */
export const cidr = (operand: unknown): Matcher => {
  if (typeof operand !== 'string') throw new InvalidPattern('prefix match pattern must be a string')
  const [ip, mask, ...more] = operand.split('/')
  if (ip === undefined || mask === undefined || mask === '' || more.length > 0)
    throw new InvalidPattern("Malformed CIDR, one '/' required")
  if (!/^[+-]?\d+$/.test(mask)) throw new InvalidPattern('Malformed CIDR, mask bits must be an integer')
  const maskBits = Number(mask)
  if (maskBits < 0) throw new InvalidPattern('Malformed CIDR, mask bits must not be negative')
  const base = addressOf(ip)
  if (base === undefined) throw new InvalidPattern(`Nonstandard IP address: ${ip}`)
  if (maskBits >= base.bits)
    throw new InvalidPattern(
      base.bits === 32 ? 'IPv4 mask bits must be < 32' : 'IPv6 mask bits must be < 128',
    )
  const free = BigInt(base.bits - maskBits)
  const block = base.value >> free
  return (leaf) => {
    const address = typeof leaf === 'string' ? addressOf(leaf) : undefined
    return address !== undefined && address.bits === base.bits && address.value >> free === block
  }
}
