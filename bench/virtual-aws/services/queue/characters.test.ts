import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isToken, messageTextBytes } from './characters.ts'

describe('the text of a message', () => {
  it.each([
    { name: 'a tab', text: '\t', bytes: 1 },
    { name: 'a line feed', text: '\n', bytes: 1 },
    { name: 'a carriage return', text: '\r', bytes: 1 },
    { name: 'the control character before the tab', text: '\b', bytes: undefined },
    { name: 'a vertical tab', text: '\v', bytes: undefined },
    { name: 'the last control character', text: '\u001f', bytes: undefined },
    { name: 'a blank', text: ' ', bytes: 1 },
    { name: 'delete', text: '\u007f', bytes: 1 },
    { name: 'two bytes', text: 'ß', bytes: 2 },
    { name: 'three bytes', text: '€', bytes: 3 },
    { name: 'four bytes', text: '𝄞', bytes: 4 },
    { name: 'the last before the halves', text: '\ud7ff', bytes: 3 },
    { name: 'a first half alone', text: 'a\ud834', bytes: undefined },
    { name: 'a second half alone', text: '\udd1ea', bytes: undefined },
    { name: 'halves in the wrong order', text: '\udd1e\ud834', bytes: undefined },
    { name: 'the last that is allowed of three bytes', text: '\ufffd', bytes: 3 },
    { name: 'U+FFFE', text: '\ufffe', bytes: undefined },
    { name: 'U+FFFF', text: 'x\uffff', bytes: undefined },
    { name: 'a mixture', text: '{"name":"Zoë €𝄞"}', bytes: 23 },
  ])('of $name takes $bytes bytes', ({ text, bytes }) => {
    expect(messageTextBytes(text)).toBe(bytes)
  })

  it('takes as many bytes as its encoding', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(messageTextBytes(text)).toBe(new TextEncoder().encode(text).length)
      }),
    )
  })
})

describe('a message group, a deduplication id', () => {
  it.each([
    { token: 'a', holds: true },
    { token: `!"#$%&'()*+,-./:;<=>?@[\\]^_\`{|}~`, holds: true },
    { token: 'x'.repeat(128), holds: true },
    { token: 'x'.repeat(129), holds: false },
    { token: '', holds: false },
    { token: 'a b', holds: false },
    { token: 'ä', holds: false },
  ])('$token: $holds', ({ token, holds }) => {
    expect(isToken(token)).toBe(holds)
  })
})
