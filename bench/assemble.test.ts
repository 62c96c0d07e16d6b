import { describe, expect, it } from 'vitest'
import { sameOutcome } from './assemble.ts'
import { builtInWorkload } from './workload/built-in.ts'
import { wholeOf } from './workload/parts.ts'

const workload = wholeOf(builtInWorkload({ count: 3, ratePerSecond: 1, seed: 1 }))

describe('orders that did not end alike', () => {
  it('are counted, and named as the workload names them', () => {
    expect(sameOutcome(workload, ['ffr', 'frr'])).toEqual({
      held: false,
      differing: 1,
      examples: ['order-000002'],
    })
  })

  it('are named as they stand in the tables of a real run', () => {
    expect(sameOutcome(workload, ['ffr', 'frr'], 'tag-steady').examples).toEqual(['tag-steady-order-000002'])
  })

  it('are none where all ended alike', () => {
    expect(sameOutcome(workload, ['ffr', 'ffr'])).toEqual({ held: true, differing: 0, examples: [] })
  })
})
