import { beforeAll, describe, expect, it } from 'vitest'
import { synth } from '../../infra/synth.ts'
import { assemble, type Plan } from '../assemble.ts'
import { contestants } from '../contestants.ts'
import { type JobResult, runJob } from '../jobs.ts'
import type { Results, ScenarioResults } from '../results.ts'
import { steady } from '../scenarios/steady.ts'
import { hopFigures } from '../virtual-aws/latency/hops.ts'
import { createLatency, latencyFigures } from '../virtual-aws/latency.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import { wholeOf } from '../workload/parts.ts'
import { tagged } from '../workload/tagged.ts'
import { calibrate } from './calibrate.ts'
import { figuresOf, latencyTableSchema } from './table.ts'
import { validationOf } from './validate.ts'

const workload = builtInWorkload({ count: 150, ratePerSecond: 2, seed: 1 })

/** A run as if it had been made on AWS: the virtual one stands in for it, watched as a real one is. */
const resultsOf = async (material: Partial<Plan['material']> = {}): Promise<Results> => {
  const plan: Plan = {
    contestants,
    scenarios: [steady],
    workload: wholeOf(workload),
    material: { templates: synth(), seed: 1, region: 'us-east-1', watchesHops: true, ...material },
    timeScale: 1,
    command: 'compare',
    version: '0.1.0',
    real: { kind: 'aws', tag: 'tag', startedAt: '2026-11-25T20:00:00.000Z', ratePerSecond: 2 },
  }
  const answers: JobResult[] = []
  for (const { id } of contestants)
    answers.push(
      await runJob(
        {
          kind: 'run',
          contestant: id,
          scenario: 'steady',
          part: 0,
          workload: { kind: 'given', workload: tagged(workload, 'tag-steady') },
        },
        plan.material,
      ),
    )
  return assemble(plan, answers, 0)
}

let run: Results
beforeAll(async () => {
  run = await resultsOf()
}, 60_000)

const withPaths = (paths: NonNullable<ScenarioResults['paths']>): Results => ({
  ...run,
  scenarios: run.scenarios.map((scenario) => ({ ...scenario, paths })),
})

const path = (name: string, n: number, p50: number) => ({
  path: name,
  n,
  p10: p50 * 0.8,
  p50,
  p90: p50 * 1.5,
  p95: p50 * 1.8,
  p99: p50 * 3,
  max: p50 * 5,
})

describe('a latency table', () => {
  it('has the quantiles that the run was made with, for the hops that it shows', () => {
    const { hops } = calibrate(run, { inRegion: true })
    expect(Object.keys(hops)).toEqual(
      expect.arrayContaining([
        'sqs.call',
        'sqs.deliver',
        'states.start',
        'states.transition',
        'events.route',
      ]),
    )
    for (const [hop, row] of Object.entries(hops)) {
      const drawn = hopFigures[hop as keyof typeof hopFigures]
      expect(Math.abs(row.p50 / drawn.p50 - 1), hop).toBeLessThan(0.12)
      expect(Math.abs(row.p90 / drawn.p90 - 1), hop).toBeLessThan(0.25)
    }
  })

  it('is valid by its schema, and is read back as rows that a run can draw from', () => {
    const table = latencyTableSchema.parse(JSON.parse(JSON.stringify(calibrate(run, { inRegion: true }))))
    const latency = createLatency(figuresOf(table))
    expect(latency('states.start', 0.5)).toBeCloseTo(table.hops['states.start']?.p50 ?? 0, 6)
    expect(latency('lambda.invoke', 0.5)).toBeCloseTo(hopFigures['lambda.invoke'].p50, 6)
  })

  it('says of every hop that keeps its published row why it does', () => {
    const { hops, published } = calibrate(run, { inRegion: true })
    const kept = published.map(({ hop }) => hop)
    expect([...kept, ...Object.keys(hops)].toSorted()).toEqual(Object.keys(hopFigures).toSorted())
    expect(published.find(({ hop }) => hop === 'lambda.invoke')?.why).toMatch(/not told from the transition/)
  })

  it('leaves the calls of the front door to the published row, unless they were made in the region', () => {
    const { hops, published } = calibrate(run, { inRegion: false })
    expect(hops['states.startExecution']).toBeUndefined()
    expect(published.find(({ hop }) => hop === 'states.startExecution')?.why).toMatch(/--in-region/)
  })

  it.each([
    { n: 29, isTaken: false },
    { n: 30, isTaken: true },
  ])('takes a hop that was observed $n times: $isTaken', ({ n, isTaken }) => {
    const results = withPaths([path('sqs.deliver', 500, 20), path('states.answer', n, 14)])
    const { hops, published } = calibrate(results, { inRegion: false })
    expect(hops['states.answer'] !== undefined).toBe(isTaken)
    if (!isTaken)
      expect(published).toContainEqual({ hop: 'states.answer', why: '29 observations, fewer than 30' })
  })

  it('takes half of an SQS call out of what ends in a queue, the published one where none was observed', () => {
    const { hops } = calibrate(withPaths([path('events.route → queue', 500, 50)]), { inRegion: false })
    expect(hops['events.route']).toMatchObject({ p50: 47, p10: 37, confidence: 'M' })
    expect(hops['events.route']?.derivation).toMatch(/half the median of sqs.call, 3 ms \(published\)/)
  })

  it('prefers the transition that a queue shows, and takes that of the direct style without an invocation', () => {
    const direct = path('states.transition → function', 500, 106)
    expect(calibrate(withPaths([direct]), { inRegion: false }).hops['states.transition']?.p50).toBe(100)
    const both = withPaths([direct, path('states.transition → queue', 500, 83)])
    expect(calibrate(both, { inRegion: false }).hops['states.transition']?.p50).toBe(80)
  })

  it('rises above nothing: what took less than a clock can tell took half a millisecond', () => {
    const { hops } = calibrate(withPaths([path('dynamodb.read', 500, 0)]), { inRegion: false })
    expect(hops['dynamodb.read']).toMatchObject({ p10: 0.5, p50: 0.5, max: 0.5 })
    expect(() =>
      createLatency(figuresOf(calibrate(withPaths([path('dynamodb.read', 500, 0)]), { inRegion: false }))),
    ).not.toThrow()
  })

  it.each([
    { n: 99, confidence: 'L' },
    { n: 100, confidence: 'M' },
    { n: 1_000, confidence: 'H' },
  ])('of $n observations is of confidence $confidence', ({ n, confidence }) => {
    const { hops } = calibrate(withPaths([path('sqs.deliver', n, 20)]), { inRegion: false })
    expect(hops['sqs.deliver']?.confidence).toBe(confidence)
  })

  it('of an emulator is labelled so, and every row of it is an assumption', () => {
    const table = calibrate(
      { ...withPaths([path('sqs.deliver', 5_000, 20)]), run: { ...run.run, runtime: 'emulator' } },
      { inRegion: false },
    )
    expect(table.label).toMatch(/^emulated/)
    expect(table.hops['sqs.deliver']?.confidence).toBe('assumption')
    expect(figuresOf(table)['sqs.deliver']?.source).toMatch(/on an emulator.*says nothing of AWS/)
  })

  it.each([
    {
      name: 'the virtual AWS',
      change: () => ({ ...run, run: { ...run.run, runtime: 'virtual' as const } }),
      says: /--target/,
    },
    { name: 'a run that observed nothing', change: () => withPaths([]), says: /at least 30 observations/ },
  ])('cannot be made of $name', ({ change, says }) => {
    expect(() => calibrate(change(), { inRegion: false })).toThrow(says)
  })

  it('is of the scenario asked for, which must have been observed', () => {
    expect(() => calibrate(run, { inRegion: false, scenario: 'burst' })).toThrow(/--scenario burst.*steady/)
  })

  it('takes the place of the published figures, with its source', () => {
    const rows = latencyFigures(figuresOf(calibrate(run, { inRegion: true })))
    const row = rows.find(({ figure }) => figure.startsWith('latency states.start:'))
    expect(row).toMatchObject({ date: '2026-11-25' })
    expect(row?.source).toMatch(new RegExp(`observed in run ${run.run.id} on AWS, us-east-1`))
    expect(rows).toHaveLength(latencyFigures().length)
  })
})

describe('a replay', () => {
  it('of the same load with the same latencies predicts what was observed', async () => {
    const rows = validationOf(run, await resultsOf())
    expect(rows.length).toBeGreaterThan(20)
    expect(rows.every(({ p50, p90, p99 }) => ![p50, p90, p99].some(({ isOff }) => isOff))).toBe(true)
    expect(new Set(rows.map(({ group }) => group)).size).toBe(1 + contestants.length)
  })

  it('with other latencies is marked where it is off, hop by hop and end to end', async () => {
    const slow = { ...hopFigures['states.transition'], p10: 300, p50: 400, p90: 500, p99: 900, more: [] }
    const rows = validationOf(run, await resultsOf({ latency: { 'states.transition': slow } }))
    const off = rows.filter(({ p50 }) => p50.isOff).map(({ group, name }) => `${group}: ${name}`)
    expect(off).toContain('hop by hop, all contestants: states.transition → queue')
    expect(off).toContain('orchestrated: completion')
    expect(off).not.toContain('choreographed: completion')
  })

  it('takes a difference that clocks cannot tell for none', () => {
    const near = { ...run, scenarios: withPaths([path('dynamodb.read', 500, 3)]).scenarios }
    const far = { ...run, scenarios: withPaths([path('dynamodb.read', 500, 4.5)]).scenarios }
    const [row] = validationOf(near, far)
    expect(row?.p50).toMatchObject({ ratio: 1.5, isOff: false })
  })
})
