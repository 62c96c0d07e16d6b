import { createLatency } from '../latency.ts'
import { forkRandom } from '../random.ts'
import { chainSource, type Hop, oneHopSource } from './hops.ts'

/** A path that was measured as a whole, made of the hops that the virtual AWS draws. */
interface Composite {
  readonly path: string
  readonly source: string
  readonly date: string
  /** Hops and the share of each that lies on the path: of the producer's API call, the half before its effect. */
  readonly parts: readonly (readonly [Hop, number])[]
  readonly published: Quantiles
}

export interface Quantiles {
  readonly p50: number
  readonly p90: number
  readonly p99: number
}

export interface CompositeRow {
  readonly path: string
  /** As `½ sqs.call + sqs.deliver`. */
  readonly parts: string
  readonly source: string
  readonly date: string
  readonly published: Quantiles
  readonly simulated: Quantiles
  /** simulated ÷ published − 1 */
  readonly deviation: Quantiles
}

/** Published paths against the same paths in the virtual AWS, whose hops are drawn independently; in ms. */
export const compositeTable = (seed = 1): readonly CompositeRow[] =>
  composites.map(({ path, source, date, parts, published }) => {
    const simulated = quantilesOf(path, parts, seed)
    return {
      path,
      parts: parts.map(([hop, share]) => (share === 1 ? hop : `½ ${hop}`)).join(' + '),
      source,
      date,
      published,
      simulated,
      deviation: {
        p50: simulated.p50 / published.p50 - 1,
        p90: simulated.p90 / published.p90 - 1,
        p99: simulated.p99 / published.p99 - 1,
      },
    }
  })

const composites: readonly Composite[] = [
  {
    path: 'SQS Standard → Lambda',
    source: oneHopSource,
    date: '2022-09-05',
    parts: [
      ['sqs.call', 0.5],
      ['sqs.deliver', 1],
    ],
    published: { p50: 16.2, p90: 33.8, p99: 105 },
  },
  {
    path: 'SQS FIFO → Lambda',
    source: oneHopSource,
    date: '2022-09-05',
    parts: [
      ['sqs.call', 0.5],
      ['sqs.deliverFifo', 1],
    ],
    published: { p50: 28.1, p90: 61.2, p99: 645 },
  },
  {
    path: 'Step Functions Standard, StartExecution → Lambda, synchronous task',
    source: oneHopSource,
    date: '2022-09-05',
    parts: [
      ['states.startExecution', 0.5],
      ['states.start', 1],
      ['lambda.invoke', 1],
    ],
    published: { p50: 99.1, p90: 133, p99: 250 },
  },
  {
    path: 'Step Functions Standard, StartExecution → Lambda, asynchronous invocation',
    source: oneHopSource,
    date: '2022-09-05',
    parts: [
      ['states.startExecution', 0.5],
      ['states.start', 1],
      ['lambda.asyncQueue', 1],
      ['lambda.invoke', 1],
    ],
    published: { p50: 142, p90: 204, p99: 313 },
  },
  {
    path: 'EventBridge → Lambda, asynchronous invocation',
    source: oneHopSource,
    date: '2023-02',
    parts: [
      ['events.put', 0.5],
      ['events.route', 1],
      ['lambda.asyncQueue', 1],
      ['lambda.invoke', 1],
    ],
    published: { p50: 148, p90: 241, p99: 387 },
  },
  {
    path: 'Step Functions Standard, handler end → next handler start, warm',
    source: chainSource,
    date: '2022-07',
    parts: [
      ['states.transition', 1],
      ['lambda.invoke', 1],
    ],
    published: { p50: 99.1, p90: 131.9, p99: 200.7 },
  },
  {
    path: 'Step Functions Standard, handler end → next handler start, next function cold',
    source: chainSource,
    date: '2022-07',
    parts: [
      ['states.transition', 1],
      ['lambda.invoke', 1],
      ['lambda.init', 1],
      ['lambda.placement', 1],
    ],
    published: { p50: 390.6, p90: 500.3, p99: 623.9 },
  },
]

const draws = 60_000

/** Quantiles of a path whose hops are drawn independently, in ms; `path` names its streams. */
export const quantilesOf = (path: string, parts: Composite['parts'], seed = 1): Quantiles => {
  const latency = createLatency()
  const random = forkRandom(seed)
  const totals = new Float64Array(draws)
  for (const [hop, share] of parts) {
    const stream = random(`${path}/${hop}`)
    for (let draw = 0; draw < draws; draw += 1) {
      totals[draw] = (totals[draw] ?? 0) + share * latency(hop, stream.next())
    }
  }
  totals.sort()
  const quantile = (probability: number) => totals[Math.ceil(probability * draws) - 1] ?? Number.NaN
  return { p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99) }
}
