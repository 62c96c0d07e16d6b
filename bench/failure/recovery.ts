import type { LawResult, RecoveryAction, RecoveryRemark } from '../results.ts'
import type { Deployment, Template } from '../virtual-aws/deploy.ts'
import type { Observer } from '../virtual-aws/observer.ts'
import { withDeadlines } from './deadlines.ts'
import type { LostEvents } from './lost-events.ts'
import { createNeeds, type Findings, type NeedsFold } from './needs.ts'
import {
  archivedMs,
  type Done,
  deploymentNeeded,
  putBackRule,
  redriveExecutions,
  redriveQueue,
  replayArchive,
  resendEvents,
  startAgain,
} from './operator.ts'
import { type Pathways, pathwaysOf } from './pathways.ts'
import { remainders } from './remainders.ts'
import { faultsEnd } from './unaided.ts'

/** What a run says of its recovery: plain data, so that shards can be put together. */
export interface RecoveryTotals {
  /** When the last fault was over, since the Unix epoch; absent where none has a window that ends. */
  readonly faultsEndMs?: number
  /** Those that are needed; with `after`, those that were carried out. */
  readonly actions: readonly RecoveryAction[]
  readonly after?: AfterRecovery
}

export interface AfterRecovery {
  /** One letter an order, as before; see laws.ts. */
  readonly outcomes: string
  readonly laws: readonly LawResult[]
  readonly left: readonly RecoveryRemark[]
  readonly traps: readonly RecoveryRemark[]
}

export type Recovered = Pick<AfterRecovery, 'left' | 'traps'> & Pick<RecoveryTotals, 'actions'>

/** Watches a run for what its operator will have to do, and then does it. */
export interface RecoveryWatch {
  readonly observer: Observer
  /** When the last fault is over, since the Unix epoch; undefined where none has a window that ends. */
  readonly faultsEndMs: number | undefined
  /** Events that have not come to who was to hear them. */
  missing(): readonly LostEvents[]
  /** What is to be done of a run at rest. */
  needed(deployment: Deployment): readonly RecoveryAction[]
  /**
   * Does it by the real calls on the operator's clients, when the last fault is over, and goes on until all is at rest
   * again, at most `restMs` after each step. Each step is taken once, in this order, with what is found when its turn comes: the template is deployed
   * again, rules are put back, executions redriven or, where they keep an old definition, started again, dead-letter queues redriven, events of rules sent again; and when all that has come to rest and
   * events are still missing, the archive is replayed.
   */
  recover(deployment: Deployment, restMs: number): Promise<Recovered>
}

export const watchRecovery = (
  template: Template,
  { faults, startMs }: { readonly faults: readonly object[]; readonly startMs: number },
): RecoveryWatch => {
  const pathways = pathwaysOf(template)
  const needs = createNeeds(pathways)
  const endMs = faultsEnd(faults)
  const faultsEndMs = endMs === undefined ? undefined : startMs + endMs
  const traps = createTraps()
  return {
    observer: {
      call(call) {
        needs.observer.call?.(call)
        traps.observer.call?.(call)
      },
      lost: (loss) => needs.observer.lost?.(loss),
      execution: (end) => needs.observer.execution?.(end),
      metered: (meter, resource) => traps.observer.metered(meter, resource),
    },
    faultsEndMs,
    missing: needs.missing,
    needed: (deployment) => {
      const found = needs.find(deployment.depths())
      const redeployment = deploymentNeeded(deployment, template, found.redeclared)
      const actions = [...(redeployment === undefined ? [] : [redeployment]), ...neededFor(found, pathways)]
      return withDeadlines(actions, found, pathways, startMs)
    },
    async recover(deployment, restMs) {
      if (faultsEndMs !== undefined) await untilTime(deployment.kernel, faultsEndMs)
      traps.begin()
      const find = () => needs.find(deployment.depths())
      const atFirst = find()
      const done: Done[] = []
      const replay = replayStep(deployment, pathways)
      for (const step of [...stepsOf(deployment, { template, pathways, needs }), replay]) {
        const found = find()
        const acts = step(found)
        // With nothing to do no time passes: what would still have come of itself is no recovery.
        if (acts.length === 0) continue
        if (step === replay) await untilTime(deployment.kernel, archivedMs(found.missing))
        await untilRest(deployment.kernel, restMs, async () => {
          for (const act of acts) done.push(await act())
        })
      }
      const replayed = traps.replayed()
      const actions = done.flatMap(({ action }) =>
        action.times === 0
          ? []
          : [action.action === 'replay archive' ? { ...action, items: replayed } : action],
      )
      return {
        actions: withDeadlines(actions, atFirst, pathways, startMs),
        left: remainders(find(), pathways, done, (id) => deployment.resource(id) !== undefined),
        traps: [...outdatedAmong(done), ...traps.found()],
      }
    },
  }
}

const neededFor = (
  { failed, outdated, redeclared, deadLettersOfQueues, deadLettersOfRules, missing, drifted }: Findings,
  { machines, archives }: Pathways,
): readonly RecoveryAction[] => [
  ...drifted.map(({ id }) => ({ action: 'put back rule' as const, resource: id, times: 1, items: 1 })),
  ...[...machines].flatMap((machine) => {
    const own = failed.filter(({ machineId }) => machineId === machine)
    // A redrive keeps the old definition: when another is deployed, it is for nothing.
    const old = redeclared.includes(machine) ? own : own.filter((end) => outdated.includes(end))
    return [
      { action: 'redrive execution' as const, items: own.length - old.length },
      { action: 'start again' as const, items: old.length },
    ].flatMap(({ action, items }) =>
      items === 0 ? [] : [{ action, resource: machine, times: items, items }],
    )
  }),
  ...[...deadLettersOfQueues].map(([resource, items]) => ({
    action: 'redrive queue' as const,
    resource,
    times: 1,
    items,
  })),
  ...[...deadLettersOfRules].map(([resource, items]) => ({
    action: 'resend events' as const,
    resource,
    times: items,
    items,
  })),
  ...[...archives].flatMap(([bus, archive]) => {
    const items = missing.filter((each) => each.bus === bus).reduce((sum, { events }) => sum + events, 0)
    return items === 0 ? [] : [{ action: 'replay archive' as const, resource: archive, times: 1, items }]
  }),
]

type Act = () => Promise<Done>

/** What a stack should be, and what is known of how it is. */
interface Stack {
  readonly template: Template
  readonly pathways: Pathways
  readonly needs: NeedsFold
}

const stepsOf = (
  deployment: Deployment,
  { template, pathways, needs }: Stack,
): readonly ((found: Findings) => readonly Act[])[] => [
  ({ redeclared }) => {
    const action = deploymentNeeded(deployment, template, redeclared)
    if (action === undefined) return []
    const deployAgain: Act = async () => {
      const changes = deployment.changeSet(template, redeclared)
      deployment.update(template, redeclared)
      needs.deployed(changes, deployment.kernel.nowMs)
      return { action, refused: new Map() }
    }
    return [deployAgain]
  },
  ({ drifted }) => drifted.map((rule) => () => putBackRule(deployment, rule)),
  ({ failed, outdated }) =>
    [...pathways.machines].flatMap((machine) => {
      const own = failed.filter((end) => end.machineId === machine && !outdated.includes(end))
      return own.length === 0 ? [] : [() => redriveExecutions(deployment, machine, own)]
    }),
  ({ outdated }) =>
    [...pathways.machines].flatMap((machine) => {
      const own = outdated.filter(({ machineId }) => machineId === machine)
      return own.length === 0
        ? []
        : [
            () =>
              startAgain(deployment, machine, own, (name, next) => needs.startedAgain(machine, name, next)),
          ]
    }),
  ({ deadLettersOfQueues, deadLettersOfRules }) => [
    ...[...deadLettersOfQueues].map(
      ([queue, messages]) =>
        () =>
          redriveQueue(deployment, queue, messages),
    ),
    ...[...deadLettersOfRules].map(
      ([queue, messages]) =>
        () =>
          resendEvents(deployment, queue, messages, pathways),
    ),
  ],
]

const replayStep =
  (deployment: Deployment, { archives, rules }: Pathways) =>
  ({ missing }: Findings): readonly Act[] =>
    [...archives].flatMap(([bus, archive]) => {
      const own = missing.filter((each) => each.bus === bus)
      return own.length === 0 ? [] : [() => replayArchive(deployment, archive, bus, own, rules)]
    })

/** A run may have come to rest while a fault goes on: whoever acts before it is over acts in vain. */
const untilTime = async (kernel: Deployment['kernel'], atMs: number): Promise<void> => {
  if (kernel.nowMs >= atMs) return
  kernel.at(atMs, () => undefined)
  await kernel.run(atMs)
}

/** Virtual time passes while the calls are answered, and then until nothing moves any more. */
const untilRest = async (
  kernel: Deployment['kernel'],
  restMs: number,
  act: () => Promise<void>,
): Promise<void> => {
  const acted = act().then(
    () => undefined,
    (error: unknown) => ({ error }),
  )
  const end = await kernel.run(kernel.nowMs + restMs)
  if (end === 'runaway') throw new Error('The recovery did not come to rest within its bound of events.')
  const failure = await Promise.race([acted, unanswered])
  if (failure !== undefined) throw failure.error
}

const unanswered = Promise.resolve({ error: new Error('A call of the operator was never answered.') })

const outdatedAmong = (done: readonly Done[]): readonly RecoveryRemark[] =>
  done.flatMap(({ action: { action, resource, items } }) =>
    action === 'start again'
      ? [
          {
            what: 'not to be redriven',
            resource,
            count: items,
            why: 'a redriven execution keeps the definition that it was started with, whatever is deployed: it was started again',
          },
        ]
      : [],
  )

/** Counts what AWS lets an operator run into, from when he begins to act. */
const createTraps = () => {
  const intoTheVoid = new Map<string, number>()
  let isActing = false
  let replayed = 0
  let archive = ''
  return {
    begin: (): void => {
      isActing = true
    },
    replayed: () => replayed,
    observer: {
      call({ action, by, error }) {
        if (!isActing || (error !== 'TaskTimedOut' && error !== 'TaskDoesNotExist')) return
        if (action.startsWith('SendTask')) intoTheVoid.set(by, (intoTheVoid.get(by) ?? 0) + 1)
      },
      metered(meter, resource) {
        if (meter !== 'events.replay') return
        replayed += 1
        archive = resource
      },
    } satisfies Observer,
    found: (): readonly RecoveryRemark[] => [
      ...[...intoTheVoid].map(([resource, count]) => ({
        what: 'answers into the void',
        resource,
        count,
        why: 'a command that comes back bears the token of a task that has ended: it is obeyed, and its answer reaches nobody',
      })),
      ...(replayed === 0
        ? []
        : [
            {
              what: 'events replayed',
              resource: archive,
              count: replayed,
              why: 'a replay is out of order, and gives a rule that had some of its events those a second time',
            },
          ]),
    ],
  }
}
