import type { Results, ScenarioResults } from '../../results.ts'
import type { Item } from '../document.ts'
import { count, counted, listed } from '../format.ts'
import { type Entrant, labelOf, scenariosInOrder, withPromise } from '../view.ts'
import { eachResult, grouped } from './words.ts'

const forInstance = (examples: readonly string[]): string =>
  examples.length === 0 ? '' : `, for instance ${listed(examples)}`

/** What went against a law or a promise: it stands before everything else. */
export const brokenPromises = (results: Results): readonly Item[] => {
  const broken = [
    ...eachResult(withPromise(results), brokenBy),
    ...scenariosInOrder(results)
      .filter(({ promises, sameOutcome }) => promises === 'sameOutcome' && !sameOutcome.held)
      .map(
        ({ id, sameOutcome: { differing, examples } }) =>
          `${id}: ${counted(differing, 'order')} ended differently in different contestants${forInstance(examples)}.`,
      ),
  ]
  return grouped(
    `BROKEN PROMISES (${labelOf(results)}). Until they are mended, no other figure here should decide anything. ` +
      `Repeat them with: ${results.run.command}`,
    broken,
  )
}

const brokenBy = ({ id }: ScenarioResults, { title, result }: Entrant): readonly string[] => {
  const { laws, outcomes, orders } = result
  const lost = outcomes.stuck + outcomes.inconsistent
  return [
    ...laws
      .filter(({ held }) => !held)
      .map(
        ({ law, violations, examples }) =>
          `${id}, ${title}: the law "${law}" was broken ${counted(violations, 'time')}${forInstance(examples)}.`,
      ),
    ...(lost > 0
      ? [
          `${id}, ${title}: ${counted(outcomes.stuck, 'order')} stuck and ${count(outcomes.inconsistent)} inconsistent ` +
            `of ${count(orders)}.`,
        ]
      : []),
  ]
}
