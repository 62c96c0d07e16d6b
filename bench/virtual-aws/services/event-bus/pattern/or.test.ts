import { describe, expect, it } from 'vitest'
import { compilePattern } from './pattern.ts'

/** "The backward compatibility of using $or": https://github.com/aws/event-ruler (read 2026-11-25). */
describe('$or is the name of a field like any other', () => {
  it.each([
    { name: 'with an object', pattern: { $or: { a: [1] } }, event: { $or: { a: 1 } } },
    { name: 'with plain values', pattern: { $or: ['x', 'y'] }, event: { $or: 'y' } },
    {
      name: 'with objects whose fields are named like operators',
      pattern: { $or: [{ prefix: 'x' }, { suffix: 'y' }] },
      event: { $or: 'zy' },
    },
  ])('$name', ({ pattern, event }) => {
    expect(compilePattern(pattern).matches(event)).toBe(true)
    expect(compilePattern(pattern).matches({ a: 1, prefix: 'x' })).toBe(false)
  })
})

describe('the alternatives of $or', () => {
  it('may hold fields named like operators further inside', () => {
    const pattern = compilePattern({ $or: [{ a: { prefix: [1] } }, { b: [1] }] })
    expect(pattern.matches({ a: { prefix: 1 } })).toBe(true)
    expect(pattern.matches({ a: { prefix: 2 } })).toBe(false)
  })

  it('multiply to a thousand at most', () => {
    const ten = (name: string) => ({ $or: Array.from({ length: 10 }, (_, n) => ({ [name]: [n] })) })
    const pattern = { a: ten('x'), b: ten('x'), c: ten('x') }
    expect(compilePattern(pattern).matches({ a: { x: 9 }, b: { x: 0 }, c: { x: 5 } })).toBe(true)
    expect(() => compilePattern({ ...pattern, d: ten('x') })).toThrow('too complex')
  })
})
