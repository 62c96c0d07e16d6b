import type { Results, ScenarioResults } from '../../results.ts'
import { count, percent } from '../format.ts'
import { type Html, html } from '../markup.ts'
import { contestantIds, type Entrant, entrantsOf, labelled } from '../view.ts'

const outcomes = ['fulfilled', 'rejected', 'stuck', 'inconsistent'] as const
type Outcome = (typeof outcomes)[number]

/** Scenario × contestant × outcome: counts and shares, shaded by share. A table, so that it can be read without seeing it. */
export const outcomeMatrix = (results: Results, scenarios: readonly ScenarioResults[]): Html => {
  const ids = contestantIds(results).filter((id) =>
    scenarios.some(({ results: own }) => Object.hasOwn(own, id)),
  )
  const caption = labelled(results, 'Outcomes: orders and their share of all orders')
  return html`<div class="scroll" role="group" aria-label="${caption}" tabindex="0"><table class="matrix"><caption><span>${caption}</span></caption>
<thead><tr><td></td>${ids.map((id) => html`<th scope="colgroup" colspan="4">${id}</th>`)}</tr>
<tr><th scope="col">scenario</th>${ids.map(() => html`${outcomes.map((outcome) => html`<th scope="col">${outcome}</th>`)}`)}</tr></thead>
<tbody>${scenarios.map((scenario) => matrixRow(results, scenario, ids))}</tbody></table></div>`
}

const matrixRow = (results: Results, scenario: ScenarioResults, ids: readonly string[]): Html => {
  const entrants = entrantsOf(results, scenario)
  return html`<tr><th scope="row">${scenario.id}</th>${ids.map((id) => {
    const entrant = entrants.find((other) => other.id === id)
    return html`${outcomes.map((outcome) => matrixCell(outcome, entrant))}`
  })}</tr>
`
}

const matrixCell = (outcome: Outcome, entrant: Entrant | undefined): Html => {
  if (entrant === undefined) return html`<td class="none">not run</td>`
  const { outcomes: counts, orders } = entrant.result
  return html`<td class="${outcome} ${shade(outcome, counts[outcome], orders)}"><strong>${percent(counts[outcome], orders)}</strong> <span class="small">${count(counts[outcome])}</span></td>`
}

// One stuck order of a thousand must be seen: what should not be at all is shaded at once.
const shade = (outcome: Outcome, part: number, whole: number): string => {
  if (part === 0 || whole === 0) return 's0'
  const share = part / whole
  const step = Math.min(4, 1 + Math.floor(share * 4))
  return `s${outcome === 'stuck' || outcome === 'inconsistent' ? Math.max(3, step) : step}`
}
