import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Deadline, Deadlines } from './deadlines.ts'

const anyStep = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('after the last' as const), ms: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('at any time' as const), ms: fc.nat(200) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pop' as const), ms: fc.constant(0) }) },
)

it('deadlines come in the order of their times, those of one time in the order of their making', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 6000, size: 'max' }), (steps) => {
      const deadlines = new Deadlines<number>()
      const expected: Deadline<number>[] = []
      let lastMs = 0
      let sequence = 0
      for (const { kind, ms } of steps) {
        if (kind === 'pop') expect(deadlines.pop()).toEqual(expected.shift())
        else {
          lastMs = kind === 'after the last' ? lastMs + ms : ms
          sequence += 1
          deadlines.push(lastMs, sequence)
          const later = expected.findIndex(({ atMs }) => atMs > lastMs)
          expected.splice(later < 0 ? expected.length : later, 0, { atMs: lastMs, sequence, thing: sequence })
        }
        expect(deadlines.first()).toEqual(expected[0])
      }
    }),
    { seed: 20260105, numRuns: 20 },
  )
})
