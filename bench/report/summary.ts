import type { Comparison, ContestantResult, ListenerFinding, Results, ScenarioResults } from '../results.ts'
import { count, counted, interval, listed, percent, ratio, usd } from './format.ts'
import {
  contestantIds,
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
  readonly found: readonly string[]
  readonly notFound: readonly string[]
  readonly couldChange: readonly string[]
}

export const summarise = (results: Results): Summary => ({
  found: [
    ...brokenPromises(results),
    ...differences(results),
    ...styleAgreements(results),
    ...whereTheMoneyGoes(results),
    ...whoseOutcomeFailed(results),
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
    ...theRunItself(results),
  ],
})

const eachResult = <T>(
  results: Results,
  visit: (scenario: ScenarioResults, id: string, result: ContestantResult) => readonly T[],
): readonly T[] =>
  scenariosInOrder(results).flatMap((scenario) =>
    entrantsOf(results, scenario).flatMap(({ id, result }) => visit(scenario, id, result)),
  )

const brokenPromises = (results: Results): readonly string[] => [
  ...eachResult(results, (scenario, id, { laws, outcomes, orders }) => [
    ...laws
      .filter(({ held }) => !held)
      .map(
        ({ law, violations, examples }) =>
          `BROKEN LAW in ${scenario.id}: "${law}" failed ${counted(violations, 'time')} in ${titleOf(results, id)}` +
          `${examples.length > 0 ? `, for instance ${examples.join(', ')}` : ''} (${labelOf(results)}).`,
      ),
    ...(outcomes.stuck + outcomes.inconsistent > 0
      ? [
          `In ${scenario.id}, ${titleOf(results, id)} left ${counted(outcomes.stuck, 'order')} stuck and ` +
            `${count(outcomes.inconsistent)} inconsistent of ${count(orders)} (${labelOf(results)}).`,
        ]
      : []),
  ]),
  ...scenariosInOrder(results)
    .filter(({ promises, sameOutcome }) => promises === 'sameOutcome' && !sameOutcome.held)
    .map(
      ({ id, sameOutcome }) =>
        `BROKEN PROMISE in ${id}: ${counted(sameOutcome.differing, 'order')} ended differently in different ` +
        `contestants${sameOutcome.examples.length > 0 ? `, for instance ${sameOutcome.examples.join(', ')}` : ''} ` +
        `(${labelOf(results)}).`,
    ),
]

/** Comparisons by metric, in the order in which the metrics first come. */
const byMetric = (
  comparisons: readonly Comparison[],
): readonly (readonly [string, readonly Comparison[]])[] =>
  [...new Set(comparisons.map(({ metric }) => metric))].map((metric) => [
    metric,
    comparisons.filter((comparison) => comparison.metric === metric),
  ])

const differences = (results: Results): readonly string[] => {
  const scenario = headlineScenario(results)
  const differing = (scenario?.comparison ?? []).filter(({ verdict }) => verdict !== noDifference)
  return byMetric(differing).map(([metric, comparisons]) => {
    const clauses = comparisons.map(
      (comparison) =>
        `${titleOf(results, comparison.a)} has ${ratio(comparison.ratio)} times that of ` +
        `${titleOf(results, comparison.b)} (95% interval ${interval(comparison.ci95)})`,
    )
    return `${capital(metricInWords(metric))}, ${scenario?.id ?? ''}, ${labelOf(results)}: ${clauses.join('; ')}.`
  })
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

interface StyleAgreement {
  readonly metric: string
  readonly lower: string
  readonly pairs: number
}

/** Metrics on which every pair across the styles agrees; none unless each style has more than one contestant. */
const agreements = (results: Results): readonly StyleAgreement[] => {
  const styles = stylesOf(results)
  const contestants = (style: string) => [...styles.values()].filter((other) => other === style).length
  if (contestants('orchestration') < 2 || contestants('choreography') < 2) return []
  const pairsMax = contestants('orchestration') * contestants('choreography')
  const across = (headlineScenario(results)?.comparison ?? []).filter(
    ({ a, b }) => styles.has(a) && styles.has(b) && styles.get(a) !== styles.get(b),
  )
  return byMetric(across).flatMap(([metric, comparisons]) => {
    const lower = new Set(comparisons.map(({ verdict }) => styles.get(verdict)))
    const [style] = lower
    return lower.size === 1 && style !== undefined && comparisons.length === pairsMax
      ? [{ metric, lower: style, pairs: pairsMax }]
      : []
  })
}

const styleAgreements = (results: Results): readonly string[] =>
  agreements(results).map(
    ({ metric, lower, pairs }) =>
      `All ${count(pairs)} pairs across the two styles agree on the ${metricInWords(metric)}: ${lower} has the ` +
      `lower one in ${headlineScenario(results)?.id ?? ''} (${labelOf(results)}).`,
  )

const noStyles = (results: Results): readonly string[] =>
  agreements(results).length > 0
    ? []
    : [
        'A law about a style. The figures speak of the contestants named: a statement about a whole style would ' +
          'need more than one contestant of each, and all of them to agree.',
      ]

const whereTheMoneyGoes = (results: Results): readonly string[] => {
  const scenario = headlineScenario(results)
  if (scenario === undefined) return []
  return entrantsOf(results, scenario).flatMap(({ title, result: { cost } }) => {
    const [first] = [...cost.lines].sort((one, other) => other.usdPerMillionOrders - one.usdPerMillionOrders)
    return first === undefined || cost.usdPerMillionOrders === 0
      ? []
      : [
          `${title} costs ${usd(cost.usdPerMillionOrders)} per million orders in ${scenario.id} (${labelOf(results)}); ` +
            `its largest line is ${first.service} ${first.meter}, ` +
            `${percent(first.usdPerMillionOrders, cost.usdPerMillionOrders)} of it.`,
        ]
  })
}

const namesOf = (findings: readonly ListenerFinding[]): readonly string[] => [
  ...new Set(findings.map(({ message }) => message)),
]

/** What was taken out and never sent says nothing. */
export const isTelling = ({ sent }: ListenerFinding): boolean => sent > 0

const whoseOutcomeFailed = (results: Results): readonly string[] =>
  contestantIds(results).flatMap((id) => {
    const findings = results.listeners.filter((finding) => finding.contestant === id && isTelling(finding))
    return (['command', 'event'] as const).flatMap((kind) => {
      const ofKind = findings.filter((finding) => finding.kind === kind)
      if (ofKind.length === 0) return []
      const [producer, order] = (['producer fails', 'order fails'] as const).map((verdict) =>
        namesOf(ofKind.filter((finding) => finding.verdict === verdict)),
      )
      return [
        `Without listeners, ${count(producer?.length ?? 0)} of ${counted(namesOf(ofKind).length, `${kind} type`)} of ` +
          `${titleOf(results, id)} made the producer fail${named(producer)} (${labelOf(results)})` +
          `${orderOnly(kind, order ?? [])}.`,
      ]
    })
  })

const named = (names: readonly string[] | undefined): string =>
  names === undefined || names.length === 0 ? '' : `: ${listed(names)}`

const orderOnly = (kind: 'command' | 'event', names: readonly string[]): string => {
  if (names.length === 0) return ''
  const candidates = kind === 'event' ? ': candidates for a hidden command' : ''
  return `; only the order failed with ${listed(names)}${candidates}`
}

const chains = (results: Results): readonly string[] => {
  const scenario = headlineScenario(results)
  if (scenario === undefined) return []
  return entrantsOf(results, scenario)
    .filter(({ result }) => result.chainDepth.n > 0)
    .map(
      ({ title, result: { chainDepth } }) =>
        `In ${scenario.id} the longest causation path of an order through ${title} is ` +
        `${counted(chainDepth.p50, 'message')} in the median and ${count(chainDepth.max)} at most (${labelOf(results)}).`,
    )
}

const nothingBroken = (results: Results): readonly string[] => {
  const all = eachResult(results, (_scenario, _id, result) => [result])
  if (all.length === 0) return []
  const promised = results.scenarios.filter(({ promises }) => promises === 'sameOutcome')
  const sum = (pick: (result: ContestantResult) => number) =>
    all.reduce((total, result) => total + pick(result), 0)
  const lost = sum(({ outcomes }) => outcomes.stuck + outcomes.inconsistent)
  const broken = sum(({ laws }) => laws.filter(({ held }) => !held).length)
  const checked = sum(({ laws }) => laws.length)
  return [
    ...(lost === 0
      ? [
          `A stuck or an inconsistent order: none among ${count(sum(({ orders }) => orders))}, ` +
            `${counted(results.scenarios.length, 'scenario')} and all contestants together (${labelOf(results)}).`,
        ]
      : []),
    ...(broken === 0 && checked > 0
      ? [`A broken law: all ${counted(checked, 'check')} of the business laws held (${labelOf(results)}).`]
      : []),
    ...(promised.length > 0 &&
    contestantIds(results).length > 1 &&
    promised.every(({ sameOutcome }) => sameOutcome.held)
      ? [
          `A difference in business outcomes: in ${listed(promised.map(({ id }) => id))}, every order ended alike in all ` +
            `contestants (${labelOf(results)}).`,
        ]
      : []),
  ]
}

const noDifferences = (results: Results): readonly string[] => {
  const scenario = headlineScenario(results)
  return (scenario?.comparison ?? [])
    .filter(({ verdict }) => verdict === noDifference)
    .map(
      (comparison) =>
        `A difference in ${metricInWords(comparison.metric)} between ${titleOf(results, comparison.a)} and ` +
        `${titleOf(results, comparison.b)} in ${scenario?.id ?? ''}: no difference (ratio ${ratio(comparison.ratio)}, 95% interval ` +
        `${interval(comparison.ci95)}, ${labelOf(results)})` +
        `${excludesOne(comparison) ? `; the interval excludes 1, but a verdict asks for ${effectPercentMin}%` : ''}.`,
    )
}

const quietRuns = (results: Results): readonly string[] => {
  const none = (pick: (result: ContestantResult) => number) =>
    eachResult(results, (_scenario, _id, result) => [pick(result)]).every((value) => value === 0)
  const quiet = [
    ...(none(({ reliability }) => reliability.deadLettered) ? ['a dead-lettered message'] : []),
    ...(none(({ reliability }) => reliability.throttled) ? ['a throttled call'] : []),
    ...(none(({ reliability }) => reliability.unmatchedEvents) ? ['an event that no rule matched'] : []),
  ]
  return results.scenarios.length === 0 || quiet.length === 0
    ? []
    : [
        `${capital(listed(quiet).replace(/ and (?=[^,]*$)/, ' or '))}: none in any scenario (${labelOf(results)}).`,
      ]
}

/** Where another scenario turns the headline's verdict: the load decides, not the design alone. */
const turnedVerdicts = (results: Results): readonly string[] => {
  const [headline, ...others] = scenariosInOrder(results)
  return (headline?.comparison ?? []).flatMap((first) => {
    const turned = others.filter((scenario) =>
      scenario.comparison.some(
        ({ metric, a, b, verdict }) =>
          metric === first.metric && a === first.a && b === first.b && verdict !== first.verdict,
      ),
    )
    return turned.length === 0
      ? []
      : [
          `The scenario. On ${metricInWords(first.metric)} between ${titleOf(results, first.a)} and ` +
            `${titleOf(results, first.b)}, ${listed(turned.map(({ id }) => id))} ` +
            `${turned.length === 1 ? 'gives' : 'give'} another verdict than ${headline?.id ?? ''} (${labelOf(results)}).`,
        ]
  })
}

/** A verdict is close when its interval comes this near to 1. */
const closePercent = 5

const closeVerdicts = (results: Results): readonly string[] => {
  const close = (headlineScenario(results)?.comparison ?? []).filter(
    ({ verdict, ci95 }) =>
      verdict !== noDifference && ci95.some((bound) => Math.abs(bound - 1) < closePercent / 100),
  )
  return close.map(
    ({ metric, a, b, ci95 }) =>
      `A close verdict. The interval of the ${metricInWords(metric)} of ${titleOf(results, a)} against ` +
      `${titleOf(results, b)} comes within ${closePercent}% of 1 (${interval(ci95)}, ${labelOf(results)}).`,
  )
}

const idleShares = (results: Results): readonly string[] => {
  const scenario = headlineScenario(results)
  if (scenario === undefined) return []
  const shares = entrantsOf(results, scenario).flatMap(({ title, result: { cost } }) => {
    const idle = cost.lines
      .filter(({ kind }) => kind === 'idle')
      .reduce((total, line) => total + line.usdPerMillionOrders, 0)
    return idle > 0 ? [`${percent(idle, cost.usdPerMillionOrders)} of ${title}`] : []
  })
  return shares.length === 0
    ? []
    : [
        `The order rate. Idle polling is paid by time and not by order; in ${scenario.id} it is ` +
          `${listed(shares)} (${labelOf(results)}), and grows with every order that does not come.`,
      ]
}

const coldShares = (results: Results): readonly string[] => {
  const scenario = headlineScenario(results)
  if (scenario === undefined) return []
  const shares = entrantsOf(results, scenario)
    .filter(({ result }) => result.coldStarts.ordersTouched > 0)
    .map(
      ({ title, result }) =>
        `${percent(result.coldStarts.ordersTouched, result.orders)} of the orders of ${title}`,
    )
  return shares.length === 0
    ? []
    : [`Cold starts. They touched ${listed(shares)} in ${scenario.id} (${labelOf(results)}).`]
}

const namedFiguresMax = 4

const weakFigures = (results: Results): readonly string[] => {
  const weak = results.figures.filter(({ confidence }) => confidence === 'L' || confidence === 'assumption')
  if (weak.length === 0) return []
  const names = weak.slice(0, namedFiguresMax).map(({ figure }) => figure)
  const more = weak.length - names.length
  return [
    `Better figures. ${count(weak.length)} of the ${counted(results.figures.length, 'figure')} that went in are weakly ` +
      `sourced or assumed: ${listed(more > 0 ? [...names, `${count(more)} more`] : names)}.`,
  ]
}

const theRunItself = ({ run }: Results): readonly string[] => [
  `Another run. This is one seed (${run.seed}), one workload (${run.workload.source}) and one region (${run.region}); ` +
    'the intervals cover sampling error alone and nothing of what is wrong with the figures that went in.',
]
