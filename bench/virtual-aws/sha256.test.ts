import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256Hex } from './sha256.ts'

const expected = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

describe('SHA-256 of a text', () => {
  it.each([
    { name: 'no text', text: '' },
    { name: 'a text of one block but for its length', text: 'a'.repeat(56) },
    { name: 'a text of two blocks', text: 'a'.repeat(128) },
    { name: 'a pair of surrogates across two blocks', text: `${'a'.repeat(62)}\u{1f600}` },
    { name: 'half a pair before a letter', text: 'a\ud83db' },
    { name: 'half a pair at the end', text: 'a\ud83d' },
    { name: 'a pair the wrong way round', text: '\ude00\ud83d' },
  ])('is that of Node for $name', ({ text }) => {
    expect(sha256Hex(text)).toBe(expected(text))
  })

  it('is that of Node for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(sha256Hex(text)).toBe(expected(text))
      }),
      { seed: 1 },
    )
  })
})
