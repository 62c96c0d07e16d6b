import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Item } from './item.ts'
import { Shelf } from './shelf.ts'

const leaf = fc.oneof(
  fc.string(),
  fc.constantFrom('GBP', 'OrderCreated', 'a\u0001b', '\u{1F600}', '', '=', 'order-000018', 'order-000019'),
  fc.stringMatching(/^[0-9a-f]{64}$/),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.bigInt(),
)
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
  ),
})).value
const item = fc.dictionary(fc.string(), value, { maxKeys: 5 })

const operation = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key: fc.integer({ min: 0, max: 30 }), item }),
  fc.record({ kind: fc.constant('delete' as const), key: fc.integer({ min: 0, max: 30 }) }),
  fc.record({ kind: fc.constant('get' as const), key: fc.integer({ min: 0, max: 30 }) }),
)

/** Items of up to 64 bytes are never packed. */
const bytesAt = (step: number): number => (step % 2 === 0 ? step % 65 : 65 + step)

/** Key by key, as equality of what was read with what was stored. */
const contentOf = (shelf: Shelf): ReadonlyMap<string, unknown> =>
  new Map([...shelf.keys()].map((key) => [key, shelf.get(key)]))

describe('a shelf', () => {
  it('holds what a map would hold, packed or not', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 120 }), (operations) => {
        const shelf = new Shelf(3)
        const map = new Map<string, unknown>()
        for (const [step, done] of operations.entries()) {
          const key = `order-${done.key}`
          if (done.kind === 'set') {
            const stored = { item: done.item as Item, bytes: bytesAt(step) }
            shelf.set(key, stored)
            map.set(key, stored)
          } else if (done.kind === 'delete') {
            shelf.delete(key)
            map.delete(key)
          } else expect(shelf.get(key)).toEqual(map.get(key))
        }
        expect(contentOf(shelf)).toEqual(map)
        expect([...shelf.values()]).toHaveLength(map.size)
      }),
      { numRuns: 300, seed: 20_261_124 },
    )
  })

  it('gives back frozen items, with their attributes in the order in which they were written', () => {
    const shelf = new Shelf(1)
    for (let number = 0; number < 10; number += 1)
      shelf.set(String(number), {
        item: { z: 'text that is too long to be a word', a: [{ n: number }] },
        bytes: 700,
      })
    const read = shelf.get('0')?.item ?? {}
    expect(JSON.stringify(read)).toBe('{"z":"text that is too long to be a word","a":[{"n":0}]}')
    expect(Object.isFrozen(read)).toBe(true)
    expect(Object.isFrozen((read['a'] as object[])[0])).toBe(true)
  })
})
