import type { ContestantResult, Results } from '../../results.ts'
import { type Cell, columns, paragraph, type Row, type Section, shouldBeNone } from '../document.ts'
import { absent, count } from '../format.ts'
import { entrantsOf, isUnseen, labelled, scenariosInOrder } from '../view.ts'
import { alarmBlocks } from './alarms.ts'

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
    ...alarmBlocks(results),
  ],
})

/** Of a run on real stacks only what functions and histories tell is counted. */
const reliabilityCells = (
  { reliability, coldStarts }: ContestantResult,
  isPartUnseen: boolean,
): readonly Cell[] => {
  const unlessUnseen = (value: number): string => (isPartUnseen ? absent : count(value))
  const { deadLettered } = reliability
  return [
    isPartUnseen ? absent : shouldBeNone(deadLettered, count(deadLettered)),
    count(reliability.overdue),
    count(reliability.retries),
    unlessUnseen(reliability.throttled),
    unlessUnseen(reliability.crashes),
    unlessUnseen(reliability.duplicatesDelivered),
    count(reliability.transactionConflicts),
    unlessUnseen(reliability.unmatchedEvents),
    `${count(coldStarts.cold)} of ${count(coldStarts.invocations)}`,
    count(coldStarts.ordersTouched),
  ]
}
