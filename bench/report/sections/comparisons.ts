import type { Comparison, Results, ScenarioResults } from '../../results.ts'
import { type Block, type Cell, columns, details, paragraph, type Row, type Section } from '../document.ts'
import { assumedUnder, isGrounded, isWithinVintage, vintageBounds, vintageOf } from '../evidence.ts'
import { interval, listed, times } from '../format.ts'
import {
  effectPercentMin,
  excludesOne,
  isEmulated,
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
    ...vintageNote(results),
    ...assumptionNote(results),
    ...scenariosInOrder(results).map((scenario) =>
      details(`${scenario.id}: ${scenario.title}`, [comparisonTable(results, scenario, 'Comparisons')]),
    ),
  ],
})

const vintageNote = (results: Results): readonly Block[] => {
  const vintage = vintageOf(results, 'completion')
  return vintage === undefined
    ? []
    : [
        paragraph(
          `Completion and coordination rest on hops that were measured at different times, from ${vintage.from} to ` +
            `${vintage.to}. A difference of ${vintageBounds()} lies within that, however narrow its interval.`,
        ),
      ]
}

/** What is said of the metrics whose ratios are those of assumptions. */
export const assumptionNote = (results: Results): readonly Block[] => {
  const metrics = [
    ...new Set(results.scenarios.flatMap(({ comparison }) => comparison.map(({ metric }) => metric))),
  ].filter((metric) => !isGrounded(results, metric))
  return metrics.length === 0
    ? []
    : [
        paragraph(
          `The rows of ${listed(metrics.map(metricInWords))} stand last in each pair: they rest on assumed latencies, which no ` +
            'source publishes. Their ratios are those of the assumptions, and no findings.',
        ),
      ]
}

/** Every comparison of a scenario, with its interval, verdict and what it rests on; those of assumptions come last. */
export const comparisonTable = (results: Results, scenario: ScenarioResults, caption: string): Block =>
  scenario.comparison.length === 0
    ? paragraph(
        isEmulated(results)
          ? notComparable
          : `Scenario ${scenario.id} compares nothing: there is no pair of contestants.`,
      )
    : {
        kind: 'table',
        caption: labelled(results, `${caption}, scenario ${scenario.id}`),
        columns: columns('metric', '#ratio', '#95% interval', 'verdict', 'rests on'),
        rows: byPair(scenario.comparison, results).map((comparison) => comparisonRow(results, comparison)),
      }

/** Pair by pair, and in each pair the findings before the ratios of assumptions. */
const byPair = (comparisons: readonly Comparison[], results: Results): readonly Comparison[] => {
  const pairs = [...new Set(comparisons.map(pairOf))]
  return pairs.flatMap((pair) => {
    const own = comparisons.filter((comparison) => pairOf(comparison) === pair)
    return [true, false].flatMap((grounded) =>
      own.filter(({ metric }) => isGrounded(results, metric) === grounded),
    )
  })
}

const pairOf = ({ a, b }: Comparison): string => `${a} ÷ ${b}`

const comparisonRow = (results: Results, comparison: Comparison): Row => ({
  group: pairOf(comparison),
  cells: [
    metricInWords(comparison.metric),
    times(comparison.ratio),
    interval(comparison.ci95),
    verdictCell(results, comparison),
    groundCell(results, comparison.metric),
  ],
})

/** In place of verdicts on what an emulator took. */
export const notComparable =
  "No verdicts: times and amounts of an emulator are not comparable. Its latencies are its own, not AWS's, and of what AWS " +
  'would bill some units are not known here. What it shows are outcomes, laws and the calls that were made.'

const verdictCell = (results: Results, comparison: Comparison): Cell => {
  const { metric, verdict, ratio } = comparison
  if (verdict !== noDifference && !isGrounded(results, metric))
    return { text: `${verdictInWords(comparison)}, if assumed so`, tone: 'quiet' }
  if (verdict !== noDifference)
    return isWithinVintage(results, metric, ratio)
      ? { text: `${verdictInWords(comparison)}, within the sources' dates`, tone: 'quiet' }
      : verdictInWords(comparison)
  const small = excludesOne(comparison) ? ` (under ${effectPercentMin}%)` : ''
  return { text: `${noDifference}${small}`, tone: 'quiet' as const }
}

const groundCell = (results: Results, metric: string): Cell => {
  const assumed = assumedUnder(results, metric)
  if (assumed !== undefined)
    return { text: `assumed${assumed.isAll ? '' : ' in part'}: ${listed(assumed.hops)}`, tone: 'warn' }
  return {
    text: metric === 'cost' ? 'counted use, list prices' : latencyGround(results, metric),
    tone: 'quiet',
  }
}

const latencyGround = (results: Results, metric: string): string => {
  const vintage = vintageOf(results, metric)
  return vintage === undefined ? 'measured latencies' : `latencies of ${vintage.from} to ${vintage.to}`
}
