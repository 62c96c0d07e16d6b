import { describe, expect, it } from 'vitest'
import {
  absent,
  clipped,
  counted,
  fixed,
  listed,
  ms,
  percent,
  plain,
  ratio,
  span,
  times,
  units,
  usd,
} from './format.ts'

describe('a number as text', () => {
  it.each([
    { name: 'three digits of a small latency', text: ms(12.345), expected: '12.3' },
    { name: 'a long latency in whole ms', text: ms(1_234_567.8), expected: '1,234,568' },
    { name: 'cents below a thousand dollars', text: usd(231.405), expected: '$231.41' },
    { name: 'whole dollars above', text: usd(999_999_999.4), expected: '$999,999,999' },
    { name: 'less than a cent is not rounded away', text: usd(0.0042), expected: '$0.0042' },
    { name: 'next to nothing is not nothing', text: usd(1e-9), expected: '<$0.0001' },
    { name: 'nothing', text: usd(0), expected: '$0.00' },
    { name: 'a ratio near 1, where a verdict is decided', text: ratio(1.0042), expected: '1.004' },
    { name: 'a ratio below 2', text: ratio(1.6349), expected: '1.635' },
    { name: 'a ratio far from 1', text: ratio(4.2849), expected: '4.28' },
    { name: 'a ratio by itself', text: times(4.2849), expected: '4.28×' },
    { name: 'a tiny ratio', text: ratio(0.00123456), expected: '0.00123' },
    { name: 'a huge ratio', text: ratio(12_345.6), expected: '12,346' },
    { name: 'whole units', text: units(31), expected: '31' },
    { name: 'units of a fraction', text: units(0.00123), expected: '0.0012' },
    { name: 'a negative bound', text: fixed(-1234.5, 1), expected: '−1,234.5' },
    { name: 'a negative that rounds to nothing', text: fixed(-0.001, 1), expected: '0.0' },
    { name: 'a share', text: percent(1, 3), expected: '33.3%' },
    { name: 'one of very many is not none', text: percent(1, 100_000), expected: '<0.1%' },
    { name: 'all but one of very many is not all', text: percent(99_999, 100_000), expected: '>99.9%' },
    { name: 'a share of nothing', text: percent(0, 0), expected: absent },
    { name: 'minutes', text: span(1_000_000), expected: '16.7 min' },
    { name: 'whole minutes', text: span(600_000), expected: '10 min' },
    { name: 'no time at all', text: span(0), expected: '0.00 ms' },
  ])('$name: $expected', ({ text, expected }) => {
    expect(text).toBe(expected)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('%s is printed as absent, never as itself', (value) => {
    expect([ms(value), usd(value), ratio(value), fixed(value, 2), percent(value, 1), times(value)]).toEqual(
      Array(6).fill(absent),
    )
  })
})

describe('text', () => {
  it('loses what could move a cursor, break a line or turn the reading direction', () => {
    expect(plain('a\u001b[31mb\nc\u202ed\ud800e')).toBe('a�[31mb c�d�e')
  })

  it('keeps what is no such thing, emoji and all', () => {
    expect(plain('größer 👩‍🚀 注文')).toBe('größer 👩‍🚀 注文')
  })

  it('is clipped by characters and shows it', () => {
    expect([clipped('abcdef', 6), clipped('abcdefg', 6)]).toEqual(['abcdef', 'abcde…'])
  })

  it('is listed and counted as one says it', () => {
    expect([
      listed([]),
      listed(['a']),
      listed(['a', 'b', 'c']),
      counted(1, 'order'),
      counted(2000, 'order'),
    ]).toEqual(['', 'a', 'a, b and c', '1 order', '2,000 orders'])
  })
})
