import type { ContestantResult, Results } from '../../results.ts'
import type { Item } from '../document.ts'
import { isGrounded } from '../evidence.ts'
import { count, counted, interval, listed, times } from '../format.ts'
import {
  effectPercentMin,
  excludesOne,
  isUnseen,
  labelOf,
  metricInWords,
  noDifference,
  scenariosInOrder,
  withPromise,
} from '../view.ts'
import { noStyles } from './styles.ts'
import { byMetric, capital, eachResult, grouped, headlineComparisons, sentence, where } from './words.ts'

/** What was looked for and is not there. */
export const notFound = (results: Results): readonly Item[] => [
  ...nothingBroken(withPromise(results)),
  ...noDifferences(results),
  ...quietRuns(results),
  ...noStyles(results),
]

const nothingBroken = (results: Results): readonly Item[] => {
  const all = eachResult(results, (_scenario, { result }) => [result])
  if (all.length === 0) return []
  const sum = (pick: (result: ContestantResult) => number) =>
    all.reduce((total, result) => total + pick(result), 0)
  const lost = sum(({ outcomes }) => outcomes.stuck + outcomes.inconsistent)
  const broken = sum(({ laws }) => laws.filter(({ held }) => !held).length)
  const checked = sum(({ laws }) => laws.length)
  return [
    ...(lost === 0
      ? [
          sentence(
            `A stuck or an inconsistent order: none among ${count(sum(({ orders }) => orders))} in ` +
              `${counted(results.scenarios.length, 'scenario')}, all contestants together (${labelOf(results)}).`,
          ),
        ]
      : []),
    ...(broken === 0 && checked > 0
      ? [
          sentence(
            `A broken law: all ${counted(checked, 'check')} of the business laws held (${labelOf(results)}).`,
          ),
        ]
      : []),
    ...sameOutcomes(results),
  ]
}

const sameOutcomes = (results: Results): readonly Item[] => {
  const promised = scenariosInOrder(results).filter(({ promises }) => promises === 'sameOutcome')
  const compared = promised.filter((scenario) => Object.keys(scenario.results).length > 1)
  return compared.length > 0 && compared.every(({ sameOutcome }) => sameOutcome.held)
    ? [
        sentence(
          `A difference in business outcomes: in ${listed(compared.map(({ id }) => id))}, every order ended alike in all ` +
            `contestants (${labelOf(results)}).`,
        ),
      ]
    : []
}

const noDifferences = (results: Results): readonly Item[] =>
  byMetric(
    headlineComparisons(results).filter(
      ({ metric, verdict }) => verdict === noDifference && isGrounded(results, metric),
    ),
  ).flatMap(([metric, comparisons]) =>
    grouped(
      `A difference in ${metricInWords(metric)} (${where(results)}):`,
      comparisons.map(
        (comparison) =>
          `no difference between ${comparison.a} and ${comparison.b} ` +
          `(${times(comparison.ratio)}, 95% interval ${interval(comparison.ci95)}` +
          `${excludesOne(comparison) ? `, which excludes 1; but a verdict asks for ${effectPercentMin}%` : ''}).`,
      ),
    ),
  )

const quietRuns = (results: Results): readonly Item[] => {
  if (isUnseen(results)) return []
  const none = (pick: (result: ContestantResult) => number) =>
    eachResult(results, (_scenario, { result }) => [pick(result)]).every((value) => value === 0)
  const quiet = [
    ...(none(({ reliability }) => reliability.deadLettered) ? ['a dead-lettered message'] : []),
    ...(none(({ reliability }) => reliability.throttled) ? ['a throttled call'] : []),
    ...(none(({ reliability }) => reliability.unmatchedEvents) ? ['an event that no rule matched'] : []),
  ]
  return results.scenarios.length === 0 || quiet.length === 0
    ? []
    : [sentence(`${capital(quiet.join(', or '))}: none in any scenario (${labelOf(results)}).`)]
}
