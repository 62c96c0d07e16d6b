import type { Plan } from './assemble.ts'
import { type ExplainAnswer, explainJobs, withTimelines } from './explain/shown.ts'
import type { Job, JobResult } from './jobs.ts'
import type { Results } from './results.ts'

/** What was run, and what came of it; in the same order. */
export interface Ran {
  readonly jobs: readonly Job[]
  readonly answers: readonly JobResult[]
}

/** The runs that are repeated for the timelines of the orders that results show. */
export const timelineJobs = (results: Results, { workload }: Pick<Plan, 'workload'>): readonly Job[] =>
  explainJobs(results, workload).map((job): Job => ({ kind: 'explain', ...job }))

/** Results with the timelines that repeated runs brought; each is held against the run that it repeats. */
export const resultsWithTimelines = (results: Results, ran: Ran, repeated: readonly JobResult[]): Results => {
  const outcomes = outcomesOf(ran)
  return withTimelines(
    results,
    repeated.flatMap((each) => (each.kind === 'explain' ? [each.answer] : [])),
    (answer) => outcomes.get(keyOf(answer)),
  )
}

const outcomesOf = ({ jobs, answers }: Ran): ReadonlyMap<string, string> =>
  new Map(
    jobs.flatMap((job, index) => {
      const answer = answers[index]
      return job.kind === 'run' && job.isUndisturbed === undefined && answer?.kind === 'run'
        ? [[keyOf(job), answer.totals.outcomes] as const]
        : []
    }),
  )

const keyOf = ({
  scenario,
  contestant,
  part,
}: Pick<ExplainAnswer, 'scenario' | 'contestant' | 'part'>): string => `${scenario}/${contestant}/${part}`
