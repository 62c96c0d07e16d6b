import type {
  Comparison,
  ContestantInfo,
  ContestantResult,
  ListenerFinding,
  Results,
  ScenarioResults,
} from '../results.ts'
import { usd } from './format.ts'

/** How a figure of this run came to be: the word that stands beside every figure. */
export const labelOf = (results: Results): string =>
  ({ virtual: 'simulated', emulator: 'emulated', aws: 'measured on AWS' })[results.run.runtime]

/** A caption with the label that every figure bears. */
export const labelled = (results: Results, caption: string): string => `${caption} (${labelOf(results)})`

export const isEmulated = ({ run }: Results): boolean => run.runtime === 'emulator'

/**
 * The label of a time or an amount: those of an emulator are its own. Its calls take what they take on one machine, its
 * functions bill what nobody bills, and of some use it does not say how much it was.
 */
export const valueLabelOf = (results: Results): string =>
  isEmulated(results) ? `${labelOf(results)}, not comparable` : labelOf(results)

export const labelledValues = (results: Results, caption: string): string =>
  `${caption} (${valueLabelOf(results)})`

/** Without what would compare times or amounts, where they are not comparable. */
export const comparable = (results: Results): Results =>
  isEmulated(results)
    ? {
        ...results,
        scenarios: results.scenarios.map(({ costCrossings: _, ...scenario }) => ({
          ...scenario,
          comparison: [],
        })),
      }
    : results

/** What a run on real stacks cannot count: nobody outside AWS sees it. */
export const isUnseen = ({ run }: Results): boolean => run.runtime !== 'virtual'

/** USD per million orders; of a run whose calls were not all told, the least that it cost. */
export const costInWords = ({ usdPerMillionOrders, incomplete }: ContestantResult['cost']): string =>
  `${incomplete === true ? '≥' : ''}${usd(usdPerMillionOrders)}`

export const noDifference = 'no difference'

/** The smallest effect that a verdict asks for beside an interval that excludes 1. */
export const effectPercentMin = 2

/** `steady` first, the others as they were run. */
export const scenariosInOrder = (results: Results): readonly ScenarioResults[] => [
  ...results.scenarios.filter(({ id }) => id === 'steady'),
  ...results.scenarios.filter(({ id }) => id !== 'steady'),
]

/** The scenarios whose faults the design promises to survive: what goes wrong in the others breaks no promise. */
export const withPromise = (results: Results): Results => ({
  ...results,
  scenarios: results.scenarios.filter(({ promises }) => promises !== 'nothing'),
})

/** The scenario of the headline: `steady`, else the first that was run. */
export const headlineScenario = (results: Results): ScenarioResults | undefined =>
  scenariosInOrder(results)[0]

/** One contestant's result in one scenario; `place` is its place among all contestants, and picks its colour and dashes. */
export interface Entrant {
  readonly id: string
  readonly title: string
  readonly place: number
  readonly result: ContestantResult
}

export const titleOf = (results: Results, id: string): string =>
  results.contestants.find((contestant) => contestant.id === id)?.title ?? id

/** Who ran in this scenario, in the order of the contestants; one that is not described is known by its id. */
export const entrantsOf = (results: Results, scenario: ScenarioResults): readonly Entrant[] => {
  const ids = contestantIds(results)
  return ids.flatMap((id, place) => {
    const result = scenario.results[id]
    return result === undefined ? [] : [{ id, title: titleOf(results, id), place, result }]
  })
}

/** All contestants by id: those described first, then those that only have results. */
export const contestantIds = (results: Results): readonly string[] => {
  const described = results.contestants.map(({ id }) => id)
  const ran = results.scenarios.flatMap((scenario) => Object.keys(scenario.results))
  return [...new Set([...described, ...ran, ...Object.keys(results.coupling)])]
}

export const stylesOf = (results: Results): ReadonlyMap<string, ContestantInfo['style']> =>
  new Map(results.contestants.map(({ id, style }) => [id, style]))

const metricWords: Readonly<Record<string, string>> = {
  acceptance: 'acceptance time',
  recorded: 'time until recorded',
  completion: 'completion time',
  coordination: 'coordination time',
  cost: 'cost',
}

/** A metric in words; one that is not known is called by its own name. */
export const metricInWords = (metric: string): string =>
  Object.hasOwn(metricWords, metric) ? (metricWords[metric] ?? metric) : metric

/** A verdict in words. */
export const verdictInWords = ({ verdict }: Comparison): string =>
  verdict === noDifference ? noDifference : `${verdict} is lower`

export const excludesOne = ({ ci95: [low, high] }: Comparison): boolean => low > 1 || high < 1

/** What was taken out and never sent says nothing. */
export const isTelling = ({ sent }: ListenerFinding): boolean => sent > 0
