import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Choice, canAgree } from './choices.ts'
import { joined, type Membership, nowhere } from './leaves.ts'
import { compilePattern } from './pattern.ts'

/** Every choice of every field, without any memory of what has failed. */
const anyAgrees = ([field, ...later]: readonly Choice[], chosen: Membership): boolean => {
  if (field === undefined) return true
  const agrees = (own: Membership): boolean => {
    const together = joined(chosen, own)
    return together !== undefined && anyAgrees(later, together)
  }
  const isAbsent = field.presence?.every((own) => joined(chosen, own) === undefined) === true
  return field.matching.some(agrees) || (isAbsent && anyAgrees(later, chosen))
}

const arrays: readonly (readonly unknown[])[] = [[1], [2], [3]]
const membership = fc
  .dictionary(fc.constantFrom('0', '1', '2'), fc.nat({ max: 2 }), { maxKeys: 3 })
  .map(
    (chosen): Membership =>
      new Map(Object.entries(chosen).map(([at, index]) => [arrays[Number(at)] ?? [], index])),
  )
const choice = fc.record({
  matching: fc.array(membership, { maxLength: 3 }),
  presence: fc.option(fc.array(membership, { maxLength: 3 }), { nil: undefined }),
})

describe('Fields that lie in elements of arrays', () => {
  it('agree exactly when some choice of theirs does', () => {
    fc.assert(
      fc.property(fc.array(choice, { maxLength: 5 }), (fields) => {
        expect(canAgree(fields)).toBe(anyAgrees(fields, nowhere))
      }),
      { seed: 1, numRuns: 2000 },
    )
  })

  const names = [...'abcdefghijklmnop']
  const each = (make: (name: string) => unknown) =>
    Object.fromEntries(names.map((name) => [name, make(name)]))
  const numbers = Array.from({ length: 60 }, (_, index) => index)
  it.each([
    { name: 'lists of values', field: [{ exists: true }], list: numbers },
    { name: 'lists of objects', field: { n: [{ exists: true }] }, list: numbers.map((n) => ({ n })) },
    {
      name: 'lists of lists of objects',
      field: { m: { n: [{ exists: true }] } },
      list: numbers.map((n) => ({ m: [{ n }, { n }] })),
    },
    { name: 'lists without the field', field: { n: [{ exists: false }] }, list: numbers.map(() => ({})) },
  ])('are settled at once, however many there are: $name', ({ field, list }) => {
    const pattern = compilePattern({ ...each(() => field), z: { q: ['no'] } })
    const event = (q: string) => ({ ...each(() => list), z: [{ q }, { q }] })
    expect(pattern.matches(event('yes'))).toBe(false)
    expect(pattern.matches(event('no'))).toBe(true)
  })
})
