import type { Results, ScenarioResults } from '../../results.ts'
import { outcomeMatrix } from '../charts/outcomes.ts'
import {
  type Block,
  type Cell,
  columns,
  details,
  list,
  only,
  paragraph,
  type Row,
  type Section,
  shouldBeNone,
  type Toned,
} from '../document.ts'
import { count, counted, percent } from '../format.ts'
import { type Entrant, entrantsOf, labelled, scenariosInOrder } from '../view.ts'

export const outcomesSection = (results: Results): Section => ({
  id: 'outcomes',
  title: 'Outcomes by scenario and contestant',
  blocks: [
    paragraph(
      'An order ends fulfilled or cleanly rejected within the horizon, else it is stuck; one whose services disagree is ' +
        'inconsistent. A scenario that promises the same outcome demands that every order ends alike in all ' +
        'contestants; one that promises the laws alone does not, since there who comes first wins.' +
        (results.scenarios.some(({ promises }) => promises === 'nothing')
          ? ' What the design does not promise to survive promises nothing: what is lost in it, and why, is said below.'
          : ''),
    ),
    only('html', [{ kind: 'chart', draw: () => outcomeMatrix(results, scenariosInOrder(results)) }]),
    only('markdown', [outcomeTable(results)]),
    promisesTable(results),
    details('What each scenario does', [
      list(scenariosInOrder(results).map(({ id, title, about }) => `${id} (${title}): ${about}`)),
    ]),
    ...violations(results),
  ],
})

const outcomeTable = (results: Results): Block => ({
  kind: 'table',
  caption: labelled(results, 'Outcomes, with their share of all orders'),
  columns: columns('contestant', '#orders', '#fulfilled', '#rejected', '#stuck', '#inconsistent'),
  rows: scenariosInOrder(results).flatMap((scenario) =>
    entrantsOf(results, scenario).map((entrant) => outcomeRow(scenario, entrant)),
  ),
})

const outcomeRow = (scenario: ScenarioResults, { id, result: { orders, outcomes } }: Entrant): Row => ({
  group: scenario.id,
  cells: [
    id,
    count(orders),
    ...(['fulfilled', 'rejected', 'stuck', 'inconsistent'] as const).map(
      (outcome) => `${count(outcomes[outcome])} (${percent(outcomes[outcome], orders)})`,
    ),
  ],
})

const promisesTable = (results: Results): Block => ({
  kind: 'table',
  caption: labelled(results, 'Promises kept'),
  columns: columns('scenario', 'promises', 'same outcome', 'laws'),
  rows: scenariosInOrder(results).map((scenario) => ({
    cells: [
      scenario.id,
      promiseInWords[scenario.promises],
      sameOutcomeCell(scenario),
      lawsCell(results, scenario),
    ],
  })),
})

const promiseInWords: Readonly<Record<ScenarioResults['promises'], string>> = {
  sameOutcome: 'the same outcome and the laws',
  laws: 'the laws',
  nothing: 'nothing',
}

/** Whether every order ended alike, and whether that was promised. */
export const sameOutcomeCell = ({ promises, results, sameOutcome }: ScenarioResults): Toned => {
  if (Object.keys(results).length < 2) return { text: 'nothing to compare', tone: 'quiet' }
  if (sameOutcome.held) return { text: 'held', tone: 'good' }
  const differing = `${counted(sameOutcome.differing, 'order')} differ${sameOutcome.differing === 1 ? 's' : ''}`
  return promises === 'sameOutcome'
    ? { text: `BROKEN: ${differing}`, tone: 'bad' }
    : { text: `${differing}, as it may`, tone: 'warn' }
}

const lawsCell = (results: Results, scenario: ScenarioResults): Cell => {
  const laws = entrantsOf(results, scenario).flatMap(({ result }) => result.laws)
  const broken = laws.filter(({ held }) => !held).length
  if (laws.length === 0) return { text: 'not checked', tone: 'warn' }
  if (broken > 0 && scenario.promises === 'nothing')
    return { text: `${count(broken)} of ${counted(laws.length, 'check')} broken, as it may`, tone: 'warn' }
  return broken === 0
    ? { text: `all ${counted(laws.length, 'check')} held`, tone: 'good' }
    : shouldBeNone(broken, `BROKEN: ${count(broken)} of ${counted(laws.length, 'check')}`)
}

const violations = (results: Results): readonly Block[] => {
  const rows = scenariosInOrder(results).flatMap((scenario) =>
    entrantsOf(results, scenario).flatMap(({ id, result }) =>
      result.laws
        .filter(({ held }) => !held)
        .map(({ law, violations: times, examples }) => ({
          group: scenario.id,
          cells: [law, id, { text: count(times), tone: 'bad' as const }, examples.join(', ')],
        })),
    ),
  )
  return rows.length === 0
    ? []
    : [
        {
          kind: 'table',
          caption: labelled(results, 'Laws that were broken'),
          columns: columns('law', 'contestant', '#violations', 'examples'),
          rows,
        },
      ]
}
