import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lowestHashes } from './sample.ts'

const sampled = (orderIds: readonly string[], max: number, seed = 1): string[] =>
  lowestHashes(
    orderIds.map((orderId) => ({ orderId })),
    max,
    seed,
  ).map(({ orderId }) => orderId)
const orderIds = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 60 })

describe('a sample of orders', () => {
  it('keeps every order while they are few', () => {
    expect(sampled(['b', 'a', 'c'], 3)).toEqual(['a', 'b', 'c'])
  })
  it('is the same whatever the order of arrival', () => {
    fc.assert(
      fc.property(orderIds, fc.integer({ min: 1, max: 10 }), fc.integer(), (ids, max, seed) => {
        const kept = sampled(ids, max, seed)
        expect(kept).toHaveLength(Math.min(max, ids.length))
        expect(sampled(ids.toReversed(), max, seed)).toEqual(kept)
      }),
    )
  })
  it('is uniform: of 20,000 numbered orders each tenth is drawn about as often', () => {
    const ids = Array.from({ length: 20_000 }, (_, index) => `order-${String(index).padStart(6, '0')}`)
    const tenths = new Array<number>(10).fill(0)
    for (const id of sampled(ids, 5_000)) {
      const tenth = Math.floor(Number(id.slice(6)) / 2_000)
      tenths[tenth] = (tenths[tenth] ?? 0) + 1
    }
    for (const count of tenths) expect(Math.abs(count - 500)).toBeLessThan(100)
  })
  it('differs by seed', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `order-${index}`)
    expect(sampled(ids, 100, 1)).not.toEqual(sampled(ids, 100, 2))
  })
  it('of a whole is the sample of the samples of its parts', () => {
    fc.assert(
      fc.property(orderIds, orderIds, fc.integer({ min: 1, max: 10 }), (ids, others, max) => {
        const rest = others.filter((id) => !ids.includes(id))
        const parts = [...sampled(ids, max), ...sampled(rest, max)]
        expect(sampled(parts, max)).toEqual(sampled([...ids, ...rest], max))
      }),
    )
  })
  it('takes the first of ids whose hashes are equal', () => {
    expect(sampled(['order-550140', 'order-32479'], 1)).toEqual(['order-32479'])
  })
})
