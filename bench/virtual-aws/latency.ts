import {
  capOneIn,
  capShare,
  floorShare,
  type Hop,
  type HopFigure,
  hopFigures,
  transitionPayloadFactors,
} from './latency/hops.ts'

/** Milliseconds of one hop at the given uniform in [0, 1): the inverse of its distribution function. */
export type Latency = (hop: string, uniform: number, payloadBytes?: number) => number

/** Figures in place of the published ones, hop by hop. */
export type LatencyOverrides = Readonly<Partial<Record<Hop, HopFigure>>>

/** Looks up latencies; `figures` replaces the hops that it names, so that another vintage can be tried. */
export const createLatency = (figures: LatencyOverrides = {}): Latency => {
  const curves = new Map(
    Object.entries<HopFigure>({ ...hopFigures, ...figures }).map(([hop, figure]) => [hop, curveOf(figure)]),
  )
  return (hop, uniform, payloadBytes = 0) => {
    const curve = curves.get(hop)
    if (curve === undefined) {
      throw new Error(`Expected a hop of the latency table (${[...curves.keys()].join(', ')}), got "${hop}"`)
    }
    const ms = at(curve, uniform)
    return hop === 'states.transition' ? ms * payloadFactor(payloadBytes) : ms
  }
}

/** Every latency that went in, one row a hop, for the table of sources. */
export const latencyFigures = (figures: LatencyOverrides = {}): readonly LatencyFigure[] => [
  ...Object.entries<HopFigure>({ ...hopFigures, ...figures }).map(([hop, figure]) => ({
    figure: `latency ${hop}: ${figure.about}`,
    value: `p10 ${figure.p10}, p50 ${figure.p50}, p90 ${figure.p90}, p99 ${figure.p99} ms`,
    source: [
      figure.n === undefined ? figure.source : `${figure.source}, n = ${figure.n}`,
      ...(figure.derivation === undefined ? [] : [figure.derivation]),
    ].join('. '),
    date: figure.date,
    confidence: figure.confidence,
  })),
  {
    figure: 'latency below p10 and beyond p99',
    value: `from ${floorShare} × p10; to ${capShare} × p99 or the published maximum, which one draw in ${capOneIn} is`,
    source: 'Shape of the measured Step Functions hop (p1 0.77 × p10, maximum 2.5 × p99), taken for all hops',
    date: '2022-07',
    confidence: 'assumption',
  },
  {
    figure: 'latency states.transition by payload',
    value: transitionPayloadFactors.map(([bytes, factor]) => `${bytes / 1024} KiB × ${factor}`).join(', '),
    source: `${hopFigures['states.transition'].source}, medians by payload, n = 270 each; no other hop is scaled`,
    date: hopFigures['states.transition'].date,
    confidence: 'M',
  },
]

export interface LatencyFigure {
  readonly figure: string
  readonly value: string
  readonly source: string
  readonly date: string
  readonly confidence: 'H' | 'M' | 'L' | 'assumption'
}

/** Probabilities, rising from 0 to 0.99, the logarithm of the latency at each, and what lies beyond. */
interface Curve {
  readonly probabilities: Float64Array
  readonly logs: Float64Array
  readonly logMax: number
  /** How much the logarithm rises each time that the probability of more falls to 1/e. */
  readonly tailRise: number
}

const tailFrom = 0.99

const curveOf = (figure: HopFigure): Curve => {
  const knots = [
    [0, figure.p10 * floorShare],
    [0.1, figure.p10],
    [0.5, figure.p50],
    [0.9, figure.p90],
    [tailFrom, figure.p99],
    ...(figure.more ?? []),
  ].sort(([a = 0], [b = 0]) => a - b)
  const latencies = knots.map(([, ms = 0]) => ms)
  const max = figure.max ?? figure.p99 * capShare
  if ([...latencies, max].some((ms, index) => ms < (latencies[index - 1] ?? 0))) {
    throw new Error(`Expected quantiles that rise with the probability: ${figure.about}`)
  }
  return {
    probabilities: Float64Array.from(knots, ([probability = 0]) => probability),
    logs: Float64Array.from(latencies, Math.log),
    logMax: Math.log(max),
    tailRise: Math.log(max / figure.p99) / Math.log((1 - tailFrom) * capOneIn),
  }
}

const at = ({ probabilities, logs, logMax, tailRise }: Curve, uniform: number): number => {
  if (!(uniform >= 0 && uniform <= 1)) throw new Error(`Expected a uniform between 0 and 1, got ${uniform}`)
  if (uniform > tailFrom) {
    const rise = tailRise * Math.log((1 - tailFrom) / (1 - uniform))
    return Math.exp(Math.min(logMax, (logs[logs.length - 1] ?? 0) + rise))
  }
  let upper = 1
  while ((probabilities[upper] ?? 1) < uniform) upper += 1
  return Math.exp(between(probabilities, logs, upper, uniform))
}

/** Linear between the knots `upper - 1` and `upper`. */
const between = (xs: ArrayLike<number>, ys: ArrayLike<number>, upper: number, x: number): number => {
  const x0 = xs[upper - 1] ?? 0
  const y0 = ys[upper - 1] ?? 0
  return y0 + (((ys[upper] ?? 0) - y0) * (x - x0)) / ((xs[upper] ?? 1) - x0)
}

const payloadLogBytes = transitionPayloadFactors.map(([bytes]) => Math.log(bytes))
const payloadLogFactors = transitionPayloadFactors.map(([, factor]) => Math.log(factor))

/** Beyond 256 KiB, which Step Functions refuses, the last factor holds. */
const payloadFactor = (bytes: number): number => {
  if (bytes <= transitionPayloadFactors[0][0]) return 1
  const logBytes = Math.min(Math.log(bytes), payloadLogBytes.at(-1) ?? 0)
  const upper = payloadLogBytes.findIndex((knot, index) => index > 0 && knot >= logBytes)
  return Math.exp(between(payloadLogBytes, payloadLogFactors, upper, logBytes))
}
