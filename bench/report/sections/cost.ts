import type { CostLine, Results, ScenarioResults } from '../../results.ts'
import { costFigure } from '../charts/cost.ts'
import { type Block, columns, details, paragraph, type Row, type Section } from '../document.ts'
import { absent, count, units, usd } from '../format.ts'
import {
  costInWords,
  type Entrant,
  entrantsOf,
  isEmulated,
  labelledValues,
  scenariosInOrder,
} from '../view.ts'
import { notComparable } from './comparisons.ts'

const costKinds = ['work', 'idle', 'observability'] as const

/** What becomes of the alarms, the dashboards and the receives that found nothing. */
export const paidByTime = ({ run }: Results): string =>
  run.runtime === 'virtual'
    ? 'here it is spread over the orders of the run'
    : 'a run on real stacks cannot see it, and none of it is in any amount'

export const costSection = (results: Results): Section => {
  const [first, ...others] = scenariosInOrder(results)
  return {
    id: 'cost',
    title: 'Cost by line',
    blocks: [
      paragraph(
        'USD per million orders at list price, from metered use: calls, transitions, deliveries, GB-seconds and table ' +
          'units. Work is what orders cause; idle is polling that is paid whether or not an order comes; observability is ' +
          `logs, alarms and dashboards. All but work and logs is paid by time: ${paidByTime(results)}.`,
      ),
      ...(isEmulated(results) ? [paragraph(notComparable)] : []),
      ...(first === undefined
        ? []
        : [
            { kind: 'chart', draw: () => costFigure(results, first) } as const,
            kindTable(results, first),
            lineTable(results, first),
            ...monthlyBlocks(results, first),
          ]),
      ...(others.length === 0
        ? []
        : [
            details(
              'Cost by line in the other scenarios',
              others.map((scenario) => lineTable(results, scenario)),
            ),
          ]),
    ],
  }
}

/** What the lines of one kind cost together, USD per million orders. */
const costOfKind = ({ result }: Entrant, kind: CostLine['kind']): number =>
  result.cost.lines
    .filter((line) => line.kind === kind)
    .reduce((total, { usdPerMillionOrders }) => total + usdPerMillionOrders, 0)

/** What a month costs at different volumes, standing cost included, and where one contestant overtakes another. */
const monthlyBlocks = (results: Results, scenario: ScenarioResults): readonly Block[] => {
  const entrants = entrantsOf(results, scenario).filter(({ result }) => result.cost.monthly !== undefined)
  const [first] = entrants
  if (first === undefined) return []
  const volumes = (first.result.cost.monthly ?? []).map(({ orders }) => orders)
  return [
    {
      kind: 'table',
      caption: labelledValues(results, `Cost in USD per month by volume, scenario ${scenario.id}`),
      columns: columns('contestant', '#standing', ...volumes.map((orders) => `#${count(orders)} orders`)),
      rows: entrants.map(({ id, result: { cost } }) => ({
        cells: [
          id,
          cost.standingUsdPerMonth === undefined ? absent : usd(cost.standingUsdPerMonth),
          ...volumes.map((volume) => {
            const month = cost.monthly?.find(({ orders }) => orders === volume)
            return month === undefined ? absent : usd(month.usd)
          }),
        ],
      })),
    },
    paragraph(
      `Standing is paid with no order at all: alarms, dashboards, and pollers that find nothing. ${
        crossingsInWords(scenario) || 'At every volume the same contestant is the cheaper one.'
      }`,
    ),
  ]
}

/** "Above about 37,000 orders a month choreographed is cheaper than orchestrated, below it dearer." */
export const crossingsInWords = ({ costCrossings = [] }: ScenarioResults): string =>
  costCrossings
    .map(
      ({ ordersPerMonth, cheaperAbove, cheaperBelow }) =>
        `Above about ${count(Number(ordersPerMonth.toPrecision(2)))} orders a month ${cheaperAbove} is cheaper than ${cheaperBelow}, below it dearer.`,
    )
    .join(' ')

const kindTable = (results: Results, scenario: ScenarioResults): Block => ({
  kind: 'table',
  caption: labelledValues(results, `Cost in USD per million orders, scenario ${scenario.id}`),
  columns: columns('contestant', ...costKinds.map((kind) => `#${kind}`), '#total'),
  rows: entrantsOf(results, scenario).map((entrant) => ({
    cells: [
      entrant.id,
      ...costKinds.map((kind) => usd(costOfKind(entrant, kind))),
      costInWords(entrant.result.cost),
    ],
  })),
})

/** Every line once, with each contestant's units an order and USD per million orders beside each other. */
const lineTable = (results: Results, scenario: ScenarioResults): Block => {
  const entrants = entrantsOf(results, scenario)
  return {
    kind: 'table',
    caption: labelledValues(results, `Cost by line, scenario ${scenario.id}`),
    columns: columns('line', ...entrants.flatMap(() => ['#units an order', '#USD per million'])),
    spans: entrants.map(({ id }) => ({ label: id, columns: 2 })),
    rows: costKinds.flatMap((kind) => linesOf(entrants, kind)),
  }
}

const linesOf = (entrants: readonly Entrant[], kind: CostLine['kind']): readonly Row[] => {
  const nameOf = ({ service, meter, part }: CostLine) =>
    `${service}: ${meter}${part === undefined ? '' : `, ${part}`}`
  const ofKind = (entrant: Entrant) => entrant.result.cost.lines.filter((line) => line.kind === kind)
  const names = [...new Set(entrants.flatMap((entrant) => ofKind(entrant).map(nameOf)))]
  return names.map((name) => ({
    group: kind,
    cells: [
      name,
      ...entrants.flatMap((entrant) => {
        const lines = ofKind(entrant).filter((line) => nameOf(line) === name)
        if (lines.length === 0) return [absent, absent]
        const sum = (pick: (line: CostLine) => number) => lines.reduce((total, line) => total + pick(line), 0)
        return [units(sum((line) => line.unitsPerOrder)), usd(sum((line) => line.usdPerMillionOrders))]
      }),
    ],
  }))
}
