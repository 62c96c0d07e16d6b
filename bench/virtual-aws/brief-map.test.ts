import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BriefMap } from './brief-map.ts'

const key = fc.constantFrom('a', 'b', 'c', 'd')
const step = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), key, value: fc.integer().map((number) => ({ number })) }),
  fc.record({ kind: fc.constant('delete' as const), key }),
)

it('answers as a Map does after any steps', () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const map = new Map<string, object>()
      const brief = new BriefMap<object>()
      for (const taken of steps) {
        if (taken.kind === 'set') {
          map.set(taken.key, taken.value)
          brief.set(taken.key, taken.value)
        } else expect(brief.delete(taken.key)).toBe(map.delete(taken.key))
        expect(brief.size).toBe(map.size)
        expect(brief.has(taken.key)).toBe(map.has(taken.key))
        expect(brief.get(taken.key)).toBe(map.get(taken.key))
        expect([...brief.values()]).toEqual([...map.values()])
      }
    }),
  )
})
