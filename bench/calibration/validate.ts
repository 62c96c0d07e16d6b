import type { Results, ScenarioResults } from '../results.ts'

/** A quantile as it was predicted and as it was observed. */
export interface Pair {
  readonly predicted: number
  readonly observed: number
  /** predicted ÷ observed; undefined where that says nothing, since nothing was observed to take time. */
  readonly ratio: number | undefined
  readonly isOff: boolean
}

export interface ValidationRow {
  readonly scenario: string
  /** A path of hops, or a contestant's measure from end to end. */
  readonly group: string
  readonly name: string
  readonly n: { readonly predicted: number; readonly observed: number }
  readonly p50: Pair
  readonly p90: Pair
  readonly p99: Pair
}

/**
 * What a prediction may miss by, as a share of what was observed. A judgement: the virtual AWS itself holds published
 * paths within 15%, and a p99 of a few hundred observations moves by more than that from run to run.
 */
export const toleranceShares = { p50: 0.15, p90: 0.2, p99: 0.35 } as const

/** Clocks on the way tell whole milliseconds: a difference of this size is none. */
export const toleranceMs = 2

type Quantile = keyof typeof toleranceShares
type Measured = Readonly<Record<Quantile | 'n', number>>

export const pathsGroup = 'hop by hop, all contestants'

const measures = ['acceptance', 'recorded', 'completion', 'coordination'] as const

/** Predicted against observed, scenario by scenario: the paths first, then each contestant from end to end. */
export const validationOf = (observed: Results, predicted: Results): readonly ValidationRow[] =>
  observed.scenarios.flatMap((scenario) => {
    const other = predicted.scenarios.find(({ id }) => id === scenario.id)
    return other === undefined ? [] : [...pathRows(scenario, other), ...endToEndRows(scenario, other)]
  })

const pathRows = (observed: ScenarioResults, predicted: ScenarioResults): readonly ValidationRow[] =>
  (observed.paths ?? []).flatMap((seen) => {
    const said = predicted.paths?.find(({ path }) => path === seen.path)
    return said === undefined ? [] : rowOf(observed.id, pathsGroup, seen.path, seen, said)
  })

const endToEndRows = (observed: ScenarioResults, predicted: ScenarioResults): readonly ValidationRow[] =>
  Object.entries(observed.results).flatMap(([contestant, { latencyMs }]) =>
    measures.flatMap((measure) => {
      const said = predicted.results[contestant]?.latencyMs[measure]
      return said === undefined ? [] : rowOf(observed.id, contestant, measure, latencyMs[measure], said)
    }),
  )

const rowOf = (
  scenario: string,
  group: string,
  name: string,
  observed: Measured,
  predicted: Measured,
): readonly ValidationRow[] => {
  if (observed.n === 0 || predicted.n === 0) return []
  const pair = (quantile: Quantile): Pair => pairOf(predicted[quantile], observed[quantile], quantile)
  return [
    {
      scenario,
      group,
      name,
      n: { predicted: predicted.n, observed: observed.n },
      p50: pair('p50'),
      p90: pair('p90'),
      p99: pair('p99'),
    },
  ]
}

const pairOf = (predicted: number, observed: number, quantile: Quantile): Pair => {
  const apartMs = Math.abs(predicted - observed)
  return {
    predicted,
    observed,
    ratio: observed > 0 ? predicted / observed : undefined,
    isOff: apartMs > toleranceMs && apartMs > toleranceShares[quantile] * observed,
  }
}
