import type { Quantiles, Results, ScenarioResults } from '../../results.ts'
import { latencyFigure, latencyMultiples } from '../charts/latency.ts'
import { type Block, columns, details, paragraph, type Row, type Section } from '../document.ts'
import { absent, count, ms } from '../format.ts'
import { type Entrant, entrantsOf, labelled, scenariosInOrder } from '../view.ts'

export const latencySection = (results: Results): Section => {
  const [first, ...others] = scenariosInOrder(results)
  return {
    id: 'latency',
    title: 'Latency by percentile',
    blocks: [
      paragraph(
        'From the intended start of an order: accepted (the front door answered and the caller may go on), recorded (the ' +
          'order service saved it), completed (the terminal fact is out, be it fulfilled or rejected). Coordination is ' +
          'completion less the time that providers took on the critical path. n counts the orders that got there; ' +
          'those that did not are counted as unfinished.',
      ),
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
  caption: labelled(results, `Latency in ms, scenario ${scenario.id}`),
  columns: columns('measure', '#n', '#unfinished', '#p50', '#p90', '#p95', '#p99', '#max'),
  rows: entrantsOf(results, scenario).flatMap(percentileRows),
})

const percentileRows = ({ id, result: { latencyMs, orders } }: Entrant): readonly Row[] =>
  (['acceptance', 'recorded', 'completion', 'coordination'] as const).map((measure) => {
    const quantiles = latencyMs[measure]
    return {
      group: id,
      cells: [
        measure,
        count(quantiles.n),
        count(Math.max(0, orders - quantiles.n)),
        ...percentileCells(quantiles),
      ],
    }
  })

const percentileCells = (quantiles: Quantiles): readonly string[] =>
  [quantiles.p50, quantiles.p90, quantiles.p95, quantiles.p99, quantiles.max].map((value) =>
    quantiles.n === 0 ? absent : ms(value),
  )
