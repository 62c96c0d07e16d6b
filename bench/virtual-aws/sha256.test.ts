import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sha256Hex, sha256InScript } from './sha256.ts'

const expected = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

describe.each([
  { where: 'under Node', hash: sha256Hex },
  { where: 'in a browser', hash: sha256InScript },
])('SHA-256 of a text $where', ({ hash }) => {
  it.each([
    { name: 'no text', text: '' },
    { name: 'a text of one block but for its length', text: 'a'.repeat(56) },
    { name: 'a text of two blocks', text: 'a'.repeat(128) },
    { name: 'a pair of surrogates across two blocks', text: `${'a'.repeat(62)}\u{1f600}` },
    { name: 'half a pair before a letter', text: 'a\ud83db' },
    { name: 'half a pair at the end', text: 'a\ud83d' },
    { name: 'a pair the wrong way round', text: '\ude00\ud83d' },
  ])('is that of Node for $name', ({ text }) => {
    expect(hash(text)).toBe(expected(text))
  })

  it('is that of Node for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(hash(text)).toBe(expected(text))
      }),
      { seed: 1 },
    )
  })
})
