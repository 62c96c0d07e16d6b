import { beforeAll, describe, expect, it } from 'vitest'
import { type StackName, synth } from '../infra/synth.ts'
import { sameOutcome } from './assemble.ts'
import { contestants } from './contestants.ts'
import { laws } from './laws.ts'
import { type MeasuredRun, measureRun } from './measured-run.ts'
import { failureScenarios } from './scenarios/all.ts'
import { refusals } from './scenarios/refusals.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { builtInWorkload } from './workload/built-in.ts'
import { wholeOf } from './workload/parts.ts'

const templates = synth()
const load = { seed: 4, count: 80, ratePerSecond: 1 }
const workload = builtInWorkload(load)

const runAll = (scenario: Scenario): Promise<readonly MeasuredRun[]> =>
  Promise.all(
    contestants.map((contestant) =>
      measureRun({
        contestant,
        template: templates[contestant.stack as StackName],
        scenario,
        workload,
        seed: load.seed,
        region: 'us-east-1',
      }),
    ),
  )

/**
 * What a fault does to the ends of orders, against the same orders undisturbed: they end alike; more of them are
 * rejected, cleanly; or some are stuck, unless somebody acts. A fault without a counterpart changes nothing at all.
 */
type Harm = 'nothing' | 'alike' | 'rejects' | 'loses'

/** Standard with SQS tokens, Standard with direct Lambda, Classic bus with SQS. */
const harms: Readonly<Record<string, readonly [Harm, Harm, Harm]>> = {
  'early-crash': ['alike', 'alike', 'alike'],
  hang: ['alike', 'alike', 'alike'],
  'service-down': ['alike', 'alike', 'alike'],
  'service-down-long': ['alike', 'rejects', 'alike'],
  'carrier-outage-long': ['rejects', 'rejects', 'rejects'],
  'provider-slow': ['alike', 'alike', 'alike'],
  'provider-stalled': ['alike', 'alike', 'alike'],
  'provider-refusing': ['rejects', 'rejects', 'rejects'],
  'late-delivery': ['rejects', 'nothing', 'alike'],
  disorder: ['alike', 'nothing', 'alike'],
  'door-closed': ['loses', 'loses', 'loses'],
  'bus-refusing': ['alike', 'alike', 'alike'],
  'bus-slow': ['nothing', 'nothing', 'alike'],
  'rule-disabled': ['nothing', 'nothing', 'loses'],
  'wrong-pattern': ['nothing', 'nothing', 'loses'],
  'permission-lost': ['alike', 'alike', 'loses'],
  'visibility-cut': ['alike', 'nothing', 'alike'],
  neighbour: ['alike', 'alike', 'alike'],
  throttled: ['alike', 'alike', 'alike'],
  poison: ['rejects', 'rejects', 'loses'],
  'schema-ahead': ['alike', 'rejects', 'alike'],
  'schema-behind': ['rejects', 'rejects', 'loses'],
  'retention-outlasted': ['alike', 'alike', 'loses'],
  'definition-updated': ['alike', 'alike', 'nothing'],
  'orchestrator-impaired': ['loses', 'loses', 'nothing'],
  'bus-impaired': ['alike', 'alike', 'alike'],
  'nobody-listens': ['rejects', 'rejects', 'loses'],
}

/**
 * All that can be seen of a run but how many events the kernel ran, since what an act does to a stack takes some, too,
 * and how it recovered, for which only runs with faults are watched.
 */
const seen = ({ outcomes, result: { recovery: _, ...result } }: MeasuredRun) => ({
  outcomes,
  result: { ...result, kernelEvents: 0 },
})

const harmOf = (run: MeasuredRun, undisturbed: MeasuredRun): Harm => {
  if (JSON.stringify(seen(run)) === JSON.stringify(seen(undisturbed))) return 'nothing'
  const { stuck, rejected } = run.result.outcomes
  if (stuck > 0) return 'loses'
  return rejected > undisturbed.result.outcomes.rejected ? 'rejects' : 'alike'
}

const brokenLaws = ({ result }: MeasuredRun): readonly string[] =>
  result.laws.filter(({ held }) => !held).map(({ law }) => law)

describe('a scenario of failure', () => {
  let undisturbed: readonly MeasuredRun[]
  beforeAll(async () => {
    undisturbed = await runAll(refusals)
  })

  it('is told of here, whichever it is', () => {
    expect(failureScenarios.map(({ id }) => id)).toEqual(Object.keys(harms))
  })

  it.each(failureScenarios)('$id does what is told of it, and keeps its promise', async (scenario) => {
    const runs = await runAll(scenario)
    const found = runs.map((run, index) => harmOf(run, undisturbed[index] as MeasuredRun))
    expect(found).toEqual(harms[scenario.id])
    expect(runs.map(({ result }) => result.outcomes.inconsistent)).toEqual([0, 0, 0])
    for (const [index, run] of runs.entries())
      expect(brokenLaws(run)).toEqual(found[index] === 'loses' ? [laws.ends] : [])
    expect(scenario.promises === 'nothing').toBe(found.includes('loses'))
    const outcomes = runs.map((run) => run.outcomes)
    if (scenario.promises === 'sameOutcome')
      expect(sameOutcome(wholeOf(workload), outcomes).differing).toBe(0)
  })

  it('repeats from its seed', async () => {
    const scenario = failureScenarios.find(({ id }) => id === 'late-delivery') as Scenario
    const [first, second] = [await runAll(scenario), await runAll(scenario)]
    expect(second.map(seen)).toEqual(first.map(seen))
  })
})
