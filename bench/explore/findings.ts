import type { Contestant } from '../contestants.ts'
import type { Outcome } from '../laws.ts'
import { createAnnounced, judge } from '../measured-run.ts'
import { runOrders, type Watchers } from '../run.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import { drawSchedule, promiseOf, type Schedule, scenarioOf, workloadOf } from './schedule.ts'

/** Who runs a schedule, and where. */
export interface Arena {
  readonly contestants: readonly Contestant[]
  /** By stack name. */
  readonly templates: Readonly<Record<string, Template>>
  readonly region: string
}

/** A promise that was broken under a schedule. Plain data: it crosses threads. */
export interface Finding {
  readonly law: string
  /** Ids of those that broke it; of a difference, of two that differ. */
  readonly contestants: readonly string[]
  /** Whom it befell: orders, or skus where the law is about stock. */
  readonly examples: readonly string[]
}

export const promisesBesideLaws = {
  sameOutcome: 'every order ends alike in all contestants',
  comesToRest: 'a run comes to rest within its bound of events',
} as const

/** Runs a schedule in each contestant and gives every promise that was broken, those of the first contestant first. */
export const findingsOf = async (schedule: Schedule, arena: Arena): Promise<readonly Finding[]> => {
  const findings: Finding[] = []
  const ends: Ends[] = []
  for (const contestant of arena.contestants) {
    const { outcomes, broken } = await runSchedule(schedule, contestant, arena)
    findings.push(...broken)
    ends.push({ contestant: contestant.id, outcomes })
  }
  return promiseOf(schedule) === 'sameOutcome' ? [...findings, ...differences(schedule, ends)] : findings
}

interface Ends {
  readonly contestant: string
  readonly outcomes: string
}

/** One contestant under a schedule: how each order ended, a letter each, and which laws were broken. */
export const runSchedule = async (
  schedule: Schedule,
  contestant: Contestant,
  { templates, region }: Arena,
  watchers: Watchers = { observers: [] },
): Promise<{ readonly outcomes: string; readonly broken: readonly Finding[] }> => {
  const template = templates[contestant.stack]
  if (template === undefined) throw new Error(`There is no template of the stack ${contestant.stack}.`)
  const workload = workloadOf(schedule)
  const { announced, observer } = createAnnounced(workload.arrivals)
  const spec = {
    contestant,
    template,
    scenario: scenarioOf(schedule),
    workload,
    seed: schedule.seed,
    region,
    shelves: 'ordered' as const,
  }
  const aftermath = await runOrders(spec, { ...watchers, observers: [observer, ...watchers.observers] })
  const brokenBy = (law: string, examples: readonly string[]): Finding => ({
    law,
    contestants: [contestant.id],
    examples,
  })
  const { outcomes, laws } = judge(spec, aftermath, announced)
  const broken = laws.flatMap(({ law, held, examples }) => (held ? [] : [brokenBy(law, examples)]))
  return aftermath.end === 'runaway'
    ? { outcomes, broken: [brokenBy(promisesBesideLaws.comesToRest, []), ...broken] }
    : { outcomes, broken }
}

/** The first contestant against each other one; who is stuck or inconsistent has broken a law already. */
const differences = (schedule: Schedule, [first, ...others]: readonly Ends[]): readonly Finding[] => {
  if (first === undefined) return []
  const orderIds = workloadOf(schedule).arrivals.map(({ orderId }) => orderId)
  return others.flatMap((other) => {
    const examples = orderIds.filter((_, index) => {
      const [one, another] = [first.outcomes[index], other.outcomes[index]]
      return one !== another && isEnded(one) && isEnded(another)
    })
    return examples.length === 0
      ? []
      : [{ law: promisesBesideLaws.sameOutcome, contestants: [first.contestant, other.contestant], examples }]
  })
}

const isEnded = (letter: string | undefined): boolean =>
  (['f', 'r'] satisfies Outcome[] as readonly unknown[]).includes(letter)

/** A stretch of the schedules that a seed stands for. */
export interface Stretch {
  readonly seed: number
  readonly faultsMax: number
  /** Number of the first run, and of the one after the last. */
  readonly from: number
  readonly upTo: number
}

export interface Found {
  readonly run: number
  readonly schedule: Schedule
  /** The first of those that this run broke. */
  readonly finding: Finding
}

/** The first run of a stretch in which a promise is broken, if there is one; `ran` hears of each. */
export const firstFound = async (
  { seed, faultsMax, from, upTo }: Stretch,
  arena: Arena,
  ran?: () => void,
): Promise<Found | undefined> => {
  for (let run = from; run < upTo; run++) {
    const schedule = drawSchedule(seed, run, faultsMax)
    const [finding] = await findingsOf(schedule, arena)
    ran?.()
    if (finding !== undefined) return { run, schedule, finding }
  }
  return undefined
}
