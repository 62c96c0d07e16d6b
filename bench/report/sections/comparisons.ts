import type { Comparison, Results, ScenarioResults } from '../../results.ts'
import { type Block, columns, details, paragraph, type Row, type Section } from '../document.ts'
import { interval, ratio } from '../format.ts'
import {
  effectPercentMin,
  excludesOne,
  labelled,
  metricInWords,
  noDifference,
  scenariosInOrder,
  verdictInWords,
} from '../view.ts'

export const comparisonsSection = (results: Results): Section => ({
  id: 'comparisons',
  title: 'Comparisons with intervals',
  blocks: [
    paragraph(
      'Each ratio is a ÷ b: the median of the ratios paired by order; for cost, of the totals. A verdict needs the ' +
        `interval to exclude 1 and an effect of at least ${effectPercentMin}%; anything less is no difference.`,
    ),
    paragraph(
      'The interval is sampling error only: a seeded bootstrap over a bounded sample of orders. It says how far another ' +
        'sample of orders could move the ratio. It says nothing of latencies or prices that are wrong or old, of another ' +
        'load, or of another design.',
    ),
    ...scenariosInOrder(results).map((scenario) =>
      details(`${scenario.id}: ${scenario.title}`, [comparisonTable(results, scenario, 'Comparisons')]),
    ),
  ],
})

/** Every comparison of a scenario, with its interval and verdict. */
export const comparisonTable = (results: Results, scenario: ScenarioResults, caption: string): Block =>
  scenario.comparison.length === 0
    ? paragraph(`Scenario ${scenario.id} compares nothing: there is no pair of contestants.`)
    : {
        kind: 'table',
        caption: labelled(results, `${caption}, scenario ${scenario.id}`),
        columns: columns('metric', 'a', 'b', '#ratio a ÷ b', '#95% interval', 'verdict'),
        rows: scenario.comparison.map(comparisonRow),
      }

const comparisonRow = (comparison: Comparison): Row => ({
  cells: [
    metricInWords(comparison.metric),
    comparison.a,
    comparison.b,
    ratio(comparison.ratio),
    interval(comparison.ci95),
    verdictCell(comparison),
  ],
})

const verdictCell = (comparison: Comparison) => {
  if (comparison.verdict !== noDifference) return verdictInWords(comparison)
  const small = excludesOne(comparison) ? ` (under ${effectPercentMin}%)` : ''
  return { text: `${noDifference}${small}`, tone: 'quiet' as const }
}
