import { contestants } from './contestants.ts'
import { type ListenerJob, runListenerJob } from './listeners.ts'
import { type MeasuredRun, measureRun } from './measured-run.ts'
import type { ListenerFinding } from './results.ts'
import { scenarios } from './scenarios/all.ts'
import type { Template } from './virtual-aws/deploy.ts'
import type { Workload } from './workload/workload.ts'

/** What all jobs of a run share; plain data, so that it crosses to a worker thread. */
export interface Material {
  /** By stack name. */
  readonly templates: Readonly<Record<string, Template>>
  readonly workload: Workload
  readonly seed: number
  readonly region: string
}

/** One piece of work that shares nothing with the others. */
export type Job =
  | { readonly kind: 'run'; readonly contestant: string; readonly scenario: string }
  | ({ readonly kind: 'listener' } & ListenerJob)

export type JobResult =
  | { readonly kind: 'run'; readonly run: MeasuredRun }
  | { readonly kind: 'listener'; readonly finding: ListenerFinding }

export const runJob = async (job: Job, material: Material): Promise<JobResult> => {
  const contestant = known(contestants, job.contestant)
  const template = material.templates[contestant.stack]
  if (template === undefined) throw new Error(`There is no template of the stack ${contestant.stack}.`)
  const { seed, region, workload } = material
  switch (job.kind) {
    case 'run': {
      const scenario = known(scenarios, job.scenario)
      const run = await measureRun({ contestant, template, scenario, workload, seed, region })
      return { kind: 'run', run }
    }
    case 'listener':
      return { kind: 'listener', finding: await runListenerJob(job, template, seed, region) }
  }
}

const known = <Thing extends { readonly id: string }>(things: readonly Thing[], id: string): Thing => {
  const found = things.find((thing) => thing.id === id)
  if (found === undefined)
    throw new Error(`There is no ${id} among ${things.map((thing) => thing.id).join(', ')}.`)
  return found
}
