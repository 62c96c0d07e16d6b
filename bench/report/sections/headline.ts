import type { Results } from '../../results.ts'
import { columns, paragraph, type Row, type Section, shouldBeNone } from '../document.ts'
import { isGrounded } from '../evidence.ts'
import { absent, count, ms } from '../format.ts'
import { costInWords, type Entrant, entrantsOf, headlineScenario, labelledValues } from '../view.ts'
import { assumptionNote, comparisonTable } from './comparisons.ts'

export const headlineSection = (results: Results): Section => {
  const scenario = headlineScenario(results)
  if (scenario === undefined)
    return { id: 'headline', title: 'Headline', blocks: [paragraph('No scenario was run.')] }
  return {
    id: 'headline',
    title: `Headline: ${scenario.title}`,
    blocks: [
      paragraph(scenario.about),
      {
        kind: 'table',
        caption: labelledValues(results, `Headline figures, scenario ${scenario.id}`),
        columns: columns(
          'contestant',
          'what it is',
          '#completion p50 ms',
          '#completion p99 ms',
          `#acceptance p50 ms${isGrounded(results, 'acceptance') ? '' : ' (assumed)'}`,
          '#USD per million orders',
          '#fulfilled',
          '#rejected',
          '#stuck',
          '#inconsistent',
        ),
        rows: entrantsOf(results, scenario).map(headlineRow),
      },
      comparisonTable(results, scenario, 'Verdicts'),
      ...assumptionNote(results),
    ],
  }
}

const headlineRow = ({ id, title, result: { latencyMs, cost, outcomes } }: Entrant): Row => {
  const { completion, acceptance } = latencyMs
  return {
    cells: [
      id,
      title,
      completion.n === 0 ? absent : ms(completion.p50),
      completion.n === 0 ? absent : ms(completion.p99),
      acceptance.n === 0 ? absent : ms(acceptance.p50),
      costInWords(cost),
      count(outcomes.fulfilled),
      count(outcomes.rejected),
      shouldBeNone(outcomes.stuck, count(outcomes.stuck)),
      shouldBeNone(outcomes.inconsistent, count(outcomes.inconsistent)),
    ],
  }
}
