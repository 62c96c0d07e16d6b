import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utf8Bytes } from './bytes.ts'

const encoded = (text: string): number => new TextEncoder().encode(text).length
const long = 65_536

describe('the bytes of a text in UTF-8', () => {
  it.each([
    { name: 'nothing', text: '' },
    { name: 'a short text', text: 'order-1' },
    { name: 'a short one of several bytes', text: 'Zoë €𝄞' },
    { name: 'a long text', text: 'x'.repeat(64) },
    { name: 'a long one with two bytes at its end', text: `${'x'.repeat(64)}ß` },
    { name: 'a very long text', text: 'x'.repeat(long + 1) },
    { name: 'a very long one with three bytes at its end', text: `${'x'.repeat(long)}€` },
    { name: 'as many characters as fit as bytes, half of which do', text: 'ß'.repeat(long) },
    { name: 'the half of them', text: 'ß'.repeat(long / 2) },
  ])('are those of its encoding: $name', ({ text }) => {
    expect(utf8Bytes(text)).toBe(encoded(text))
  })

  it('are those of its encoding, whatever the text, and whatever was asked before', () => {
    const anyText = fc.string({ unit: 'grapheme', minLength: 0, maxLength: 200 })
    fc.assert(
      fc.property(fc.array(anyText), (texts) => {
        for (const text of [...texts, ...texts]) expect(utf8Bytes(text)).toBe(encoded(text))
      }),
      { seed: 20260105 },
    )
  })
})
