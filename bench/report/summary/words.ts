import type { Comparison, Results, ScenarioResults } from '../../results.ts'
import type { Item } from '../document.ts'
import { fixed, ratio, times } from '../format.ts'
import {
  type Entrant,
  entrantsOf,
  headlineScenario,
  labelOf,
  scenariosInOrder,
  valueLabelOf,
} from '../view.ts'

export const sentence = (text: string): Item => ({ text, parts: [] })

/** A heading sentence over its parts; nothing when there are none. */
export const grouped = (text: string, parts: readonly string[]): readonly Item[] =>
  parts.length === 0 ? [] : [{ text, parts }]

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

export const headlineEntrants = (results: Results): readonly Entrant[] => {
  const scenario = headlineScenario(results)
  return scenario === undefined ? [] : entrantsOf(results, scenario)
}

export const headlineComparisons = (results: Results): readonly Comparison[] =>
  headlineScenario(results)?.comparison ?? []

/** "steady, simulated": where the headline's figures come from. */
export const where = (results: Results): string =>
  `${headlineScenario(results)?.id ?? ''}, ${labelOf(results)}`

/** The same of times and amounts. */
export const whereValues = (results: Results): string =>
  `${headlineScenario(results)?.id ?? ''}, ${valueLabelOf(results)}`

export const eachResult = <T>(
  results: Results,
  visit: (scenario: ScenarioResults, entrant: Entrant) => readonly T[],
): readonly T[] =>
  scenariosInOrder(results).flatMap((scenario) =>
    entrantsOf(results, scenario).flatMap((entrant) => visit(scenario, entrant)),
  )

/** Comparisons by metric, in the order in which the metrics first come. */
export const byMetric = (
  comparisons: readonly Comparison[],
): readonly (readonly [string, readonly Comparison[]])[] =>
  [...new Set(comparisons.map(({ metric }) => metric))].map((metric) => [
    metric,
    comparisons.filter((comparison) => comparison.metric === metric),
  ])

/** A comparison with the higher one first: a ÷ b and b ÷ a tell the same, and a ratio above 1 is easier to read. */
export interface Excess {
  readonly higher: string
  readonly lower: string
  readonly ratio: number
  readonly ci95: readonly [number, number]
}

export const excessOf = ({ a, b, ratio: value, ci95: [low, high] }: Comparison): Excess =>
  value >= 1
    ? { higher: a, lower: b, ratio: value, ci95: [low, high] }
    : { higher: b, lower: a, ratio: 1 / value, ci95: [1 / high, 1 / low] }

const inPercentMax = 2

/** By how much a ratio is above 1, in percent. */
export const share = (value: number): string => `${fixed((value - 1) * 100, 1)}%`

/** "4.28×", or "8.7% more" where a percentage is clearer. */
export const excessInWords = ({ ratio: value }: Pick<Excess, 'ratio'>): string =>
  value >= inPercentMax ? times(value) : `${share(value)} more`

/** "orchestrated against choreographed: 4.28× (95% interval 4.03 to 4.44)". */
export const comparisonInWords = (comparison: Comparison): string => {
  const excess = excessOf(comparison)
  const [low, high] = excess.ci95.map(excess.ratio >= inPercentMax ? ratio : share)
  return (
    `${excess.higher} against ${excess.lower}: ${excessInWords(excess)} ` +
    `(95% interval ${low ?? ''} to ${high ?? ''})`
  )
}
