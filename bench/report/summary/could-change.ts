import type { Comparison, Results } from '../../results.ts'
import type { Item } from '../document.ts'
import { figureName, isGrounded, vintageBounds, vintageOf } from '../evidence.ts'
import { count, counted, interval, listed, percent, usd } from '../format.ts'
import { labelOf, metricInWords, noDifference, scenariosInOrder } from '../view.ts'
import {
  capital,
  grouped,
  headlineComparisons,
  headlineEntrants,
  sentence,
  where,
  whereValues,
} from './words.ts'

/** What another run, another load or better figures could change. */
export const couldChange = (results: Results): readonly Item[] => [
  ...vintages(results),
  ...weakFigures(results),
  ...idleShares(results),
  ...coldShares(results),
  theRunItself(results),
]

/** Verdicts that another scenario turns, and those that are close. */
export const unsteadyVerdicts = (results: Results): readonly Item[] => [
  ...turnedVerdicts(results),
  ...closeVerdicts(results),
]

const groundedComparisons = (results: Results): readonly Comparison[] =>
  headlineComparisons(results).filter(({ metric }) => isGrounded(results, metric))

const vintages = (results: Results): readonly Item[] => {
  const vintage = vintageOf(results, 'completion')
  return vintage === undefined
    ? []
    : [
        sentence(
          `The dates of the sources. The hops that decide completion were not measured together: ` +
            `${listed(vintage.hops.map(({ hop, month }) => `${hop} ${month}`))}. A difference of ` +
            `${vintageBounds()} lies within that; an interval is sampling error only.`,
        ),
      ]
}

const namedFiguresMax = 12

const weakFigures = (results: Results): readonly Item[] => {
  const weak = results.figures.filter(({ confidence }) => confidence === 'L' || confidence === 'assumption')
  if (weak.length === 0) return []
  const names = weak.slice(0, namedFiguresMax).map(figureName)
  const more = weak.length - names.length
  return [
    sentence(
      `Better figures. ${count(weak.length)} of the ${counted(results.figures.length, 'figure')} that went in are weakly ` +
        `sourced or assumed: ${listed(more > 0 ? [...names, `${count(more)} more`] : names)}.`,
    ),
  ]
}

const idleShares = (results: Results): readonly Item[] => {
  const shares = headlineEntrants(results).flatMap(({ id, result: { cost } }) => {
    const standing = cost.standingUsdPerMonth ?? 0
    return standing > 0 ? [`${usd(standing)} of ${id}`] : []
  })
  return shares.length === 0
    ? []
    : [
        sentence(
          'The volume. Alarms, dashboards and idle polling are paid by the month and not by the order, so with fewer orders their ' +
            `share of the cost grows: ${listed(shares)} a month (${whereValues(results)}).`,
        ),
      ]
}

const coldShares = (results: Results): readonly Item[] => {
  const shares = headlineEntrants(results)
    .filter(({ result }) => result.coldStarts.ordersTouched > 0)
    .map(({ id, result: { coldStarts, orders } }) => `${percent(coldStarts.ordersTouched, orders)} of ${id}`)
  return shares.length === 0
    ? []
    : [
        sentence(
          `Cold starts. They touched these shares of the orders: ${listed(shares)} (${where(results)}).`,
        ),
      ]
}

/** Where another scenario turns the headline's verdict: the load decides, not the design alone. */
const turnedVerdicts = (results: Results): readonly Item[] => {
  const [headline, ...others] = scenariosInOrder(results)
  const turned = groundedComparisons(results).flatMap((first) => {
    const scenarios = others.filter((scenario) =>
      scenario.comparison.some(
        ({ metric, a, b, verdict }) =>
          metric === first.metric && a === first.a && b === first.b && verdict !== first.verdict,
      ),
    )
    return scenarios.length === 0
      ? []
      : [
          `${capital(metricInWords(first.metric))} of ${first.a} against ${first.b}: ` +
            `${listed(scenarios.map(({ id }) => id))}.`,
        ]
  })
  return grouped(
    `The scenario. These give another verdict than ${headline?.id ?? ''} (${labelOf(results)}):`,
    turned,
  )
}

/** A verdict is close when its interval comes this near to 1. */
const closePercent = 5

const closeVerdicts = (results: Results): readonly Item[] =>
  grouped(
    `Chance. These verdicts are close: their interval comes within ${closePercent}% of 1 (${where(results)}):`,
    groundedComparisons(results)
      .filter(
        ({ verdict, ci95 }) =>
          verdict !== noDifference && ci95.some((bound) => Math.abs(bound - 1) < closePercent / 100),
      )
      .map(
        ({ metric, a, b, ci95 }) =>
          `${capital(metricInWords(metric))} of ${a} against ${b}: 95% interval ${interval(ci95)}.`,
      ),
  )

const theRunItself = ({ run }: Results): Item =>
  sentence(
    `Another run. This is one seed (${run.seed}), one workload (${run.workload.source}) and one region (${run.region}); ` +
      'the intervals cover sampling error alone, and nothing of what is wrong with the figures that went in.',
  )
