import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isoTime } from './timestamp.ts'

it.each([
  { ms: 0, text: '1970-01-01T00:00:00Z' },
  { ms: 0.9, text: '1970-01-01T00:00:00Z' },
  { ms: 1, text: '1970-01-01T00:00:00.001Z' },
  { ms: 1_500, text: '1970-01-01T00:00:01.500Z' },
  { ms: 2_000, text: '1970-01-01T00:00:02Z' },
])('writes $ms ms as $text: no fraction of a second where there is none', ({ ms, text }) => {
  expect(isoTime(ms)).toBe(text)
})

it('writes a time as a Date does but for that, fractions of a millisecond cut off', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 8.64e15, noNaN: true }), { minLength: 1 }),
      fc.integer({ min: 0, max: 2_000 }),
      (times, laterMs) => {
        for (const ms of times.flatMap((each) => [each, Math.min(each + laterMs, 8.64e15)]))
          expect(isoTime(ms)).toBe(new Date(ms).toISOString().replace('.000Z', 'Z'))
      },
    ),
  )
})
