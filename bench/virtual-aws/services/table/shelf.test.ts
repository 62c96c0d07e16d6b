import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { storable } from './item.ts'
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

const operation = fc.record({
  kind: fc.constantFrom('put', 'update', 'delete', 'get'),
  key: fc.integer({ min: 0, max: 30 }).map((number) => `order-${number}`),
  item,
})
type Operation = typeof operation extends fc.Arbitrary<infer One> ? One : never

/** Key by key, as equality of what was read with what was stored. */
const contentOf = (shelf: Shelf): ReadonlyMap<string, unknown> =>
  new Map([...shelf.keys()].map((key) => [key, shelf.get(key)]))

const doToBoth = (shelf: Shelf, map: Map<string, unknown>, { kind, key, item }: Operation): void => {
  switch (kind) {
    case 'get':
      expect(shelf.get(key)).toEqual(map.get(key))
      break
    case 'delete':
      shelf.delete(key)
      map.delete(key)
      break
    default:
      shelf.set(key, kind === 'put' ? shelf.storable(item) : storable(item))
      map.set(key, storable(item))
  }
}

describe('a shelf', () => {
  it('holds what a map would hold, packed or not', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 120, size: 'max' }), (operations) => {
        const shelf = new Shelf(3)
        const map = new Map<string, unknown>()
        for (const each of operations) doToBoth(shelf, map, each)
        expect(contentOf(shelf)).toEqual(map)
        expect([...shelf.values()]).toHaveLength(map.size)
      }),
      { numRuns: 100, seed: 20_261_124 },
    )
  })

  it('does not change with what it was given', () => {
    const shelf = new Shelf()
    const given = { z: 'text that is too long to be a word', a: [{ number: 1 }] }
    const alike = { z: 'and so is the text of another item', a: [{ number: 2 }] }
    shelf.set('0', shelf.storable(given))
    given.a.push({ number: 3 })
    given.z = ''
    shelf.set('1', shelf.storable(alike))
    expect(shelf.get('0')?.item).toEqual({ z: 'text that is too long to be a word', a: [{ number: 1 }] })
    expect(shelf.get('1')?.item).toEqual(alike)
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

  it('gives the part of an item that is asked for as it is in the whole, packed or not', () => {
    fc.assert(
      fc.property(item, item, (given, beside) => {
        const shelf = new Shelf()
        shelf.set('0', shelf.storable({ key: '0', beside, list: [{ beside, given }], last: [given, beside] }))
        const whole = shelf.get('0')?.item ?? {}
        const { list, last } = shelf.part('0', { list: { given: 'all' }, last: 'all' }) ?? {}
        expect(last).toEqual(whole['last'])
        expect(list).toMatchObject([{ given: (whole['last'] as unknown[])[0] }])
        expect(shelf.part('0', 'all')).toEqual(whole)
      }),
      { numRuns: 100, seed: 20_261_125 },
    )
  })

  it('leaves out of a packed item what is not asked for', () => {
    const shelf = new Shelf()
    const facts = [{ type: 'OrderCreated', data: { text: 'that is too long to be a word of the packer' } }]
    shelf.set('0', shelf.storable({ key: 'order-000018', facts, again: 'order-000018' }))
    expect(shelf.part('0', { facts: { type: 'all' }, again: 'all' })).toEqual({
      facts: [{ type: 'OrderCreated' }],
      again: 'order-000018',
    })
  })
})
