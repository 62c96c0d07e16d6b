import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Event } from './event.ts'
import { compilePattern } from './pattern/pattern.ts'
import { RuleIndex } from './rule-index.ts'

const some = (...values: readonly unknown[]) => fc.constantFrom(...values)
const anyPattern = fc.record(
  {
    source: some(['a'], ['a', 'b'], [{ prefix: 'a' }], [{ 'anything-but': 'a' }], ['10.0.0.1']),
    'detail-type': some(['X'], ['X', 'Y'], [{ suffix: 'Y' }], [{ exists: true }]),
    detail: some({ n: [1] }, { $or: [{ n: [1] }, { m: [1] }] }, { n: [{ exists: false }] }),
    $or: some([{ source: ['b'] }, { 'detail-type': ['Y'] }], [{ source: ['a'] }, { source: ['b'] }]),
  },
  { requiredKeys: ['source'] },
)
const anyEvent = fc.record({
  source: some('a', 'b', 'ab', '10.0.0.1'),
  'detail-type': some('X', 'Y', 'XY'),
  detail: some({ n: 1 }, { m: 1 }, {}),
})

describe('the index of a bus', () => {
  it('finds the rules that match, all of them and no others, in the order of their making', () => {
    fc.assert(
      fc.property(fc.array(anyPattern, { maxLength: 8 }), anyEvent, (sources, whole) => {
        const index = new RuleIndex()
        const rules = sources.map((source, order) => ({
          logicalId: String(order),
          arn: '',
          targets: [],
          pattern: compilePattern(source),
        }))
        for (const rule of rules) index.add(rule)
        const event: Event = {
          id: '',
          text: '',
          whole,
          source: String(whole.source),
          detailType: String(whole['detail-type']),
        }
        expect(index.matching(event)).toEqual(rules.filter(({ pattern }) => pattern.matches(whole)))
      }),
      { seed: 20260105, numRuns: 500 },
    )
  })
})
