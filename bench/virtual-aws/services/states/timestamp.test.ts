import fc from 'fast-check'
import { expect, it } from 'vitest'
import { isoTime } from './timestamp.ts'

it('writes a time as a Date does, fractions of a millisecond cut off', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 8.64e15, noNaN: true }), { minLength: 1 }),
      fc.integer({ min: 0, max: 2_000 }),
      (times, laterMs) => {
        for (const ms of times.flatMap((each) => [each, Math.min(each + laterMs, 8.64e15)]))
          expect(isoTime(ms)).toBe(new Date(ms).toISOString())
      },
    ),
  )
})
