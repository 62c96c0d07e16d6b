import { type Contestant, contestants } from './contestants.ts'
import { type ExplainAnswer, type ExplainJob, runExplainJob } from './explain/shown.ts'
import { type Found, firstFound, type Stretch } from './explore/findings.ts'
import { type ListenerJob, runListenerJob } from './listeners.ts'
import { createHops, hopObserver } from './measure/hops.ts'
import { type RunTotals, totalsOf } from './measured-run.ts'
import type { ListenerFinding } from './results.ts'
import type { RunSpec } from './run.ts'
import { scenarios } from './scenarios/all.ts'
import { undisturbed } from './scenarios/twins.ts'
import type { Template } from './virtual-aws/deploy.ts'
import type { LatencyOverrides } from './virtual-aws/latency.ts'
import { seedOfPart, type WorkloadPart, workloadOfPart } from './workload/parts.ts'

/** What all jobs of a run share; plain data, so that it crosses to a worker thread. */
export interface Material {
  /** By stack name. */
  readonly templates: Readonly<Record<string, Template>>
  readonly seed: number
  readonly region: string
  /** In place of the published latencies of these hops. */
  readonly latency?: LatencyOverrides
  /** Whether runs tell of the stretches that can be seen from outside. */
  readonly watchesHops?: true
  /** Whether somebody acts when a run with faults has come to rest. */
  readonly recovers?: true
}

/** One piece of work that shares nothing with the others. */
export type Job =
  | {
      readonly kind: 'run'
      readonly contestant: string
      readonly scenario: string
      readonly workload: WorkloadPart
      /** Which part of the workload it is, from 0. */
      readonly part: number
      /** The scenario's twin, in which nothing goes wrong. */
      readonly isUndisturbed?: true
      /** Whether it is held against another, or another against it. */
      readonly isCompared?: true
    }
  | ({ readonly kind: 'explain' } & ExplainJob)
  | ({ readonly kind: 'listener' } & ListenerJob)
  | ({ readonly kind: 'explore'; readonly contestants: readonly string[] } & Stretch)

export type JobResult =
  | { readonly kind: 'run'; readonly totals: RunTotals }
  | { readonly kind: 'explain'; readonly answer: ExplainAnswer }
  | { readonly kind: 'listener'; readonly finding: ListenerFinding }
  | { readonly kind: 'explore'; readonly found: Found | undefined }

/** Does a job; `submitted` hears of each order of a run that was handed in, or of each schedule that was explored. */
export const runJob = async (job: Job, material: Material, submitted?: () => void): Promise<JobResult> => {
  const { templates, seed, region, latency } = material
  switch (job.kind) {
    case 'run':
      return { kind: 'run', totals: await totalsOfJob(job, material, submitted) }
    case 'explain':
      return { kind: 'explain', answer: await runExplainJob(job, specOf(job, material), submitted) }
    case 'listener': {
      const { template } = stackOf(job, material)
      return { kind: 'listener', finding: await runListenerJob(job, template, seed, region, latency) }
    }
    case 'explore': {
      const arena = { contestants: job.contestants.map((id) => known(contestants, id)), templates, region }
      return { kind: 'explore', found: await firstFound(job, arena, submitted) }
    }
  }
}

const totalsOfJob = async (
  job: Extract<Job, { readonly kind: 'run' }>,
  material: Material,
  submitted: (() => void) | undefined,
): Promise<RunTotals> => {
  const { recovers } = material
  const spec = specOf(job, material)
  const scenario = job.isUndisturbed === undefined ? spec.scenario : undisturbed(spec.scenario)
  const hops = material.watchesHops ? createHops() : undefined
  const totals = await totalsOf(
    {
      ...spec,
      scenario,
      ...(recovers === undefined || scenario.faults.length === 0 ? {} : { recovers }),
      ...(job.isCompared === undefined ? {} : { keepsFootprint: true }),
    },
    {
      observers: hops === undefined ? [] : [hopObserver(hops, functionsIn(spec.template))],
      ...(submitted === undefined ? {} : { submitted }),
    },
  )
  return hops === undefined ? totals : { ...totals, hops: hops.finish() }
}

const specOf = (
  job: Pick<ExplainJob, 'contestant' | 'scenario' | 'workload' | 'part'>,
  material: Material,
): RunSpec => {
  const { seed, region, latency } = material
  return {
    ...stackOf(job, material),
    scenario: known(scenarios, job.scenario),
    workload: workloadOfPart(job.workload),
    seed,
    awsSeed: seedOfPart(seed, job.part),
    region,
    ...(latency === undefined ? {} : { latency }),
  }
}

const stackOf = (
  job: { readonly contestant: string },
  { templates }: Material,
): { readonly contestant: Contestant; readonly template: Template } => {
  const contestant = known(contestants, job.contestant)
  const template = templates[contestant.stack]
  if (template === undefined) throw new Error(`There is no template of the stack ${contestant.stack}.`)
  return { contestant, template }
}

const functionsIn = ({ Resources }: Template): ReadonlySet<string> =>
  new Set(
    Object.entries(Resources)
      .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
      .map(([id]) => id),
  )

const known = <Thing extends { readonly id: string }>(things: readonly Thing[], id: string): Thing => {
  const found = things.find((thing) => thing.id === id)
  if (found === undefined)
    throw new Error(`There is no ${id} among ${things.map((thing) => thing.id).join(', ')}.`)
  return found
}
