import type { RecoveryRemark } from '../results.ts'
import type { ExecutionEnd } from '../virtual-aws/observer.ts'
import type { Findings } from './needs.ts'
import type { Done } from './operator.ts'
import type { Pathways } from './pathways.ts'

/** What is still there when everything that can be done was done, and why. */
export const remainders = (
  { failed, startedAgain, deadLettersOfQueues, deadLettersOfRules, unread, missing }: Findings,
  { archives }: Pathways,
  done: readonly Done[],
  isDeployed: (resource: string) => boolean,
): readonly RecoveryRemark[] => {
  const refusalsOf = (resource: string): string | undefined => {
    const words = done.flatMap(({ action, refused }) =>
      action.resource === resource ? [...refused.keys()] : [],
    )
    return words.length === 0 ? undefined : `refused: ${words.join('; ')}`
  }
  const deadLetters = (queues: ReadonlyMap<string, number>, otherwise: string): RecoveryRemark[] =>
    [...queues].map(([resource, count]) => ({
      what: 'dead letters',
      resource,
      count,
      why: refusalsOf(resource) ?? otherwise,
    }))
  return [
    ...byEnd(failed).map(({ end, count }) => ({
      what: `executions ${end.status}`,
      resource: end.machineId,
      count,
      why: refusalsOf(end.machineId) ?? whyAgain(end, startedAgain.has(end)),
    })),
    ...deadLetters(deadLettersOfQueues, 'they were given up again'),
    ...deadLetters(deadLettersOfRules, 'the rule gave them up after the others had been sent again'),
    ...[...unread].map(([resource, count]) => ({
      what: 'messages in a queue',
      resource,
      count,
      why: 'nobody had read them by the end',
    })),
    ...missing.map(({ resource, bus, events }) => ({
      what: 'events missing',
      resource,
      count: events,
      why: isDeployed(resource)
        ? whyMissing(resource, archives.get(bus), done)
        : `${resource} is not deployed: it takes a deployment to hear of them`,
    })),
  ]
}

/** A redrive runs the state that failed again, by the old definition: a Fail state fails again. */
const whyAgain = (end: ExecutionEnd, isStartedAgain: boolean): string => {
  const how = isStartedAgain ? 'started again' : 'redriven, by the definition that they were started with'
  return `${how}, and ended so again${end.error === undefined ? '' : `: ${end.error}`}`
}

const whyMissing = (resource: string, archive: string | undefined, done: readonly Done[]): string => {
  if (archive === undefined) return 'no archive keeps them'
  const replay = done.find(({ action }) => action.resource === archive)
  const [refusal] = replay?.refused.keys() ?? []
  return refusal === undefined ? `replayed, and ${resource} did not take them` : `refused: ${refusal}`
}

const byEnd = (
  failed: readonly ExecutionEnd[],
): readonly { readonly end: ExecutionEnd; readonly count: number }[] => {
  const groups = new Map<string, { readonly end: ExecutionEnd; count: number }>()
  for (const end of failed) {
    const key = JSON.stringify([end.machineId, end.status, end.error])
    const group = groups.get(key) ?? { end, count: 0 }
    group.count += 1
    groups.set(key, group)
  }
  return [...groups.values()]
}
