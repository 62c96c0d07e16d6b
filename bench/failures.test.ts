import { describe, expect, it } from 'vitest'
import { type StackName, synth } from '../infra/synth.ts'
import { sameOutcome } from './assemble.ts'
import { contestants } from './contestants.ts'
import { heldAgainst } from './failure/effect.ts'
import { harmInResults, harms } from './harms.testing.ts'
import { laws } from './laws.ts'
import { type MeasuredRun, measureRun } from './measured-run.ts'
import { epochMs } from './run.ts'
import { failureScenarios } from './scenarios/all.ts'
import { busImpaired } from './scenarios/bus-impaired.ts'
import { busRefusing } from './scenarios/bus-refusing.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { undisturbed } from './scenarios/twins.ts'
import { builtInWorkload } from './workload/built-in.ts'
import { wholeOf } from './workload/parts.ts'

const templates = synth()
const load = { seed: 4, count: 80, ratePerSecond: 1 }
const workload = builtInWorkload(load)

/** Of so few orders no payment takes as long as `visibility-cut` makes it matter. */
const ordersUnder = ({ id }: Scenario) =>
  id === 'visibility-cut' ? builtInWorkload({ ...load, count: 300 }) : workload

/** Commands lie unread that were sent for orders that have long been undone. */
const cutOff: Readonly<Record<string, readonly boolean[]>> = { 'late-delivery': [true, false, false] }

const runAll = (scenario: Scenario, orders = workload): Promise<readonly MeasuredRun[]> =>
  Promise.all(
    contestants.map((contestant) =>
      measureRun({
        contestant,
        template: templates[contestant.stack as StackName],
        scenario,
        workload: orders,
        seed: load.seed,
        region: 'us-east-1',
        keepsFootprint: true,
      }),
    ),
  )

const effectOf = (run: MeasuredRun, twin: MeasuredRun | undefined) => {
  if (twin === undefined) throw new Error('There is no twin.')
  return heldAgainst(run, twin, load.seed).effect
}

const brokenLaws = ({ result }: MeasuredRun): readonly string[] =>
  result.laws.filter(({ held }) => !held).map(({ law }) => law)

describe('a scenario of failure', () => {
  const twins = new Map<string, Promise<readonly MeasuredRun[]>>()
  const twinsOf = (scenario: Scenario): Promise<readonly MeasuredRun[]> => {
    const twin = undisturbed(scenario)
    const orders = ordersUnder(scenario)
    const key = JSON.stringify([twin.load, twin.world, orders.arrivals.length])
    const runs = twins.get(key) ?? runAll(twin, orders)
    twins.set(key, runs)
    return runs
  }

  it('is told of here, whichever it is', () => {
    expect(failureScenarios.map(({ id }) => id)).toEqual(Object.keys(harms))
  })

  it.each(failureScenarios)('$id does what is told of it, and keeps its promise', async (scenario) => {
    const orders = ordersUnder(scenario)
    const runs = await runAll(scenario, orders)
    const held = await twinsOf(scenario)
    const found = runs.map((run, index) => effectOf(run, held[index]).harm)
    expect(found).toEqual(harms[scenario.id]?.map((harm) => harmInResults[harm]))
    expect(runs.map(({ result }) => result.outcomes.inconsistent)).toEqual([0, 0, 0])
    expect(runs.map(({ isCutOff }) => isCutOff === true)).toEqual(
      cutOff[scenario.id] ?? [false, false, false],
    )
    for (const [index, run] of runs.entries())
      expect(brokenLaws(run)).toEqual(found[index] === 'strands orders' ? [laws.ends] : [])
    expect(scenario.promises === 'nothing').toBe(found.includes('strands orders'))
    const outcomes = runs.map((run) => run.outcomes)
    if (scenario.promises === 'sameOutcome') expect(sameOutcome(wholeOf(orders), outcomes).differing).toBe(0)
  })

  it.each(failureScenarios)('$id repeats from its seed', async (scenario) => {
    const few = builtInWorkload({ ...load, count: 20, ratePerSecond: 0.25 })
    const [first, second] = [await runAll(scenario, few), await runAll(scenario, few)]
    expect(second).toEqual(first)
  })
})

describe('a bus', () => {
  /** Orders of the second before the bus is disturbed: some of their events are on their way when that begins. */
  const justBefore = {
    ...workload,
    arrivals: workload.arrivals.map((arrival, place) => ({ ...arrival, atMs: 29_000 + place * 12 })),
  }
  const deliveredMeanwhile = async (scenario: Scenario): Promise<number> => {
    let count = 0
    const choreographed = contestants.find(({ id }) => id === 'choreographed')
    if (choreographed === undefined) throw new Error('There is no choreography.')
    await measureRun(
      {
        contestant: choreographed,
        template: templates[choreographed.stack as StackName],
        scenario,
        workload: justBefore,
        seed: load.seed,
        region: 'us-east-1',
      },
      {
        observers: [
          {
            call: ({ by, endedMs }) => {
              // A delivery that was made as it began may end a moment after.
              const atMs = endedMs - epochMs
              if (by.endsWith('Rule') && atMs > 30_200 && atMs < 630_000) count += 1
            },
          },
        ],
      },
    )
    return count
  }

  it('that is impaired delivers nothing that it took before, and one that refuses events does', async () => {
    expect(await deliveredMeanwhile(busRefusing)).toBeGreaterThan(0)
    expect(await deliveredMeanwhile(busImpaired)).toBe(0)
  })
})
