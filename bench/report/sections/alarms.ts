import type { ContestantResult, Results, ScenarioResults } from '../../results.ts'
import { type Block, type Cell, columns, details, paragraph, type Row, shouldBeNone } from '../document.ts'
import { count, span } from '../format.ts'
import { type Entrant, entrantsOf, labelled, scenariosInOrder } from '../view.ts'

type Alarms = NonNullable<ContestantResult['alarms']>
type Severity = Alarms['rang'][number]['severity']

/** "What rang, and when", of the scenarios with faults; nothing where no alarm was watched. */
export const alarmBlocks = (results: Results): readonly Block[] => {
  const disturbed = disturbedScenarios(results)
  if (disturbed.length === 0) return []
  return [
    { kind: 'heading', text: 'What rang, and when' },
    paragraph(
      "The alarms of each stack's own template, in virtual time: minute by minute, each by its own statistic, period and " +
        'threshold. A page says that an order is stuck until somebody acts, a ticket that orders are late or that a cause ' +
        'grows. Times are from the beginning of the first fault to the end of the minute after which the alarm rang, ' +
        "without CloudWatch's own delay. An alarm that rings for the same orders undisturbed as well is no sign of a fault: " +
        'it counts among those that rang, and not as the first.',
    ),
    details('The alarms that told of a fault first', [detectionTable(results, disturbed)]),
    details('Every alarm that rang', [rangTable(results, disturbed)]),
  ]
}

/** The scenarios with faults whose alarms were watched. */
const disturbedScenarios = (results: Results): readonly ScenarioResults[] =>
  scenariosInOrder(results).filter(
    ({ faults, results: own }) =>
      faults.length > 0 && Object.values(own).some(({ alarms }) => alarms !== undefined),
  )

const detectionTable = (results: Results, scenarios: readonly ScenarioResults[]): Block => ({
  kind: 'table',
  caption: labelled(results, 'Time to detect, by scenario and contestant'),
  columns: columns('contestant', 'first ticket', 'first page', '#rang', '#not ended well', '#of them untold'),
  rows: scenarios.flatMap((scenario) =>
    entrantsOf(results, scenario).flatMap((entrant) => detectionRows(scenario, entrant)),
  ),
})

const detectionRows = (
  scenario: ScenarioResults,
  { id, result: { alarms, outcomes } }: Entrant,
): readonly Row[] => {
  if (alarms === undefined) return []
  const unwell = outcomes.stuck + outcomes.inconsistent
  const { orders } = alarms.untold
  return [
    {
      group: scenario.id,
      cells: [
        id,
        detectionCell(alarms, 'ticket'),
        detectionCell(alarms, 'page'),
        `${count(alarms.rang.length)} of ${count(alarms.watching)}`,
        count(unwell),
        shouldBeNone(orders, count(orders)),
      ],
    },
  ]
}

const detectionCell = ({ detected }: Alarms, severity: Severity): Cell => {
  const detection = detected[severity]
  return detection === undefined
    ? { text: 'none', tone: 'quiet' }
    : `after ${span(detection.afterMs)}: ${detection.alarm}`
}

/** One row for all that say the same: the results name each. */
const rangTable = (results: Results, scenarios: readonly ScenarioResults[]): Block => ({
  kind: 'table',
  caption: labelled(results, 'Alarms that rang, from the first order'),
  columns: columns(
    'says',
    'severity',
    'contestant',
    '#alarms',
    '#undisturbed too',
    'first after',
    '#times',
    '#still at the end',
  ),
  rows: scenarios.flatMap((scenario) =>
    entrantsOf(results, scenario).flatMap(({ id, result }) =>
      [...bySaying(result.alarms?.rang ?? [])].map(
        ([says, rang]): Row => ({
          group: scenario.id,
          cells: [
            says,
            rang[0]?.severity ?? '',
            id,
            count(rang.length),
            count(rang.filter(({ undisturbed }) => undisturbed === true).length),
            span(Math.min(...rang.map(({ firstMs }) => firstMs))),
            count(rang.reduce((sum, { times }) => sum + times, 0)),
            count(rang.filter(({ atEnd }) => atEnd).length),
          ],
        }),
      ),
    ),
  ),
})

const bySaying = (rang: Alarms['rang']): ReadonlyMap<string, Alarms['rang']> => {
  const alike = new Map<string, Alarms['rang']>()
  for (const each of rang) alike.set(each.says, [...(alike.get(each.says) ?? []), each])
  return alike
}
