import { describe, expect, it } from 'vitest'
import { type StackName, synth } from '../../infra/synth.ts'
import { contestants } from '../contestants.ts'
import { measureRun } from '../measured-run.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { steady } from '../scenarios/steady.ts'
import { builtInWorkload } from '../workload/built-in.ts'

const templates = synth()

/** Whoever would answer or publish dies first: whatever can go to a dead-letter queue does. */
const deadly: Scenario = {
  ...steady,
  id: 'deadly',
  promises: 'nothing',
  faults: [
    { kind: 'crash', at: 'before-answer', probability: 1 },
    { kind: 'provider-outage', provider: 'carrier', fromMs: 0, forMs: 60_000 },
  ],
}

const measured = async (contestant: (typeof contestants)[number], scenario: Scenario, recovers: boolean) => {
  const { result } = await measureRun({
    contestant,
    template: templates[contestant.stack as StackName],
    scenario,
    workload: builtInWorkload({ count: 6, ratePerSecond: 1, seed: 1 }),
    seed: 1,
    region: 'us-east-1',
    ...(recovers ? { recovers } : {}),
  })
  return result
}

describe.each(contestants.map((contestant) => [contestant.id, contestant] as const))(
  '%s',
  (_, contestant) => {
    it('pays for nothing that is done for its recovery, and no figure of its run changes by it', async () => {
      const { recovery: before, ...left } = await measured(contestant, deadly, false)
      const { recovery: after, ...acted } = await measured(contestant, deadly, true)
      expect(acted).toEqual(left)
      expect(before?.after).toBeUndefined()
      expect(before?.actions).not.toEqual([])
      expect(after?.after?.outcomes).toBeDefined()
    })

    it('is not watched for a recovery where nothing is to go wrong', async () => {
      expect((await measured(contestant, steady, false)).recovery).toBeUndefined()
    })
  },
)

it('orders that the front door refused are beyond whoever runs the stack, and are told as left', async () => {
  const [contestant] = contestants
  if (contestant === undefined) throw new Error('There is no contestant.')
  const closed: Scenario = { ...deadly, faults: [{ kind: 'door-refusal', fromMs: 0, forMs: 60_000 }] }
  const { recovery } = await measured(contestant, closed, true)
  expect(recovery?.actions).toEqual([])
  expect(recovery?.after?.left).toMatchObject([
    { what: 'orders refused', resource: 'the front door', count: 6 },
  ])
})
