import { describe, expect, it } from 'vitest'
import { synthAll } from '../../infra/synth.ts'
import { contestants } from '../contestants.ts'
import { totalsOf } from '../measured-run.ts'
import { scarcity } from '../scenarios/scarcity.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import type { Workload } from '../workload/workload.ts'
import { stockDecisions } from './stock-decisions.testing.ts'

const { contestants: templates } = synthAll()

describe.each(contestants)('orders that contend for stock, in $id', (contestant) => {
  const run = async (workload: Workload) => {
    const decisions = stockDecisions()
    const template = templates[contestant.stack as keyof typeof templates]
    const { outcomes } = await totalsOf(
      { contestant, template, scenario: scarcity, workload, seed: 1, region: 'us-east-1' },
      { observers: [decisions.observer] },
    )
    const ends = new Map(workload.arrivals.map(({ orderId }, index) => [orderId, outcomes[index]]))
    return { ends, decisions }
  }

  it('end alike when they come one by one as the warehouse decided on them all at once', async () => {
    const workload = builtInWorkload({ count: 200, ratePerSecond: 5, seed: 3 })
    const crowded = await run(workload)
    const served = { ...workload, arrivals: crowded.decisions.inTurn(workload.arrivals) }
    const calm = await run(served)
    expect([...calm.ends].toSorted()).toEqual([...crowded.ends].toSorted())
    expect(new Set(crowded.ends.values())).toEqual(new Set(['f', 'r']))
  })
})
