import type { Figure, Results } from '../results.ts'

/**
 * The hops whose latencies decide a metric: those that make up most of what is measured, so that its ratio is mostly
 * theirs. Further hops add a little and are left out. A metric that is not named rests on no latency: cost is counted
 * and priced.
 *
 * - acceptance is one API call, nothing else;
 * - recorded adds the way to the order service and its save;
 * - completion and coordination add the transitions or the events of a whole flow, which outweigh all API calls.
 */
const deciding: ReadonlyMap<string, readonly string[]> = new Map([
  ['acceptance', ['states.startExecution', 'sqs.call']],
  ['recorded', ['states.startExecution', 'states.start', 'sqs.call', 'sqs.deliver', 'dynamodb.write']],
  ['completion', ['states.start', 'states.transition', 'sqs.deliver', 'events.route']],
  ['coordination', ['states.start', 'states.transition', 'sqs.deliver', 'events.route']],
])

/** Every hop that a metric is said to rest on. */
export const decidingHops = (): readonly string[] => [...new Set([...deciding.values()].flat())]

/** The hop that a figure is the latency of: "latency sqs.call: any SQS API call" is that of `sqs.call`. */
const hopOf = ({ figure }: Figure): string | undefined => /^latency ([\w.]+):/.exec(figure)?.[1]

/** A figure as it is named in a sentence: its hop, or what stands before the details of its name. */
export const figureName = (figure: Figure): string =>
  hopOf(figure) ?? figure.figure.split(/: | \(/)[0] ?? figure.figure

interface HopFigure {
  readonly hop: string
  readonly figure: Figure
}

/** None unless the run was simulated: elsewhere the latencies are those of the run itself. */
const figuresUnder = ({ run, figures }: Results, metric: string): readonly HopFigure[] =>
  run.runtime !== 'virtual'
    ? []
    : (deciding.get(metric) ?? []).flatMap((hop) =>
        figures.filter((figure) => hopOf(figure) === hop).map((figure) => ({ hop, figure })),
      )

/** Latencies that a metric rests on and that no source publishes; a run with measured figures has none. */
export interface Assumed {
  readonly hops: readonly string[]
  /** Whether all of what decides the metric is assumed. */
  readonly isAll: boolean
}

/** What of a metric is assumed; undefined where it rests on published or measured figures. */
export const assumedUnder = (results: Results, metric: string): Assumed | undefined => {
  const figures = figuresUnder(results, metric)
  const assumed = figures.filter(({ figure }) => figure.confidence === 'assumption')
  return assumed.length === 0
    ? undefined
    : { hops: assumed.map(({ hop }) => hop), isAll: assumed.length === figures.length }
}

/** Whether a ratio of this metric may be called a finding: not when it is one of assumptions. */
export const isGrounded = (results: Results, metric: string): boolean =>
  assumedUnder(results, metric) === undefined

/** When the latencies under a metric were measured, each with its month, the oldest first. */
export interface Vintage {
  readonly from: string
  readonly to: string
  readonly hops: readonly { readonly hop: string; readonly month: string }[]
}

/** The vintages under a metric; undefined where all were measured in one month, or none has a date. */
export const vintageOf = (results: Results, metric: string): Vintage | undefined => {
  const hops = figuresUnder(results, metric)
    .filter(({ figure }) => figure.confidence !== 'assumption')
    .flatMap(({ hop, figure }) => {
      const month = /^\d{4}-\d{2}/.exec(figure.date)?.[0]
      return month === undefined ? [] : [{ hop, month }]
    })
    .toSorted((one, other) => (one.month < other.month ? -1 : Number(one.month > other.month)))
  const from = hops[0]?.month
  const to = hops.at(-1)?.month
  return from === undefined || to === undefined || from === to ? undefined : { from, to, hops }
}

/**
 * The difference in percent up to which hops of different vintages may explain it. A judgement, and a mild one: it lets
 * a hop be off by a fifth, while the source of `events.route` saw the median of its path fall from 395 to 148 ms on 17
 * February 2023. Coordination is made of hops alone; of completion they are about half, the rest is the providers'.
 */
const vintagePercents: ReadonlyMap<string, number> = new Map([
  ['completion', 10],
  ['coordination', 20],
])

/** Whether a ratio of this metric is so near to 1 that the dates of the sources may explain it. */
export const isWithinVintage = (results: Results, metric: string, ratio: number): boolean =>
  vintageOf(results, metric) !== undefined &&
  Math.max(ratio, 1 / ratio) < 1 + (vintagePercents.get(metric) ?? 0) / 100

/** "under 10% in completion and 20% in coordination": what the dates of the sources may explain. */
export const vintageBounds = (): string =>
  `under ${[...vintagePercents].map(([metric, percent]) => `${percent}% in ${metric}`).join(' and ')}`
