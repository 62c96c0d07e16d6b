import type { Quantiles, Results, ScenarioResults } from '../../results.ts'
import { latencyFigure, latencyMultiples } from '../charts/latency.ts'
import { type Block, columns, details, paragraph, type Row, type Section } from '../document.ts'
import { assumedUnder } from '../evidence.ts'
import { absent, count, ms } from '../format.ts'
import { type Entrant, entrantsOf, isEmulated, labelledValues, scenariosInOrder } from '../view.ts'
import { notComparable } from './comparisons.ts'

export const latencySection = (results: Results): Section => {
  const [first, ...others] = scenariosInOrder(results)
  return {
    id: 'latency',
    title: 'Latency by percentile',
    blocks: [
      paragraph(
        'All from the intended start of an order: acceptance, recorded and completion as explained at a glance; ' +
          'coordination is completion less the time that providers took on the critical path. n counts the orders that ' +
          'got there; those that did not are counted as unfinished.',
      ),
      ...(isEmulated(results) ? [paragraph(notComparable)] : []),
      ...(first === undefined
        ? []
        : [
            { kind: 'chart', draw: () => latencyFigure(results, first) } as const,
            percentileTable(results, first),
          ]),
      ...(others.length === 0
        ? []
        : [
            { kind: 'chart', draw: () => latencyMultiples(results, others) } as const,
            details(
              'Percentiles of the other scenarios',
              others.map((scenario) => percentileTable(results, scenario)),
            ),
          ]),
    ],
  }
}

const percentileTable = (results: Results, scenario: ScenarioResults): Block => ({
  kind: 'table',
  caption: labelledValues(results, `Latency in ms, scenario ${scenario.id}`),
  columns: columns('measure', '#n', '#unfinished', '#p50', '#p90', '#p95', '#p99', '#max'),
  rows: entrantsOf(results, scenario).flatMap((entrant) => percentileRows(results, entrant)),
})

const percentileRows = (results: Results, { id, result: { latencyMs, orders } }: Entrant): readonly Row[] =>
  (['acceptance', 'recorded', 'completion', 'coordination'] as const).map((measure) => {
    const quantiles = latencyMs[measure]
    return {
      group: id,
      cells: [
        `${measure}${assumedWords(results, measure)}`,
        count(quantiles.n),
        count(Math.max(0, orders - quantiles.n)),
        ...percentileCells(quantiles),
      ],
    }
  })

const assumedWords = (results: Results, measure: string): string => {
  const assumed = assumedUnder(results, measure)
  if (assumed === undefined) return ''
  return assumed.isAll ? ' (assumed)' : ' (in part assumed)'
}

const percentileCells = (quantiles: Quantiles): readonly string[] =>
  [quantiles.p50, quantiles.p90, quantiles.p95, quantiles.p99, quantiles.max].map((value) =>
    quantiles.n === 0 ? absent : ms(value),
  )
