import type { ContestantResult, Results } from '../../results.ts'
import { type Cell, columns, paragraph, type Row, type Section, shouldBeNone } from '../document.ts'
import { absent, count } from '../format.ts'
import { entrantsOf, isUnseen, labelled, scenariosInOrder } from '../view.ts'

export const reliabilitySection = (results: Results): Section => ({
  id: 'reliability',
  title: 'Reliability counts',
  blocks: [
    paragraph(
      'What happened on the way to those outcomes. Retries, crashes, duplicates and conflicts are survived by design; a ' +
        'dead-lettered message waits for an operator, an overdue order was found late by its deadline, and an unmatched ' +
        'event was published though no rule wanted it.',
    ),
    {
      kind: 'table',
      caption: labelled(results, 'Reliability counts by scenario and contestant'),
      columns: columns(
        'contestant',
        '#dead-lettered',
        '#overdue',
        '#retries',
        '#throttled',
        '#crashes',
        '#duplicates delivered',
        '#transaction conflicts',
        '#unmatched events',
        '#cold of invocations',
        '#orders touched by a cold start',
      ),
      rows: scenariosInOrder(results).flatMap((scenario) =>
        entrantsOf(results, scenario).map(
          ({ id, result }): Row => ({
            group: scenario.id,
            cells: [id, ...reliabilityCells(result, isUnseen(results))],
          }),
        ),
      ),
    },
  ],
})

const reliabilityCells = (
  { reliability, coldStarts }: ContestantResult,
  isPartUnseen: boolean,
): readonly Cell[] => [
  shouldBeNone(reliability.deadLettered, count(reliability.deadLettered)),
  count(reliability.overdue),
  count(reliability.retries),
  isPartUnseen ? absent : count(reliability.throttled),
  count(reliability.crashes),
  count(reliability.duplicatesDelivered),
  count(reliability.transactionConflicts),
  isPartUnseen ? absent : count(reliability.unmatchedEvents),
  `${count(coldStarts.cold)} of ${count(coldStarts.invocations)}`,
  count(coldStarts.ordersTouched),
]
