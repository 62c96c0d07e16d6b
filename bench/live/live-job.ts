import type { Contestant } from '../contestants.ts'
import type { JobResult, Material } from '../jobs.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { BadInput } from '../workload/bad-input.ts'
import { tagged, tagOf } from '../workload/tagged.ts'
import type { Workload } from '../workload/workload.ts'
import { warmUp } from './emulator/warm-up.ts'
import { explained, sentenceOf } from './errors.ts'
import { findContestant, type LiveContestant, type LiveRunSpec, runLive } from './run-live.ts'
import { connect, disconnect, isOnThisMachine, type LiveClients, type Target } from './target.ts'
import type { Patience } from './whole-log.ts'

/** What is to be run where. */
export interface LivePlan {
  readonly target: Target
  readonly contestants: readonly Contestant[]
  readonly scenarios: readonly Scenario[]
  readonly workload: Workload
  readonly material: Material
  readonly patience: Patience
  /** Put before every order id, so that no two runs on the same stacks share one. */
  readonly runTag: string
  /** The functions may bear what a killed run left on. */
  readonly takesOver?: boolean
}

export interface LiveAdvance {
  /** Orders that have ended, in all runs together. */
  readonly orders: number
  readonly scenario: string
  readonly contestant: string
}

/**
 * Runs each contestant under each scenario, one after the other, so that none shares an account's quotas with another,
 * up to the first that fails; each is told as soon as it is measured, and waited for, so that a later one takes nothing away. Whatever
 * happens, the functions are left as they were deployed; the error names those that are not. Throws BadInput for what
 * whoever runs it can cure.
 */
export const runLiveJobs = async (
  plan: LivePlan,
  signal: AbortSignal,
  onAdvance: (advance: LiveAdvance) => void,
  onFinished?: (result: JobResult) => unknown,
): Promise<readonly JobResult[]> => {
  const clients = connect(plan.target)
  try {
    return await runJobsWith(clients, plan, signal, onAdvance, onFinished)
  } finally {
    disconnect(clients)
  }
}

/** The same with clients that are connected. */
export const runJobsWith = async (
  clients: LiveClients,
  plan: LivePlan,
  signal: AbortSignal,
  onAdvance: (advance: LiveAdvance) => void,
  onFinished?: (result: JobResult) => unknown,
): Promise<readonly JobResult[]> => {
  const found: LiveContestant[] = []
  const run = async (): Promise<readonly JobResult[]> => {
    for (const contestant of plan.contestants) {
      const template = templateOf(plan, contestant)
      found.push(await findContestant(clients, plan.target, contestant, template, plan.takesOver))
    }
    return await runAll(clients, plan, found, signal, onAdvance, onFinished)
  }
  const [end] = await Promise.allSettled([run()])
  const left = await leftOn(found)
  if (end.status === 'fulfilled' && left.length === 0) return end.value
  const failure: unknown = end.status === 'fulfilled' ? undefined : whyOf(end.reason, plan, signal)
  if (left.length === 0) throw failure
  throw new BadInput([...reasonsOf(failure), ...left, nextCures].join(' '), { cause: failure })
}

const whyOf = (error: unknown, { target }: LivePlan, signal: AbortSignal): unknown =>
  signal.aborted ? signal.reason : explained(error, target)

const nextCures = 'They still have TRACE and PROVIDERS; a run with --take-over takes them off.'

/** Takes all instruments off, and gives what went wrong with that. */
const leftOn = async (found: readonly LiveContestant[]): Promise<readonly string[]> => {
  const ends = await Promise.allSettled(found.map(({ instruments }) => instruments.takeOff()))
  return ends.flatMap((end) => (end.status === 'fulfilled' ? [] : reasonsOf(end.reason)))
}

const reasonsOf = (error: unknown): readonly string[] => (error instanceof Error ? [sentenceOf(error)] : [])

const runAll = async (
  clients: LiveClients,
  plan: LivePlan,
  found: readonly LiveContestant[],
  signal: AbortSignal,
  onAdvance: (advance: LiveAdvance) => void,
  onFinished?: (result: JobResult) => unknown,
): Promise<readonly JobResult[]> => {
  const results: JobResult[] = []
  const { workload, patience } = plan
  const { seed } = plan.material
  for (const scenario of plan.scenarios)
    for (const live of found) {
      signal.throwIfAborted()
      const before = results.length * workload.arrivals.length
      const spec: LiveRunSpec = {
        scenario,
        workload: tagged(workload, tagOf(plan.runTag, scenario.id)),
        seed,
        patience,
        signal,
        // An endpoint on this machine shares its processors with whoever asks it.
        ...(isOnThisMachine(plan.target) ? { beforeLoad: ({ stack }) => warmUp(clients, stack.name) } : {}),
        onProgress: ({ ended }) =>
          onAdvance({ orders: before + ended, scenario: scenario.id, contestant: live.contestant.id }),
      }
      const result: JobResult = { kind: 'run', totals: await runLive(clients, live, spec) }
      results.push(result)
      await onFinished?.(result)
    }
  return results
}

const templateOf = ({ material }: LivePlan, { stack }: Contestant) => {
  const template = material.templates[stack]
  if (template === undefined) throw new Error(`There is no template of the stack ${stack}.`)
  return template
}
