import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type StackName, synth } from '../infra/synth.ts'
import { sameOutcome } from './assemble.ts'
import { contestants } from './contestants.ts'
import { type MeasuredRun, measureRun } from './measured-run.ts'
import { everydayScenarios } from './scenarios/all.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { steady } from './scenarios/steady.ts'
import type { Template } from './virtual-aws/deploy.ts'
import { builtInWorkload } from './workload/built-in.ts'
import { wholeOf } from './workload/parts.ts'

const templates = synth()

interface Load {
  readonly seed: number
  readonly count: number
  readonly ratePerSecond: number
}

const runAll = (
  scenario: Scenario,
  load: Load,
  change: (template: Template) => Template = (template) => template,
): Promise<readonly MeasuredRun[]> =>
  Promise.all(
    contestants.map((contestant) =>
      measureRun({
        contestant,
        template: change(templates[contestant.stack as StackName]),
        scenario,
        workload: builtInWorkload(load),
        seed: load.seed,
        region: 'us-east-1',
      }),
    ),
  )

const brokenLaws = (runs: readonly MeasuredRun[]): readonly string[] =>
  runs.flatMap(({ result }) => result.laws.filter((law) => !law.held).map((law) => law.law))

const differing = ({ count }: Load, runs: readonly MeasuredRun[]): number =>
  sameOutcome(
    wholeOf(builtInWorkload({ count, ratePerSecond: 1, seed: 1 })),
    runs.map((run) => run.outcomes),
  ).differing

const loads = fc.record({
  seed: fc.nat(1_000_000),
  count: fc.integer({ min: 15, max: 40 }),
  ratePerSecond: fc.constantFrom(0.05, 0.5, 2, 5),
})
/** Of a load that is to meet an outage a minute after its first order. */
const slowLoads = loads.map((load) => ({ ...load, ratePerSecond: 0.05 }))
const checked = { numRuns: 20, seed: 20_261_122 }

/** What must have happened somewhere in the runs of a scenario, lest its promise be kept by nothing happening. */
const happened: Readonly<Record<string, (run: MeasuredRun) => number>> = {
  refusals: ({ result }) => result.outcomes.rejected,
  crash: ({ result }) => result.reliability.crashes,
  duplicates: ({ result }) => result.reliability.duplicatesDelivered,
  'carrier-outage': ({ result }) => result.reliability.retries,
}
/** A Standard workflow that invokes its functions itself meets no duplicates. */
const hasNoCounterpart = (scenario: string, contestant: string): boolean =>
  scenario === 'duplicates' && contestant === 'orchestrated-direct'

describe('every order ends alike in all contestants, and the laws hold', () => {
  it.each(everydayScenarios.filter((each) => each.promises === 'sameOutcome'))('$id', async (scenario) => {
    const seen = contestants.map(() => 0)
    await fc.assert(
      fc.asyncProperty(scenario.id === 'carrier-outage' ? slowLoads : loads, async (load) => {
        const runs = await runAll(scenario, load)
        expect(brokenLaws(runs)).toEqual([])
        expect(differing(load, runs)).toBe(0)
        for (const [index, run] of runs.entries())
          seen[index] = (seen[index] ?? 0) + (happened[scenario.id]?.(run) ?? 1)
      }),
      checked,
    )
    for (const [index, { id }] of contestants.entries())
      if (!hasNoCounterpart(scenario.id, id)) expect(seen[index]).toBeGreaterThanOrEqual(checked.numRuns)
  })
})

describe('where units are scarce', () => {
  const scarce: Scenario = { ...steady, id: 'scarce', world: { ...steady.world, skusScarce: 0.5 } }
  it('the laws hold, whoever came first', async () => {
    await fc.assert(
      fc.asyncProperty(loads, async (load) => {
        expect(brokenLaws(await runAll(scarce, load))).toEqual([])
      }),
      checked,
    )
  })
})

describe('a command or event that is delivered once more, hours after its order was compensated', () => {
  const hours = 3_600_000
  const rough: Scenario = {
    ...steady,
    id: 'rough',
    world: { ...steady.world, cardsDeclined: 0.2, shipmentsRefused: 0.2, skusOutOfStock: 0.05 },
    faults: [{ kind: 'provider-outage', provider: 'carrier', fromMs: 20_000, forMs: 35 * 60_000 }],
  }
  const late: Scenario = {
    ...rough,
    id: 'late',
    faults: [
      ...rough.faults,
      { kind: 'duplicate', at: 'queue', probability: 0.8, delayMs: [2 * hours, 10 * hours] },
    ],
  }
  it('changes nothing', async () => {
    const load = { seed: 5, count: 60, ratePerSecond: 1 }
    const undisturbed = await runAll(rough, load)
    const disturbed = await runAll(late, load)
    const copies = disturbed.map(({ result }) => result.reliability.duplicatesDelivered)
    expect(copies[0]).toBeGreaterThan(load.count)
    expect(copies[2]).toBeGreaterThan(load.count)
    expect(undisturbed.every(({ result }) => result.outcomes.rejected > 10)).toBe(true)
    expect(disturbed.map((run) => run.outcomes)).toEqual(undisturbed.map((run) => run.outcomes))
    expect(brokenLaws(disturbed)).toEqual([])
  })
})

describe('a handler that dies on the last receive too', () => {
  /** A queue that gives up early, so that the last receive comes within reach. */
  const impatient = (template: Template): Template => ({
    ...template,
    Resources: Object.fromEntries(
      Object.entries(template.Resources).map(([id, resource]) => {
        const properties = resource.Properties as { RedrivePolicy?: { maxReceiveCount: number } } | undefined
        return properties?.RedrivePolicy === undefined
          ? [id, resource]
          : [
              id,
              {
                ...resource,
                Properties: {
                  ...properties,
                  RedrivePolicy: { ...properties.RedrivePolicy, maxReceiveCount: 2 },
                },
              },
            ]
      }),
    ),
  })
  const deadly: Scenario = {
    ...steady,
    id: 'deadly',
    faults: [{ kind: 'crash', at: 'before-answer', probability: 0.2 }],
  }

  it('is healed by the task that asks again, and strands the order where nobody asks: its view tells so', async () => {
    const load = { seed: 3, count: 60, ratePerSecond: 1 }
    const [tokens, direct, events] = await runAll(deadly, load, impatient)
    expect(tokens?.result.reliability.deadLettered).toBeGreaterThan(0)
    expect(tokens?.result.outcomes).toMatchObject({ fulfilled: load.count, stuck: 0 })
    expect(direct?.result.outcomes).toMatchObject({ fulfilled: load.count, stuck: 0 })
    expect(events?.result.reliability.deadLettered).toBeGreaterThan(0)
    expect(events?.result.outcomes.stuck).toBeGreaterThan(0)
    expect(events?.result.outcomes.inconsistent).toBe(0)
    expect(events?.result.reliability.overdue).toBeGreaterThan(0)
  })

  it('is healed by redelivery in all of them, with the receives that the templates give', async () => {
    const load = { seed: 3, count: 60, ratePerSecond: 1 }
    for (const { result } of await runAll(deadly, load)) {
      expect(result.reliability.crashes).toBeGreaterThan(0)
      expect(result.reliability.deadLettered).toBe(0)
      expect(result.outcomes).toMatchObject({ fulfilled: load.count, stuck: 0 })
    }
  })
})
