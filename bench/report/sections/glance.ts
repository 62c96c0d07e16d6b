import type { Results, ScenarioResults } from '../../results.ts'
import { crashScenario, type Glance, glanceFigure, glancesOf } from '../charts/glance.ts'
import {
  type Block,
  columns,
  list,
  only,
  paragraph,
  type Row,
  type Section,
  shouldBeNone,
} from '../document.ts'
import { absent, count, ms } from '../format.ts'
import { headlineScenario, labelledValues } from '../view.ts'

/** What stands first: each contestant's cost, time and outcomes in one look, and what the times mean. */
export const glanceSection = (results: Results): Section => {
  const scenario = headlineScenario(results)
  return {
    id: 'glance',
    title: 'At a glance',
    blocks:
      scenario === undefined
        ? [paragraph('No scenario was run.')]
        : [
            only('html', [{ kind: 'chart', draw: () => glanceFigure(results, scenario) }]),
            only('markdown', [glanceTable(results, scenario)]),
            list(meanings),
          ],
  }
}

/** Said where the reader meets the words first. */
const meanings = [
  'Completion: from the intended start of an order until its terminal fact is out, be it fulfilled or rejected. ' +
    'Coordination: completion less the time that providers (gateway, carrier) took on the way.',
  'Acceptance: until the front door has answered and the caller may go on. Recorded: until the order service has ' +
    'saved the order. Both count from the intended start too.',
]

const glanceTable = (results: Results, scenario: ScenarioResults): Block => {
  const crash = crashScenario(results)
  const hasUnpromised = results.scenarios.some(({ promises }) => promises === 'nothing')
  return {
    kind: 'table',
    caption: labelledValues(results, `Each contestant, scenario ${scenario.id} where no other is named`),
    columns: columns(
      'contestant',
      'what it is',
      '#USD per million orders',
      '#completion p50 ms',
      '#completion p99 ms',
      ...(crash === undefined ? [] : [`#completion p99 ms, ${crash.id}`]),
      `#stuck or inconsistent, all scenarios${hasUnpromised ? ', those included that promise nothing' : ''}`,
      '#producer fails unheard',
    ),
    rows: glancesOf(results, scenario).map((glance) => glanceRow(glance, crash !== undefined)),
  }
}

const glanceRow = ({ id, title, ...glance }: Glance, hasCrash: boolean): Row => ({
  cells: [
    id,
    title,
    glance.cost,
    msOrAbsent(glance.completion?.p50),
    msOrAbsent(glance.completion?.p99),
    ...(hasCrash ? [msOrAbsent(glance.crashP99)] : []),
    shouldBeNone(glance.lost, count(glance.lost)),
    glance.unheard === undefined
      ? absent
      : `${count(glance.unheard.producerFails)} of ${count(glance.unheard.types)} message types`,
  ],
})

const msOrAbsent = (value: number | undefined): string => (value === undefined ? absent : ms(value))
