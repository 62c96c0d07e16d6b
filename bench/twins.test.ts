import { beforeAll, describe, expect, it } from 'vitest'
import { synth } from '../infra/synth.ts'
import { assemble, jobsOf, type Plan } from './assemble.ts'
import { contestants } from './contestants.ts'
import { type JobResult, runJob } from './jobs.ts'
import { type Results, resultsSchema } from './results.ts'
import { poison } from './scenarios/poison.ts'
import { refusals } from './scenarios/refusals.ts'
import { ruleDisabled } from './scenarios/rule-disabled.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { steady } from './scenarios/steady.ts'
import { builtInWorkload } from './workload/built-in.ts'
import { builtInParts, orderIdAt, type PartedWorkload, wholeOf } from './workload/parts.ts'

const load = { count: 60, ratePerSecond: 1, seed: 4 }
const templates = synth()

const planOf = (
  scenarios: readonly Scenario[],
  workload: PartedWorkload = wholeOf(builtInWorkload(load)),
): Plan => ({
  contestants,
  scenarios,
  workload,
  material: { templates, seed: load.seed, region: 'us-east-1' },
  timeScale: 1,
  command: 'compare',
  explain: (scenario, order) => `explain ${scenario} ${order}`,
  version: '0.1.0',
})

const runPlan = async (plan: Plan): Promise<Results> => {
  const answers: JobResult[] = []
  for (const job of jobsOf(plan)) if (job.kind === 'run') answers.push(await runJob(job, plan.material))
  return assemble(plan, answers, 0)
}

const runsOf = (plan: Plan) =>
  jobsOf(plan).flatMap((job) =>
    job.kind === 'run'
      ? [`${job.scenario}${job.isUndisturbed === true ? ' undisturbed' : ''} ${job.contestant} ${job.part}`]
      : [],
  )

const shards = builtInParts(load, 2)

describe('the runs of a plan', () => {
  it('are those that were asked for, and nothing else, where no scenario has faults', () => {
    const plan = planOf([steady, refusals])
    expect(runsOf(plan)).toHaveLength(2 * contestants.length)
    expect(jobsOf(plan).filter((job) => job.kind === 'run' && job.isCompared === true)).toEqual([])
  })

  it('have a twin of each contestant and shard after all others, where none was asked for', () => {
    expect(runsOf(planOf([poison, ruleDisabled], shards)).slice(-6)).toEqual(
      contestants.flatMap(({ id }) => [
        `rule-disabled undisturbed ${id} 0`,
        `rule-disabled undisturbed ${id} 1`,
      ]),
    )
    expect(runsOf(planOf([poison, ruleDisabled], shards))).toHaveLength(3 * 2 * contestants.length)
  })

  it('have no twin on real stacks, where nothing is made to go wrong', () => {
    const real = { kind: 'aws', tag: 'tag', startedAt: '2026-11-26T00:00:00.000Z' } as const
    expect(runsOf({ ...planOf([poison]), real })).toHaveLength(contestants.length)
  })
})

describe('results of a scenario with faults', () => {
  let alone: Results
  let beside: Results
  beforeAll(async () => {
    alone = await runPlan(planOf([poison]))
    beside = await runPlan(planOf([refusals, poison]))
  }, 120_000)

  it('keep to their schema', () => {
    expect(() => resultsSchema.parse(JSON.parse(JSON.stringify(alone)))).not.toThrow()
  })

  it('do not show a twin that nobody asked for', () => {
    expect(alone.scenarios.map(({ id }) => id)).toEqual(['poison'])
  })

  it('say the same, whether the twin was asked for or not', () => {
    expect(beside.scenarios.find(({ id }) => id === 'poison')).toEqual(alone.scenarios[0])
  })

  it('are the only ones with an effect', () => {
    const undisturbed = beside.scenarios.find(({ id }) => id === 'refusals')
    expect(undisturbed).not.toHaveProperty('shown')
    for (const { effect } of Object.values(undisturbed?.results ?? {})) expect(effect).toBeUndefined()
    for (const { effect } of Object.values(alone.scenarios[0]?.results ?? {})) expect(effect).toBeDefined()
  })

  it('are the same from the same seed', async () => {
    expect((await runPlan(planOf([poison]))).scenarios).toEqual(alone.scenarios)
  })

  it('name for each contestant an order that is shown, with the command that shows it', () => {
    const [scenario] = alone.scenarios
    const shown = scenario?.shown ?? []
    expect(shown.length).toBeGreaterThan(0)
    for (const { order, command } of shown) expect(command).toBe(`explain poison ${order}`)
    for (const { effect } of Object.values(scenario?.results ?? {}))
      expect(shown.map(({ order }) => order)).toContain(effect?.shows)
  })

  it('name none where nobody can show them', async () => {
    const { explain: _, ...mute } = planOf([poison])
    const [scenario] = (await runPlan(mute)).scenarios
    expect(scenario).not.toHaveProperty('shown')
    expect(scenario?.results['choreographed']?.effect).not.toHaveProperty('shows')
  })

  it('hold each shard against its own twin', async () => {
    const [scenario] = (await runPlan(planOf([poison], shards))).scenarios
    for (const { outcomes, effect } of Object.values(scenario?.results ?? {})) {
      // Held against those of other orders, most would have ended otherwise.
      expect(effect?.orders.endedOtherwise).toBeGreaterThan(0)
      expect(effect?.orders.endedOtherwise).toBeLessThan(10)
      expect(outcomes.inconsistent).toBe(0)
    }
    const { choreographed } = scenario?.results ?? {}
    expect(choreographed?.effect).toMatchObject({
      harm: 'strands orders',
      orders: { endedOtherwise: choreographed?.outcomes.stuck },
    })
    const ids = Array.from({ length: load.count }, (_, place) => orderIdAt(shards.parts, place))
    for (const { order } of scenario?.shown ?? []) expect(ids).toContain(order)
    expect(scenario?.shown).not.toEqual([])
  })
})
