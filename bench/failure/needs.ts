import type { ExecutionEnd, Observer } from '../virtual-aws/observer.ts'
import { createDrift } from './drift.ts'
import { createLostEvents, type LostEvents } from './lost-events.ts'
import type { DeclaredRule, Pathways } from './pathways.ts'

/** What one who runs the stack finds when all is at rest. */
export interface Findings {
  /** Executions that did not succeed, by machine and name. */
  readonly failed: readonly ExecutionEnd[]
  /** Those of them that were started before their machine had the definition that it has. */
  readonly outdated: readonly ExecutionEnd[]
  /** Those that were themselves started again. */
  readonly startedAgain: ReadonlySet<ExecutionEnd>
  /** Messages by dead-letter queue, of queues and of rules; none where there are none. */
  readonly deadLettersOfQueues: ReadonlyMap<string, number>
  readonly deadLettersOfRules: ReadonlyMap<string, number>
  /** Messages in queues that a function is to read, and does not. */
  readonly unread: ReadonlyMap<string, number>
  readonly missing: readonly LostEvents[]
  /** Rules that do not hear as the template says. */
  readonly drifted: readonly DeclaredRule[]
  /** Queues and machines that are not what the template says. */
  readonly redeclared: readonly string[]
}

export interface NeedsFold {
  readonly observer: Observer
  /** A deployment is in no trail of calls: resources that it has made anew, machines among them perhaps. */
  deployed(resources: readonly string[], atMs: number): void
  /** An execution takes the place of one that failed. */
  startedAgain(machine: string, executionName: string, nextName: string): void
  find(depths: ReadonlyMap<string, number>): Findings
  missing(): readonly LostEvents[]
}

/**
 * Reads what is to be done from the deployment and from what AWS tells of it, and knows nothing of any fault: the
 * depths of the queues, the ends of executions, the rules as they were called to be, and the events that no rule took.
 */
export const createNeeds = (pathways: Pathways): NeedsFold => {
  const failed = new Map<string, ExecutionEnd>()
  /** Machine → when it had its last definition. */
  const definedMs = new Map<string, number>()
  /** Who was started again → whom it stands for. */
  const firsts = new Map<string, string>()
  const lost = createLostEvents(pathways.rules)
  const drift = createDrift(pathways)
  return {
    observer: {
      call(call) {
        lost.observer.call?.(call)
        drift.observer.call?.(call)
        if (call.action === 'UpdateStateMachine' && call.error === undefined)
          definedMs.set(call.resource, call.endedMs)
      },
      lost: (loss) => lost.observer.lost?.(loss),
      execution(end) {
        if (!pathways.machines.has(end.machineId)) return
        const key = keyOf(end.machineId, end.executionName)
        // Whoever was started again is in the hands of the new execution.
        failed.delete(firsts.get(key) ?? key)
        if (end.status === 'SUCCEEDED') failed.delete(key)
        else failed.set(key, end)
      },
    },
    missing: lost.missing,
    startedAgain: (machine, executionName, nextName) => {
      firsts.set(keyOf(machine, nextName), keyOf(machine, executionName))
    },
    deployed: (resources, atMs) => {
      for (const resource of resources) definedMs.set(resource, atMs)
      drift.putBack(resources)
    },
    find: (depths) => {
      const holding = (queues: ReadonlySet<string>): ReadonlyMap<string, number> =>
        new Map(
          [...queues].flatMap((queue) => {
            const messages = depths.get(queue) ?? 0
            return messages === 0 ? [] : [[queue, messages] as const]
          }),
        )
      return {
        failed: [...failed.values()],
        outdated: [...failed.values()].filter(
          ({ machineId, startedMs }) => startedMs < (definedMs.get(machineId) ?? startedMs),
        ),
        startedAgain: new Set([...failed].flatMap(([key, end]) => (firsts.has(key) ? [end] : []))),
        deadLettersOfQueues: holding(pathways.deadLettersOfQueues),
        deadLettersOfRules: holding(pathways.deadLettersOfRules),
        unread: holding(pathways.workQueues),
        missing: lost.missing(),
        drifted: drift.drifted(),
        redeclared: drift.redeclared(),
      }
    },
  }
}

const keyOf = (machine: string, executionName: string): string => `${machine}/${executionName}`
