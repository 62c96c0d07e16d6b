/** What a chance may depend on: names, ids, and counts such as the attempt. */
export type ChanceKey = string | number

/**
 * A number in [0, 1) that depends on nothing but its arguments: the same order meets the same fate in every run with
 * that seed, whatever happens before it. Chance drawn from a stream would shift when another draw is added.
 *
 * Two 32-bit lanes take in every UTF-16 unit and the end of every key (so that ('ab','c') and ('a','bc') differ); each
 * is finished with the avalanche steps of MurmurHash3 (public domain), and 53 bits of them make the number.
 */
export const chance = (seed: number, ...keys: readonly ChanceKey[]): number => chanceAt(seed, keys)

const chanceAt = (seed: number, keys: readonly ChanceKey[]): number => {
  let high = 0x9e3779b9 ^ seed
  let low = 0x85ebca6b ^ Math.imul(seed, 0x27d4eb2f)
  for (const key of keys) {
    const text = typeof key === 'number' ? `#${key}` : key
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index)
      high = Math.imul(high ^ unit, 0x9e3779b1)
      low = Math.imul(low ^ unit, 0x5f356495)
      high ^= high >>> 15
      low ^= low >>> 13
    }
    high = Math.imul(high ^ endOfKey, 0x85ebca77)
    low = Math.imul(low ^ endOfKey, 0xc2b2ae3d)
  }
  const top = avalanche(high ^ (low >>> 16))
  const bottom = avalanche(low ^ top)
  return ((top >>> 5) * 2 ** 26 + (bottom >>> 6)) / 2 ** 53
}

/** Beyond the UTF-16 units, so that no text can hold it. */
const endOfKey = 0x10000

const avalanche = (word: number): number => {
  let mixed = word
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/**
 * A lognormal with that median and 99th percentile, at the chance that the keys give. Cut at four standard deviations
 * on either side, which one value in 16,000 reaches.
 */
export const lognormal = (p50: number, p99: number, seed: number, ...keys: readonly ChanceKey[]): number => {
  const sigma = Math.log(p99 / p50) / standardNormalP99
  return p50 * Math.exp(sigma * Math.max(-4, Math.min(4, standardNormal(seed, keys))))
}

const standardNormalP99 = 2.3263478740408408

/** Box and Muller's transform: two uniforms make one standard normal. */
const standardNormal = (seed: number, keys: readonly ChanceKey[]): number =>
  Math.sqrt(-2 * Math.log(1 - chanceAt(seed, [...keys, 'radius']))) *
  Math.cos(2 * Math.PI * chanceAt(seed, [...keys, 'angle']))
