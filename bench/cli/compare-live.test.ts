import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { synth } from '../../infra/synth.ts'
import { jobsOf, type Plan } from '../assemble.ts'
import { contestants } from '../contestants.ts'
import { type JobResult, runJob } from '../jobs.ts'
import { resultsSchema } from '../results.ts'
import { refusals } from '../scenarios/refusals.ts'
import { scarcity } from '../scenarios/scarcity.ts'
import { steady } from '../scenarios/steady.ts'
import { BadInput } from '../workload/bad-input.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import { wholeOf } from '../workload/parts.ts'
import { captured } from './captured.testing.ts'
import { writeRun } from './compare.ts'
import { upToFailure } from './compare-live.ts'

const plan: Plan = {
  contestants,
  scenarios: [steady, refusals, scarcity],
  workload: wholeOf(builtInWorkload({ count: 20, ratePerSecond: 1, seed: 1 })),
  material: { templates: synth(), seed: 1, region: 'us-east-1' },
  timeScale: 1,
  command: 'npm run compare -- --target aws',
  version: '0',
  real: { kind: 'aws', tag: 'tag', startedAt: '2026-11-25T20:00:00.000Z' },
}
const failure = new BadInput('AWS throttles requests.')

describe('runs of which a later one failed', () => {
  it('are kept in their order, each before the next begins, with why it ended', async () => {
    const [one, two] = [{ kind: 'run' }, { kind: 'run' }] as JobResult[]
    const written: (readonly JobResult[])[] = []
    const beganWith: number[] = []
    const kept = await upToFailure(
      async (onFinished) => {
        for (const result of [one, two]) {
          beganWith.push(written.length)
          if (result !== undefined) await onFinished(result)
        }
        throw failure
      },
      async (answers) => {
        await Promise.resolve()
        written.push([...answers])
      },
    )
    expect(kept).toEqual({ answers: [one, two], failure })
    expect(written).toEqual([[one], [one, two]])
    expect(beganWith).toEqual([0, 1])
  })

  it('are none where the first failed: then there is nothing to write', async () => {
    const nothing = () => Promise.reject(new Error('There is nothing to keep.'))
    await expect(upToFailure(() => Promise.reject(failure), nothing)).rejects.toBe(failure)
  })
})

describe('a run that failed half-way', () => {
  const told = captured()
  const folder = mkdtempSync(join(tmpdir(), 'partial-'))
  const answers: JobResult[] = []
  const read = (name: string): string => readFileSync(join(folder, name), 'utf8')

  beforeAll(async () => {
    // All of the first scenario, and of the second only the first contestant.
    for (const job of jobsOf(plan).slice(0, contestants.length + 1))
      answers.push(await runJob(job, plan.material))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('writes what was finished, names what was not, and ends as the failure says', async () => {
    await expect(writeRun(plan, { answers, failure }, folder, 1)).rejects.toBe(failure)
    const results = resultsSchema.parse(JSON.parse(read('results.json')))
    expect(results.scenarios.map(({ id, results }) => [id, Object.keys(results)])).toEqual([
      ['steady', contestants.map(({ id }) => id)],
      ['refusals', ['orchestrated']],
    ])
    const missing =
      'not finished: refusals, orchestrated-direct; refusals, choreographed; scarcity, orchestrated; scarcity, orchestrated-direct; scarcity, choreographed'
    expect(results.run.gaps).toEqual([missing])
    expect(told.stderr).toContain(`missing: ${missing}\n`)
    expect(read('report.md')).toContain(`- Missing: ${missing}`)
    expect(read('report.html')).toContain(missing)
    expect(told.stdout).toContain('missing: not finished: refusals, orchestrated-direct')
  })

  it('says in its reports what its log did not tell', async () => {
    const [first, ...others] = answers
    if (first?.kind !== 'run') throw new Error('The first job is a run.')
    const incomplete = {
      ...first,
      totals: { ...first.totals, gaps: ['2 invocations untold'], isBilledInPart: true },
    }
    await writeRun(
      { ...plan, scenarios: [steady] },
      { answers: [incomplete, ...others.slice(0, 2)] },
      folder,
      1,
    )
    expect(told.stderr).toContain('missing: steady, orchestrated: 2 invocations untold\n')
    expect(read('report.md')).toContain('- Missing: steady, orchestrated: 2 invocations untold')
    expect(process.exitCode).toBe(0)
    const { scenarios } = resultsSchema.parse(JSON.parse(read('results.json')))
    const [scenario] = scenarios
    const incompletes = Object.entries(scenario?.results ?? {}).map(([id, { cost }]) => [id, cost.incomplete])
    expect(incompletes).toEqual([
      ['orchestrated', true],
      ['orchestrated-direct', undefined],
      ['choreographed', undefined],
    ])
    const ofCost = scenario?.comparison.filter(({ metric }) => metric === 'cost')
    expect(ofCost?.map(({ a, b }) => [a, b])).toEqual([['orchestrated-direct', 'choreographed']])
    expect(read('report.md')).toMatch(/\| orchestrated +\|.*≥\$/)
    expect(told.stdout).toContain('≥$')
  })
})
