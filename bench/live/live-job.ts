import type { Contestant } from '../contestants.ts'
import type { JobResult, Material } from '../jobs.ts'
import type { Scenario } from '../scenarios/scenario.ts'
import { tagged, tagOf } from '../workload/tagged.ts'
import type { Workload } from '../workload/workload.ts'
import { warmUp } from './emulator/warm-up.ts'
import { explained } from './errors.ts'
import { findContestant, type LiveContestant, type LiveRunSpec, type Patience, runLive } from './run-live.ts'
import { connect, disconnect, isOnThisMachine, type LiveClients, type Target } from './target.ts'

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
}

export interface LiveAdvance {
  /** Orders that have ended, in all runs together. */
  readonly orders: number
  readonly scenario: string
  readonly contestant: string
}

/**
 * Runs each contestant under each scenario, one after the other, so that none shares an account's quotas with another.
 * Whatever happens, the functions are left as they were deployed. Throws BadInput for what whoever runs it can cure.
 */
export const runLiveJobs = async (
  plan: LivePlan,
  signal: AbortSignal,
  onAdvance: (advance: LiveAdvance) => void,
): Promise<readonly JobResult[]> => {
  const clients = connect(plan.target)
  const found: LiveContestant[] = []
  try {
    for (const contestant of plan.contestants)
      found.push(await findContestant(clients, plan.target, contestant, templateOf(plan, contestant)))
    return await runAll(clients, plan, found, signal, onAdvance)
  } catch (error) {
    throw signal.aborted ? signal.reason : explained(error, plan.target)
  } finally {
    await Promise.all(found.map(({ instruments }) => instruments.takeOff()))
    disconnect(clients)
  }
}

const runAll = async (
  clients: LiveClients,
  plan: LivePlan,
  found: readonly LiveContestant[],
  signal: AbortSignal,
  onAdvance: (advance: LiveAdvance) => void,
): Promise<readonly JobResult[]> => {
  const results: JobResult[] = []
  const { workload, patience } = plan
  const { seed } = plan.material
  for (const scenario of plan.scenarios)
    for (const live of found) {
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
      results.push({ kind: 'run', totals: await runLive(clients, live, spec) })
    }
  return results
}

const templateOf = ({ material }: LivePlan, { stack }: Contestant) => {
  const template = material.templates[stack]
  if (template === undefined) throw new Error(`There is no template of the stack ${stack}.`)
  return template
}
