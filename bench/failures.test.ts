import { beforeAll, describe, expect, it } from 'vitest'
import { type StackName, synth } from '../infra/synth.ts'
import { sameOutcome } from './assemble.ts'
import { contestants } from './contestants.ts'
import { type Harm, harms } from './harms.testing.ts'
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
 * All that can be seen of a run but how many events the kernel ran, since what an act does to a stack takes some, too;
 * how it recovered, for which only runs with faults are watched; and how long after the fault began an alarm rang, which
 * is counted from the first order where there is none.
 */
const seen = ({ outcomes, result: { recovery: _, alarms, ...result } }: MeasuredRun) => ({
  outcomes,
  result: { ...result, kernelEvents: 0, rang: alarms?.rang },
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
