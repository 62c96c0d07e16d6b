import type { Quantiles, Results, ScenarioResults } from '../../results.ts'
import { count, counted, ms, span } from '../format.ts'
import { type Html, html, nothing } from '../markup.ts'
import {
  costInWords,
  type Entrant,
  entrantsOf,
  isTelling,
  labelled,
  labelledValues,
  scenariosInOrder,
  withPromise,
} from '../view.ts'
import { at, colourOf, legend } from './chart.ts'

/** What one look at a contestant takes in. */
export interface Glance extends Pick<Entrant, 'id' | 'title' | 'place'> {
  readonly usdPerMillionOrders: number
  readonly cost: string
  readonly completion: Quantiles | undefined
  /** Completion p99 where handlers crash. */
  readonly crashP99: number | undefined
  /** Orders stuck or inconsistent in any scenario. */
  readonly lost: number
  readonly unheard: { readonly producerFails: number; readonly types: number } | undefined
}

/** The scenario in which handlers crash, if one was run. */
export const crashScenario = (results: Results): ScenarioResults | undefined =>
  scenariosInOrder(results).find(({ faults }) => faults.some((fault) => fault['kind'] === 'crash'))

export const glancesOf = (results: Results, scenario: ScenarioResults): readonly Glance[] =>
  entrantsOf(results, scenario).map(({ id, title, place, result }) => ({
    id,
    title,
    place,
    usdPerMillionOrders: result.cost.usdPerMillionOrders,
    cost: costInWords(result.cost),
    completion: finished(result.latencyMs.completion),
    crashP99: finished(resultIn(crashScenario(results), id)?.latencyMs.completion)?.p99,
    lost: scenariosInOrder(results).reduce((total, other) => {
      const outcomes = resultIn(other, id)?.outcomes
      return outcomes === undefined ? total : total + outcomes.stuck + outcomes.inconsistent
    }, 0),
    unheard: unheardOf(results, id),
  }))

const resultIn = (scenario: ScenarioResults | undefined, id: string) =>
  scenario !== undefined && Object.hasOwn(scenario.results, id) ? scenario.results[id] : undefined

const finished = (quantiles: Quantiles | undefined): Quantiles | undefined =>
  quantiles === undefined || quantiles.n === 0 ? undefined : quantiles

const unheardOf = (results: Results, id: string): Glance['unheard'] => {
  const own = results.listeners.filter((finding) => finding.contestant === id && isTelling(finding))
  const types = new Set(own.map(({ message }) => message)).size
  const failing = own.filter(({ verdict }) => verdict === 'producer fails')
  return types === 0
    ? undefined
    : { types, producerFails: new Set(failing.map(({ message }) => message)).size }
}

/** The contestants beside each other on small cards: bars of text and blocks, which shrink with the page. */
export const glanceFigure = (results: Results, scenario: ScenarioResults): Html => {
  const glances = glancesOf(results, scenario)
  const crash = crashScenario(results)
  const card = (caption: string, note: string, bars: readonly Bar[]): Html =>
    html`<figure class="card"><figcaption>${caption === 'Fails unheard' ? labelled(results, caption) : labelledValues(results, caption)}<span class="note">${note}</span></figcaption>${barsMarkup(bars)}</figure>`
  const cards = [
    card(
      'Cost',
      `${scenario.id}: USD per million orders, list prices`,
      glances.map((glance) => ({
        glance,
        value: glance.usdPerMillionOrders,
        text: glance.cost,
      })),
    ),
    card(
      'Completion',
      `${scenario.id}: ms, p50 as a bar and p99 as a mark`,
      glances.map((glance) => ({
        glance,
        value: glance.completion?.p50,
        mark: glance.completion?.p99,
        text:
          glance.completion === undefined
            ? 'no order finished'
            : `${ms(glance.completion.p50)} / ${ms(glance.completion.p99)}`,
      })),
    ),
    ...(crash === undefined
      ? []
      : [
          card(
            'Completion p99',
            `${crash.id}: where handlers die at work`,
            glances.map((glance) => ({
              glance,
              value: glance.crashP99,
              text: glance.crashP99 === undefined ? 'no order finished' : span(glance.crashP99),
            })),
          ),
        ]),
    ...(glances.every(({ unheard }) => unheard === undefined)
      ? []
      : [
          card(
            'Fails unheard',
            'message types whose producer fails if nobody listens',
            glances.map((glance) => ({
              glance,
              value:
                glance.unheard === undefined
                  ? undefined
                  : glance.unheard.producerFails / glance.unheard.types,
              most: 1,
              text:
                glance.unheard === undefined
                  ? 'not tried'
                  : `${count(glance.unheard.producerFails)} of ${count(glance.unheard.types)}`,
            })),
          ),
        ]),
  ]
  return html`${legend(glances)}
<div class="glance">${cards}</div>
<p>${outcomeLine(results)}</p>`
}

interface Bar {
  readonly glance: Glance
  readonly value: number | undefined
  /** A second value, drawn as a mark. */
  readonly mark?: number | undefined
  /** The end of the scale; else the largest value. */
  readonly most?: number
  readonly text: string
}

const barsMarkup = (bars: readonly Bar[]): Html => {
  const most = Math.max(1e-9, ...bars.flatMap((bar) => [bar.value ?? 0, bar.mark ?? 0, bar.most ?? 0]))
  const width = (value: number | undefined) => at((100 * (value ?? 0)) / most)
  return html`<ul class="bars">${bars.map(
    ({ glance, value, mark, text }) =>
      html`<li><span class="who">${glance.id}</span> <span class="what">${text}</span><span class="track ${colourOf(glance.place)}" aria-hidden="true"><span class="bar" style="width:${width(value)}%"></span>${mark === undefined ? nothing : html`<span class="mark" style="left:${width(mark)}%"></span>`}</span></li>`,
  )}</ul>`
}

const outcomeLine = (results: Results): string => {
  const lostIn = (some: Results): number =>
    some.scenarios
      .flatMap((scenario) => Object.values(scenario.results))
      .reduce((total, { outcomes }) => total + outcomes.stuck + outcomes.inconsistent, 0)
  const promised = withPromise(results)
  const lost = lostIn(promised)
  const unpromised = results.scenarios.length - promised.scenarios.length
  const promising = scenariosInOrder(results).filter(
    (scenario) => scenario.promises === 'sameOutcome' && Object.keys(scenario.results).length > 1,
  )
  const alike = promising.filter(({ sameOutcome }) => sameOutcome.held).length
  return [
    labelled(results, `Outcomes, ${counted(results.scenarios.length, 'scenario')}`),
    ...(promising.length === 0
      ? []
      : [`: every order ended alike in ${count(alike)} of ${count(promising.length)} that promise it`]),
    `; ${counted(lost, 'order')} stuck or inconsistent`,
    ...(unpromised === 0
      ? []
      : [
          `, and ${count(lostIn(results) - lost)} in the ${counted(unpromised, 'scenario')} that the design does not promise to survive`,
        ]),
    '.',
  ].join('')
}
