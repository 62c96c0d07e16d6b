import type { Results, ScenarioResults, TimelineEntry } from '../results.ts'
import type { RunSpec } from '../run.ts'
import { orderIdAt, ordersIn, type PartedWorkload, type WorkloadPart } from '../workload/parts.ts'
import { type ExplainedOrder, endings, explainOrders } from './explained.ts'
import { openEnds } from './open-ends.ts'
import { recordsText } from './summary.ts'
import { shortened, timelineOf } from './timeline.ts'

/** Repeats a run, or the part of one, and follows some of its orders: data that crosses threads. */
export interface ExplainJob {
  readonly contestant: string
  readonly scenario: string
  readonly workload: WorkloadPart
  readonly part: number
  readonly orders: readonly string[]
}

type Timelines = NonNullable<NonNullable<ScenarioResults['shown']>[number]['timelines']>
type Timeline = Timelines[string]

/** What came of it, for the same order in the same contestant as asked. */
export interface ExplainAnswer {
  readonly contestant: string
  readonly scenario: string
  readonly part: number
  /** Of the whole run, a letter an order: those of the run that it repeats. */
  readonly outcomes: string
  readonly timelines: readonly {
    readonly order: string
    readonly cameMs: number
    readonly timeline: Timeline
  }[]
}

/** Runs of more orders keep no timelines: each would be run twice. */
export const timelinesOrdersMax = 1_000

/** A run again for each contestant and scenario of which orders are shown, and only the parts in which those are. */
export const explainJobs = (
  { scenarios }: Pick<Results, 'scenarios'>,
  workload: Pick<PartedWorkload, 'orders' | 'parts'>,
): readonly ExplainJob[] =>
  workload.orders > timelinesOrdersMax
    ? []
    : scenarios.flatMap(({ id, results, shown = [] }) => {
        const wanted = partsOfOrders(
          workload,
          shown.map(({ order }) => order),
        )
        return Object.keys(results).flatMap((contestant) =>
          wanted.map((part): ExplainJob => ({ contestant, scenario: id, ...part })),
        )
      })

/** Each part that has any of the orders, with those. */
const partsOfOrders = (
  { parts }: Pick<PartedWorkload, 'parts'>,
  orders: readonly string[],
): readonly Pick<ExplainJob, 'workload' | 'part' | 'orders'>[] => {
  let first = 0
  return parts.flatMap((workload, part) => {
    const places = Array.from({ length: ordersIn(workload) }, (_, place) => first + place)
    first += places.length
    const here = new Set(orders.length === 0 ? [] : places.map((place) => orderIdAt(parts, place)))
    const own = orders.filter((order) => here.has(order))
    return own.length === 0 ? [] : [{ workload, part, orders: own }]
  })
}

export const runExplainJob = async (
  { contestant, scenario, part, orders }: ExplainJob,
  spec: RunSpec,
  submitted?: () => void,
): Promise<ExplainAnswer> => {
  const explained = await explainOrders(spec, orders, submitted)
  return {
    contestant,
    scenario,
    part,
    outcomes: explained.outcomes,
    timelines: explained.orders.map((order) => ({
      order: order.orderId,
      cameMs: order.cameMs,
      timeline: { outcome: endings[order.outcome], entries: shortTimeline(order) },
    })),
  }
}

/** With what is open at the end, and what is on record, as last entries. */
const shortTimeline = (order: ExplainedOrder): TimelineEntry[] => {
  const entries = shortened(timelineOf(order))
  const last = entries.at(-1)
  const atMs = last === undefined ? 0 : Math.max(last.atMs + last.tookMs, last.untilMs ?? 0)
  const said = (what: string, detail: string): TimelineEntry => ({
    atMs,
    tookMs: 0,
    by: '',
    what,
    detail,
    billed: '',
  })
  return [
    ...entries,
    ...openEnds(order).map((line) => said('open', line)),
    said('on record', recordsText(order.entries)),
  ]
}

/**
 * The results with the timelines of the orders that they show. Throws when a repeated run did not end as the first one:
 * its timelines would be about something else.
 */
export const withTimelines = <Shown extends Pick<Results, 'scenarios'>>(
  results: Shown,
  answers: readonly ExplainAnswer[],
  outcomesOf: (answer: ExplainAnswer) => string | undefined,
): Shown => {
  for (const answer of answers)
    if (answer.outcomes !== outcomesOf(answer))
      throw new Error(
        `Run again for its timelines, ${answer.scenario} of ${answer.contestant} ended in another way than before.`,
      )
  return {
    ...results,
    scenarios: results.scenarios.map((scenario) => {
      const own = answers.filter((answer) => answer.scenario === scenario.id)
      if (scenario.shown === undefined || own.length === 0) return scenario
      return {
        ...scenario,
        shown: scenario.shown.map(({ order, command }) => ({
          order,
          ...cameOf(order, own),
          command,
          timelines: timelinesOf(order, own),
        })),
      }
    }),
  }
}

/** The same in every contestant. */
const cameOf = (order: string, answers: readonly ExplainAnswer[]): { readonly cameMs?: number } => {
  const timeline = answers.flatMap(({ timelines }) => timelines).find((each) => each.order === order)
  return timeline === undefined ? {} : { cameMs: timeline.cameMs }
}

const timelinesOf = (order: string, answers: readonly ExplainAnswer[]): Timelines =>
  Object.fromEntries(
    answers.flatMap(({ contestant, timelines }) =>
      timelines.flatMap((each): (readonly [string, Timeline])[] =>
        each.order === order ? [[contestant, each.timeline]] : [],
      ),
    ),
  )
