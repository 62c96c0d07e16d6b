import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Hash of a text, uniform over 32 bits: FNV-1a with the finaliser of MurmurHash3. Not for secrets. */
export const hashOf = (text: string, seed: number): number => {
  let hash = (0x811c9dc5 ^ seed) | 0
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Draws whole numbers below a bound, uniform to within bound ÷ 2^32: for bootstraps, whose bounds are small. */
export type Indices = (below: number) => number

/** A stream of its own for each name under one seed. */
export const indicesOf = (seed: number, name: string): Indices => {
  const generator = xoroshiro128plus(hashOf(name, seed))
  return (below) => Math.floor((generator.next() >>> 0) * 2 ** -32 * below)
}
