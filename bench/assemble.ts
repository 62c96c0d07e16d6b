import { serviceTimes } from '../shared/providers.ts'
import { sha256Hex } from '../shared/sha256.ts'
import type { Contestant } from './contestants.ts'
import { heldAgainst } from './failure/effect.ts'
import { shownOrders } from './failure/shown.ts'
import type { Job, JobResult, Material } from './jobs.ts'
import { listenerJobs } from './listeners.ts'
import { compare } from './measure/compare.ts'
import { costCrossings } from './measure/cost.ts'
import { couplingOf } from './measure/coupling.ts'
import { observedPaths } from './measure/hops.ts'
import { type MeasuredRun, measuredRun, type RunTotals } from './measured-run.ts'
import { priceFigures } from './prices/regions.ts'
import type { ContestantResult, Results, ScenarioResults, ShownOrder } from './results.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { type Staged, twinIndex, withTwins } from './scenarios/twins.ts'
import { latencyFigures } from './virtual-aws/latency.ts'
import { quotaFigureRows } from './virtual-aws/quotas.ts'
import { orderIdAt, type PartedWorkload } from './workload/parts.ts'
import { taggedId, tagOf } from './workload/tagged.ts'

/** What a comparison was asked to be. */
export interface Plan {
  readonly contestants: readonly Contestant[]
  readonly scenarios: readonly Scenario[]
  readonly workload: PartedWorkload
  readonly material: Material
  readonly timeScale: number
  /** Repeats the run. */
  readonly command: string
  /** Shows an order of a scenario; without it results name none. */
  readonly explain?: (scenario: string, orderId: string) => string
  readonly version: string
  /** Of a run on real stacks: where they stand, and what its order ids begin with. */
  readonly real?: {
    readonly kind: 'endpoint' | 'aws'
    readonly tag: string
    /** ISO 8601. */
    readonly startedAt: string
    /** Of the built-in workload. */
    readonly ratePerSecond?: number
  }
  /** Where the latencies of `material` come from, if it has any. */
  readonly latencies?: NonNullable<Results['run']['latencies']>
}

export const jobsOf = (plan: Plan): readonly Job[] => [
  ...stagedIn(plan).flatMap(({ scenario, isHidden, isCompared }) =>
    plan.contestants.flatMap((contestant) =>
      plan.workload.parts.map(
        (workload, part): Job => ({
          kind: 'run',
          contestant: contestant.id,
          scenario: scenario.id,
          workload,
          part,
          ...(isHidden ? { isUndisturbed: true } : {}),
          ...(isCompared ? { isCompared: true } : {}),
        }),
      ),
    ),
  ),
  ...listenerJobs(plan.contestants).map((job): Job => ({ kind: 'listener', ...job })),
]

/** On real stacks nothing is made to go wrong. */
const stagedIn = ({ scenarios, real }: Plan): readonly Staged[] =>
  real === undefined
    ? withTwins(scenarios)
    : scenarios.map((scenario) => ({ scenario, isHidden: false, isCompared: false }))

/**
 * Puts the answers of the jobs, which come in the jobs' order, together as results. Those of the last runs may be
 * missing, as on a real endpoint where one failed: the results then name them.
 */
export const assemble = (plan: Plan, answers: readonly JobResult[], wallMs: number): Results => {
  const { seed, region, templates } = plan.material
  const { workload } = plan
  const totals = answers.flatMap((answer) => (answer.kind === 'run' ? [answer.totals] : []))
  const parts = workload.parts.length
  const runs = Array.from({ length: totals.length / parts }, (_, index) =>
    measuredRun(totals.slice(index * parts, (index + 1) * parts), plan.material),
  )
  const perScenario = plan.contestants.length
  const runsOf = (index: number): readonly MeasuredRun[] =>
    runs.slice(index * perScenario, (index + 1) * perScenario)
  const staged = stagedIn(plan)
  const gaps = gapsOf(plan, totals)
  const billed = new Set(runs.flatMap(({ result }) => result.cost.lines.map(({ meter }) => meter)))
  return {
    schemaVersion: 1,
    run: {
      id: runIdOf(plan),
      seed,
      runtime: runtimeOf(plan),
      region,
      command: plan.command,
      version: plan.version,
      workload: {
        source: workload.source,
        orders: workload.orders,
        sha256: workload.sha256,
        skipped: { ...workload.skipped },
        spanMs: workload.spanMs ?? Math.max(...runs.map((run) => run.spanMs)),
        timeScale: plan.timeScale,
        ...(plan.real?.ratePerSecond === undefined ? {} : { ratePerSecond: plan.real.ratePerSecond }),
        ...(parts > 1 ? { shards: parts } : {}),
      },
      wallMs,
      ...(plan.real === undefined ? {} : { tag: plan.real.tag, startedAt: plan.real.startedAt }),
      ...(gaps.length === 0 ? {} : { gaps }),
      ...(plan.latencies === undefined ? {} : { latencies: plan.latencies }),
    },
    contestants: plan.contestants.map(({ id, style, title, variant, flow }) => ({
      id,
      style,
      title,
      variant,
      flow,
    })),
    scenarios: plan.scenarios
      .slice(0, Math.ceil(runs.length / perScenario))
      .map((scenario, index) =>
        scenarioResults(
          plan,
          scenario,
          runsOf(index),
          staged[index]?.isCompared === true && scenario.faults.length > 0
            ? runsOf(twinIndex(staged, scenario))
            : undefined,
        ),
      ),
    coupling: Object.fromEntries(
      plan.contestants.flatMap(({ id, stack, functions, routes }) => {
        const template = templates[stack]
        return template === undefined ? [] : [[id, couplingOf({ template, functions, routes })]]
      }),
    ),
    listeners: answers.flatMap((answer) => (answer.kind === 'listener' ? [answer.finding] : [])),
    figures: [
      ...priceFigures(region, billed),
      // Latencies and quotas of a real endpoint are its own.
      ...(plan.real === undefined ? latencyFigures(plan.material.latency) : []),
      ...providerFigures,
      ...(plan.real === undefined ? quotaFigureRows(region, billed) : []),
    ],
  }
}

/** What the runs say is missing of them, and which are missing altogether. */
const gapsOf = ({ scenarios, contestants }: Plan, totals: readonly RunTotals[]): string[] => {
  const names = scenarios.flatMap(({ id }) => contestants.map((contestant) => `${id}, ${contestant.id}`))
  const unfinished = names.slice(totals.length)
  return [
    ...names.flatMap((name, index) => (totals[index]?.gaps ?? []).map((gap) => `${name}: ${gap}`)),
    ...(unfinished.length === 0 ? [] : [`not finished: ${unfinished.join('; ')}`]),
  ]
}

const runtimeOf = ({ real }: Plan): Results['run']['runtime'] => {
  if (real === undefined) return 'virtual'
  return real.kind === 'aws' ? 'aws' : 'emulator'
}

/** The outside world is made up, the same for all: its service times are figures that went in like any other. */
const providerFigures: Results['figures'] = Object.entries(serviceTimes).map(([provider, { p50, p99 }]) => ({
  figure: `service time of the ${provider}`,
  value: `p50 ${p50} ms, p99 ${p99} ms, lognormal`,
  source: 'assumption: orders of magnitude of the trade',
  date: '2026-11-22',
  confidence: 'assumption',
}))

/** `twins` are the same orders undisturbed, by contestant, where they were run. */
const scenarioResults = (
  plan: Plan,
  scenario: Scenario,
  runs: readonly MeasuredRun[],
  twins: readonly MeasuredRun[] | undefined,
): ScenarioResults => {
  const measured = plan.contestants.flatMap(({ id }, index) => {
    const run = runs[index]
    return run === undefined ? [] : [{ id, run, sample: run.sample, blocks: run.costBlocks }]
  })
  const { id, title, about, promises, load, faults } = scenario
  const disturbed = twins && withEffects(plan, scenario, runs, twins)
  const paths = [...observedPaths(runs.flatMap(({ hops }) => hops))]
  return {
    id,
    title,
    about,
    promises,
    load: { ...load },
    faults: faults.map((fault) => ({ ...fault })),
    results: Object.fromEntries(
      measured.map(({ id: contestant, run }, index) => [contestant, disturbed?.results[index] ?? run.result]),
    ),
    sameOutcome: sameOutcome(
      plan.workload,
      runs.map((run) => run.outcomes),
      plan.real && tagOf(plan.real.tag, id),
    ),
    ...(paths.length === 0 ? {} : { paths }),
    ...(disturbed === undefined || disturbed.shown.length === 0 ? {} : { shown: [...disturbed.shown] }),
    comparison: measured.flatMap((a, index) =>
      measured.slice(index + 1).flatMap((b) => compare(a, b, plan.material.seed)),
    ),
    costCrossings: [...costCrossings(measured.map(({ id, run }) => ({ id, cost: run.result.cost })))],
  }
}

/** What faults did to each contestant, and orders that show it. */
const withEffects = (
  { workload, material, explain }: Plan,
  { id }: Scenario,
  runs: readonly MeasuredRun[],
  twins: readonly MeasuredRun[],
): { readonly results: readonly ContestantResult[]; readonly shown: readonly ShownOrder[] } => {
  const held = runs.flatMap((run, index) => {
    const twin = twins[index]
    return twin === undefined ? [] : [heldAgainst(run, twin, material.seed)]
  })
  if (explain === undefined) return { results: held.map(({ result }) => result), shown: [] }
  const { orders, showing } = shownOrders(held.map(({ witnesses }) => witnesses))
  const idOf = (place: number): string => orderIdAt(workload.parts, place)
  return {
    results: held.map(({ result, effect }, index) => {
      const place = showing[index]
      return { ...result, effect: place === undefined ? effect : { ...effect, shows: idOf(place) } }
    }),
    shown: orders.map((place) => ({ order: idOf(place), command: explain(id, idOf(place)) })),
  }
}

const examplesMax = 5

/** Orders that did not end alike everywhere. */
export const sameOutcome = (
  workload: Pick<PartedWorkload, 'orders' | 'parts'>,
  outcomes: readonly string[],
  tag?: string,
): ScenarioResults['sameOutcome'] => {
  const idAt = (position: number): string => {
    const orderId = orderIdAt(workload.parts, position)
    return tag === undefined ? orderId : taggedId(tag, orderId)
  }
  const [first = '', ...others] = outcomes
  const differing: number[] = []
  for (let position = 0; position < workload.orders; position += 1)
    if (others.some((other) => other[position] !== first[position])) differing.push(position)
  return {
    held: differing.length === 0,
    differing: differing.length,
    examples: differing.slice(0, examplesMax).map(idAt),
  }
}

/** Same inputs, same id; what it was called with and how long it took play no part. */
const runIdOf = ({ material, workload, contestants, scenarios, version, real }: Plan): string =>
  sha256Hex(
    JSON.stringify([
      version,
      workload,
      material.seed,
      material.region,
      contestants.map(({ id }) => id),
      scenarios,
      material.templates,
      ...(real === undefined ? [] : [real]),
      ...(material.latency === undefined ? [] : [material.latency]),
      ...(material.recovers === undefined ? [] : ['recovers']),
    ]),
  ).slice(0, 12)

/** What went against a law or a promise, in words; empty when all held. */
export const breaches = (results: Results): readonly string[] =>
  results.scenarios
    .filter(({ promises }) => promises !== 'nothing')
    .flatMap((scenario) => [
      ...Object.entries(scenario.results).flatMap(([contestant, { laws }]) =>
        laws
          .filter((law) => !law.held)
          .map(
            ({ law, violations, examples }) =>
              `${scenario.id}, ${contestant}: broken ${violations} times: ${law} (${examples.join(', ')})`,
          ),
      ),
      ...(scenario.promises === 'sameOutcome' && !scenario.sameOutcome.held
        ? [
            `${scenario.id}: ${scenario.sameOutcome.differing} orders end differently in different contestants (${scenario.sameOutcome.examples.join(', ')})`,
          ]
        : []),
    ])
