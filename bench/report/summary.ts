import type { Comparison, ContestantResult, ListenerFinding, Results, ScenarioResults } from '../results.ts'
import type { Item } from './document.ts'
import { count, counted, interval, listed, percent, ratio, usd } from './format.ts'
import {
  contestantIds,
  type Entrant,
  effectPercentMin,
  entrantsOf,
  excludesOne,
  headlineScenario,
  labelOf,
  metricInWords,
  noDifference,
  scenariosInOrder,
  stylesOf,
  titleOf,
} from './view.ts'

/** The results in plain words. Every sentence is derived from them, and names contestants by what they are. */
export interface Summary {
  readonly found: readonly Item[]
  readonly notFound: readonly Item[]
  readonly couldChange: readonly Item[]
}

export const summarise = (results: Results): Summary => ({
  found: [
    ...brokenPromises(results),
    ...differences(results),
    ...styleAgreements(results),
    ...whereTheMoneyGoes(results),
    ...whoFailsUnheard(results),
    ...chains(results),
  ],
  notFound: [
    ...nothingBroken(results),
    ...noDifferences(results),
    ...quietRuns(results),
    ...noStyles(results),
  ],
  couldChange: [
    ...turnedVerdicts(results),
    ...closeVerdicts(results),
    ...idleShares(results),
    ...coldShares(results),
    ...weakFigures(results),
    theRunItself(results),
  ],
})

/** What was taken out and never sent says nothing. */
export const isTelling = ({ sent }: ListenerFinding): boolean => sent > 0

const sentence = (text: string): Item => ({ text, parts: [] })

/** A heading sentence over its parts; nothing when there are none. */
const grouped = (text: string, parts: readonly string[]): readonly Item[] =>
  parts.length === 0 ? [] : [{ text, parts }]

const headlineEntrants = (results: Results): readonly Entrant[] => {
  const scenario = headlineScenario(results)
  return scenario === undefined ? [] : entrantsOf(results, scenario)
}

const headlineComparisons = (results: Results): readonly Comparison[] =>
  headlineScenario(results)?.comparison ?? []

/** "steady, simulated": where the headline's figures come from. */
const where = (results: Results): string => `${headlineScenario(results)?.id ?? ''}, ${labelOf(results)}`

const eachResult = <T>(
  results: Results,
  visit: (scenario: ScenarioResults, entrant: Entrant) => readonly T[],
): readonly T[] =>
  scenariosInOrder(results).flatMap((scenario) =>
    entrantsOf(results, scenario).flatMap((entrant) => visit(scenario, entrant)),
  )

const forInstance = (examples: readonly string[]): string =>
  examples.length === 0 ? '' : `, for instance ${listed(examples)}`

const brokenPromises = (results: Results): readonly Item[] => {
  const broken = [
    ...eachResult(results, brokenBy),
    ...scenariosInOrder(results)
      .filter(({ promises, sameOutcome }) => promises === 'sameOutcome' && !sameOutcome.held)
      .map(
        ({ id, sameOutcome: { differing, examples } }) =>
          `${id}: ${counted(differing, 'order')} ended differently in different contestants${forInstance(examples)}.`,
      ),
  ]
  return grouped(
    `BROKEN PROMISES (${labelOf(results)}). Until they are mended, no other figure here should decide anything. ` +
      `Repeat them with: ${results.run.command}`,
    broken,
  )
}

const brokenBy = ({ id }: ScenarioResults, { title, result }: Entrant): readonly string[] => {
  const { laws, outcomes, orders } = result
  const lost = outcomes.stuck + outcomes.inconsistent
  return [
    ...laws
      .filter(({ held }) => !held)
      .map(
        ({ law, violations, examples }) =>
          `${id}, ${title}: the law "${law}" was broken ${counted(violations, 'time')}${forInstance(examples)}.`,
      ),
    ...(lost > 0
      ? [
          `${id}, ${title}: ${counted(outcomes.stuck, 'order')} stuck and ${count(outcomes.inconsistent)} inconsistent ` +
            `of ${count(orders)}.`,
        ]
      : []),
  ]
}

/** Comparisons by metric, in the order in which the metrics first come. */
const byMetric = (
  comparisons: readonly Comparison[],
): readonly (readonly [string, readonly Comparison[]])[] =>
  [...new Set(comparisons.map(({ metric }) => metric))].map((metric) => [
    metric,
    comparisons.filter((comparison) => comparison.metric === metric),
  ])

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const differences = (results: Results): readonly Item[] =>
  byMetric(headlineComparisons(results).filter(({ verdict }) => verdict !== noDifference)).flatMap(
    ([metric, comparisons]) =>
      grouped(
        `${capital(metricInWords(metric))} differs (${where(results)}):`,
        comparisons.map(
          ({ a, b, ratio: value, ci95 }) =>
            `${titleOf(results, a)} has ${ratio(value)} times that of ${titleOf(results, b)} ` +
            `(95% interval ${interval(ci95)}).`,
        ),
      ),
  )

interface StyleAgreement {
  readonly metric: string
  readonly lower: string
  readonly pairs: number
}

/** Metrics on which every pair across the styles agrees; none unless each style has more than one contestant. */
const agreements = (results: Results): readonly StyleAgreement[] => {
  const styles = stylesOf(results)
  const ofStyle = (style: string) => [...styles.values()].filter((other) => other === style).length
  if (ofStyle('orchestration') < 2 || ofStyle('choreography') < 2) return []
  const pairsAll = ofStyle('orchestration') * ofStyle('choreography')
  const across = headlineComparisons(results).filter(
    ({ a, b }) => styles.has(a) && styles.has(b) && styles.get(a) !== styles.get(b),
  )
  return byMetric(across).flatMap(([metric, comparisons]) => {
    const lower = new Set(comparisons.map(({ verdict }) => styles.get(verdict)))
    const [style] = lower
    return lower.size === 1 && style !== undefined && comparisons.length === pairsAll
      ? [{ metric, lower: style, pairs: pairsAll }]
      : []
  })
}

const styleAgreements = (results: Results): readonly Item[] =>
  agreements(results).map(({ metric, lower, pairs }) =>
    sentence(
      `All ${count(pairs)} pairs across the two styles agree on the ${metricInWords(metric)}: ${lower} has the lower ` +
        `one (${where(results)}).`,
    ),
  )

const noStyles = (results: Results): readonly Item[] =>
  agreements(results).length > 0
    ? []
    : [
        sentence(
          'A law about a style. The figures speak of the contestants named: a statement about a whole style would need ' +
            'more than one contestant of each, and all of them to agree.',
        ),
      ]

const whereTheMoneyGoes = (results: Results): readonly Item[] =>
  grouped(
    `Cost per million orders (${where(results)}):`,
    headlineEntrants(results).map(({ title, result: { cost } }) => {
      const [first] = [...cost.lines].sort(
        (one, other) => other.usdPerMillionOrders - one.usdPerMillionOrders,
      )
      const largest =
        first === undefined || cost.usdPerMillionOrders === 0
          ? ''
          : `; the largest line is ${first.service} ${first.meter}, ` +
            `${percent(first.usdPerMillionOrders, cost.usdPerMillionOrders)} of it`
      return `${title}: ${usd(cost.usdPerMillionOrders)}${largest}.`
    }),
  )

const whoFailsUnheard = (results: Results): readonly Item[] =>
  grouped(
    `When nobody listens (${labelOf(results)}):`,
    contestantIds(results).flatMap((id) => {
      const findings = results.listeners.filter((finding) => finding.contestant === id && isTelling(finding))
      return (['command', 'event'] as const).flatMap((kind) =>
        unheard(
          titleOf(results, id),
          kind,
          findings.filter((finding) => finding.kind === kind),
        ),
      )
    }),
  )

const unheard = (
  title: string,
  kind: ListenerFinding['kind'],
  findings: readonly ListenerFinding[],
): readonly string[] => {
  const namesOf = (those: readonly ListenerFinding[]) => [...new Set(those.map(({ message }) => message))]
  const namesBy = (verdict: ListenerFinding['verdict']) =>
    namesOf(findings.filter((finding) => finding.verdict === verdict))
  const all = namesOf(findings).length
  if (all === 0) return []
  const types = counted(all, `${kind} type`)
  const producer = namesBy('producer fails')
  const order = namesBy('order fails')
  const listedUnlessAll = (names: readonly string[]) =>
    names.length === 0 || names.length === all ? '' : ` (${listed(names)})`
  const hidden = kind === 'event' ? ', candidates for a hidden command' : ''
  return [
    `${title}: of ${types}, ${count(producer.length)} made the producer fail${listedUnlessAll(producer)}, ` +
      `${count(order.length)} only the order${order.length > 0 ? hidden : ''}${listedUnlessAll(order)}; ` +
      `with ${count(namesBy('life goes on').length)} life went on.`,
  ]
}

const chains = (results: Results): readonly Item[] =>
  grouped(
    `Longest causation path of an order (${where(results)}):`,
    headlineEntrants(results)
      .filter(({ result }) => result.chainDepth.n > 0)
      .map(
        ({ title, result: { chainDepth } }) =>
          `${title}: ${counted(chainDepth.p50, 'message')} in the median, ${count(chainDepth.max)} at most.`,
      ),
  )

const nothingBroken = (results: Results): readonly Item[] => {
  const all = eachResult(results, (_scenario, { result }) => [result])
  if (all.length === 0) return []
  const sum = (pick: (result: ContestantResult) => number) =>
    all.reduce((total, result) => total + pick(result), 0)
  const lost = sum(({ outcomes }) => outcomes.stuck + outcomes.inconsistent)
  const broken = sum(({ laws }) => laws.filter(({ held }) => !held).length)
  const checked = sum(({ laws }) => laws.length)
  return [
    ...(lost === 0
      ? [
          sentence(
            `A stuck or an inconsistent order: none among ${count(sum(({ orders }) => orders))} in ` +
              `${counted(results.scenarios.length, 'scenario')}, all contestants together (${labelOf(results)}).`,
          ),
        ]
      : []),
    ...(broken === 0 && checked > 0
      ? [
          sentence(
            `A broken law: all ${counted(checked, 'check')} of the business laws held (${labelOf(results)}).`,
          ),
        ]
      : []),
    ...sameOutcomes(results),
  ]
}

const sameOutcomes = (results: Results): readonly Item[] => {
  const promised = scenariosInOrder(results).filter(({ promises }) => promises === 'sameOutcome')
  const compared = promised.filter((scenario) => Object.keys(scenario.results).length > 1)
  return compared.length > 0 && compared.every(({ sameOutcome }) => sameOutcome.held)
    ? [
        sentence(
          `A difference in business outcomes: in ${listed(compared.map(({ id }) => id))}, every order ended alike in all ` +
            `contestants (${labelOf(results)}).`,
        ),
      ]
    : []
}

const noDifferences = (results: Results): readonly Item[] =>
  byMetric(headlineComparisons(results).filter(({ verdict }) => verdict === noDifference)).flatMap(
    ([metric, comparisons]) =>
      grouped(
        `A difference in ${metricInWords(metric)} (${where(results)}):`,
        comparisons.map(
          (comparison) =>
            `no difference between ${titleOf(results, comparison.a)} and ${titleOf(results, comparison.b)} ` +
            `(ratio ${ratio(comparison.ratio)}, 95% interval ${interval(comparison.ci95)}` +
            `${excludesOne(comparison) ? `, which excludes 1; but a verdict asks for ${effectPercentMin}%` : ''}).`,
        ),
      ),
  )

const quietRuns = (results: Results): readonly Item[] => {
  const none = (pick: (result: ContestantResult) => number) =>
    eachResult(results, (_scenario, { result }) => [pick(result)]).every((value) => value === 0)
  const quiet = [
    ...(none(({ reliability }) => reliability.deadLettered) ? ['a dead-lettered message'] : []),
    ...(none(({ reliability }) => reliability.throttled) ? ['a throttled call'] : []),
    ...(none(({ reliability }) => reliability.unmatchedEvents) ? ['an event that no rule matched'] : []),
  ]
  return results.scenarios.length === 0 || quiet.length === 0
    ? []
    : [sentence(`${capital(quiet.join(', or '))}: none in any scenario (${labelOf(results)}).`)]
}

/** Where another scenario turns the headline's verdict: the load decides, not the design alone. */
const turnedVerdicts = (results: Results): readonly Item[] => {
  const [headline, ...others] = scenariosInOrder(results)
  const turned = headlineComparisons(results).flatMap((first) => {
    const scenarios = others.filter((scenario) =>
      scenario.comparison.some(
        ({ metric, a, b, verdict }) =>
          metric === first.metric && a === first.a && b === first.b && verdict !== first.verdict,
      ),
    )
    return scenarios.length === 0
      ? []
      : [
          `${capital(metricInWords(first.metric))} of ${titleOf(results, first.a)} against ${titleOf(results, first.b)}: ` +
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
    headlineComparisons(results)
      .filter(
        ({ verdict, ci95 }) =>
          verdict !== noDifference && ci95.some((bound) => Math.abs(bound - 1) < closePercent / 100),
      )
      .map(
        ({ metric, a, b, ci95 }) =>
          `${capital(metricInWords(metric))} of ${titleOf(results, a)} against ${titleOf(results, b)}: ` +
          `95% interval ${interval(ci95)}.`,
      ),
  )

const idleShares = (results: Results): readonly Item[] =>
  grouped(
    `The order rate. Idle polling is paid by time and not by order: with fewer orders its share grows (${where(results)}):`,
    headlineEntrants(results).flatMap(({ title, result: { cost } }) => {
      const idle = cost.lines
        .filter(({ kind }) => kind === 'idle')
        .reduce((total, line) => total + line.usdPerMillionOrders, 0)
      return idle > 0 ? [`${title}: ${percent(idle, cost.usdPerMillionOrders)} of its cost.`] : []
    }),
  )

const coldShares = (results: Results): readonly Item[] =>
  grouped(
    `Cold starts. They touched (${where(results)}):`,
    headlineEntrants(results)
      .filter(({ result }) => result.coldStarts.ordersTouched > 0)
      .map(
        ({ title, result: { coldStarts, orders } }) =>
          `${title}: ${percent(coldStarts.ordersTouched, orders)} of the orders.`,
      ),
  )

const namedFiguresMax = 4

const weakFigures = (results: Results): readonly Item[] => {
  const weak = results.figures.filter(({ confidence }) => confidence === 'L' || confidence === 'assumption')
  if (weak.length === 0) return []
  const names = weak.slice(0, namedFiguresMax).map(({ figure }) => figure)
  const more = weak.length - names.length
  return [
    sentence(
      `Better figures. ${count(weak.length)} of the ${counted(results.figures.length, 'figure')} that went in are weakly ` +
        `sourced or assumed: ${listed(more > 0 ? [...names, `${count(more)} more`] : names)}.`,
    ),
  ]
}

const theRunItself = ({ run }: Results): Item =>
  sentence(
    `Another run. This is one seed (${run.seed}), one workload (${run.workload.source}) and one region (${run.region}); ` +
      'the intervals cover sampling error alone, and nothing of what is wrong with the figures that went in.',
  )
