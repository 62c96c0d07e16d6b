import type { ContestantResult, FaultEffect, Results, ScenarioResults } from '../../results.ts'
import { contestantIds, scenariosInOrder, stylesOf } from '../view.ts'
import { byDifference, type Difference, differenceOf } from './difference.ts'

export interface MatrixColumn {
  readonly id: string
  /** None of a contestant that is not described. */
  readonly style: string | undefined
}

export interface MatrixRow {
  readonly scenario: ScenarioResults
  /** None where fewer than two styles were run. */
  readonly difference: Difference | undefined
}

/** The contestants whose faults were held against undisturbed runs, those of one style beside each other. */
export const matrixColumns = (results: Results): readonly MatrixColumn[] => {
  const styles = stylesOf(results)
  const columns = contestantIds(results)
    .filter((id) => results.scenarios.some((scenario) => effectIn(scenario, id) !== undefined))
    .map((id) => ({ id, style: styles.get(id) }))
  const order = [...new Set(columns.map(({ style }) => style))]
  return order.flatMap((style) => columns.filter((column) => column.style === style))
}

/** The scenarios whose faults were held against undisturbed runs: where the styles differ most comes first. */
export const matrixRows = (results: Results): readonly MatrixRow[] => {
  const columns = matrixColumns(results)
  const isComparison = new Set(columns.map(({ style }) => style)).size > 1
  const rows = scenariosInOrder(results)
    .filter(({ results: own }) => Object.values(own).some(({ effect }) => effect !== undefined))
    .map((scenario) => ({
      scenario,
      difference: isComparison ? differenceIn(scenario, columns) : undefined,
    }))
  return rows.toSorted(({ difference: one }, { difference: other }) =>
    one === undefined || other === undefined ? 0 : byDifference(one, other),
  )
}

const differenceIn = (scenario: ScenarioResults, columns: readonly MatrixColumn[]): Difference =>
  differenceOf(
    columns.flatMap(({ id, style }) => {
      const result = resultIn(scenario, id)
      return result?.effect === undefined || style === undefined
        ? []
        : [{ style, effect: result.effect, result }]
    }),
  )

export const resultIn = ({ results }: ScenarioResults, id: string): ContestantResult | undefined =>
  Object.hasOwn(results, id) ? results[id] : undefined

const effectIn = (scenario: ScenarioResults, id: string): FaultEffect | undefined =>
  resultIn(scenario, id)?.effect
