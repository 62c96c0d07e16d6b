import { describe, expect, it } from 'vitest'
import { type StackName, synth } from '../../infra/synth.ts'
import { contestants } from '../contestants.ts'
import { measureRun } from '../measured-run.ts'
import type { Results } from '../results.ts'
import { scenarios } from '../scenarios/all.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import { builtInParts, orderIdAt, wholeOf } from '../workload/parts.ts'
import { explainOrders } from './explained.ts'
import { type ExplainAnswer, explainJobs, runExplainJob, withTimelines } from './shown.ts'

const options = { count: 60, ratePerSecond: 2, seed: 1 }
const whole = wholeOf(builtInWorkload(options))

/** As much of results as says which orders are shown. */
const showing = (...orders: readonly string[]): Pick<Results, 'scenarios'> => ({
  scenarios: [
    {
      id: 'poison',
      results: { orchestrated: {}, choreographed: {} },
      shown: orders.map((order) => ({ order, command: 'c' })),
    },
    { id: 'steady', results: { orchestrated: {}, choreographed: {} } },
  ] as unknown as Results['scenarios'],
})

describe('the runs that are repeated for timelines', () => {
  it('are one for each contestant of a scenario that shows orders, however many it shows', () => {
    expect(explainJobs(showing('order-000001', 'order-000002'), whole)).toEqual(
      ['orchestrated', 'choreographed'].map((contestant) =>
        expect.objectContaining({
          contestant,
          scenario: 'poison',
          part: 0,
          orders: ['order-000001', 'order-000002'],
        }),
      ),
    )
    expect(explainJobs(showing(), whole)).toEqual([])
  })

  it('are of the parts alone in which those orders are', () => {
    const parted = builtInParts(options, 3)
    const order = orderIdAt(parted.parts, 23)
    const jobs = explainJobs(showing(order), parted)
    expect(jobs.map(({ part, orders }) => [part, orders])).toEqual([
      [1, [order]],
      [1, [order]],
    ])
  })

  it('are none where there are more than a thousand orders', () => {
    expect(explainJobs(showing('order-000001'), { ...whole, orders: 1_001 })).toEqual([])
    expect(explainJobs(showing('order-000001'), { ...whole, orders: 1_000 })).toHaveLength(2)
  })
})

const poison = scenarios.find(({ id }) => id === 'poison')
const [orchestrated] = contestants
if (poison === undefined || orchestrated === undefined) throw new Error('no poison, or nobody to take it')
const spec = {
  contestant: orchestrated,
  template: synth()[orchestrated.stack as StackName],
  scenario: poison,
  workload: builtInWorkload(options),
  seed: 1,
  region: 'us-east-1',
}
const [job] = explainJobs(showing('order-000023', 'order-000002'), whole)
if (job === undefined) throw new Error('no job')

describe('a repeated run', () => {
  it('ends as the run that it repeats, and tells of each order what it tells of it alone', async () => {
    const answer = await runExplainJob(job, spec)
    expect(answer.outcomes).toBe((await measureRun(spec)).outcomes)
    const alone = await explainOrders(spec, ['order-000002'])
    const both = await explainOrders(spec, ['order-000023', 'order-000002'])
    expect(both.orders[1]).toEqual(alone.orders[0])
    const { arrivals } = spec.workload
    for (const { order, cameMs } of answer.timelines)
      expect(cameMs).toBe(arrivals.find(({ orderId }) => orderId === order)?.atMs)
    for (const { timeline } of answer.timelines) expect(timeline.entries.length).toBeLessThanOrEqual(65)
    expect(answer.timelines[0]?.timeline.entries.map(({ what }) => what)).toContain('left out')
    expect(answer.timelines[0]?.timeline.entries.at(-1)).toMatchObject({
      what: 'on record',
      detail: /order rejected/,
    })
  })
})

describe('results', () => {
  const timeline = { outcome: 'stuck' as const, entries: [] }
  const answer = (contestant: string): ExplainAnswer => ({
    contestant,
    scenario: 'poison',
    part: 0,
    outcomes: 'fs',
    timelines: [{ order: 'order-000002', cameMs: 31_000, timeline }],
  })

  it('have the timelines of an order by contestant, and are otherwise as they were', () => {
    const { scenarios } = withTimelines(
      showing('order-000001', 'order-000002'),
      [answer('a'), answer('b')],
      () => 'fs',
    )
    expect(scenarios[0]?.shown).toEqual([
      { order: 'order-000001', command: 'c', timelines: {} },
      { order: 'order-000002', cameMs: 31_000, command: 'c', timelines: { a: timeline, b: timeline } },
    ])
    expect(scenarios[1]).toEqual(showing().scenarios[1])
  })

  it('are refused when a repeated run ended in another way', () => {
    expect(() => withTimelines(showing('order-000002'), [answer('a')], () => 'ff')).toThrow(
      'Run again for its timelines, poison of a ended in another way than before.',
    )
  })
})
