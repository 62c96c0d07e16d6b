import type { ListenerFinding, Results, ScenarioResults } from '../../results.ts'
import { isWithinVintage, vintageOf } from '../evidence.ts'
import { count, counted, interval, listed, ms, percent, span, times, usd } from '../format.ts'
import { crossingsInWords } from '../sections/cost.ts'
import {
  contestantIds,
  costInWords,
  type Entrant,
  entrantsOf,
  isTelling,
  labelOf,
  noDifference,
  scenariosInOrder,
  valueLabelOf,
  withPromise,
} from '../view.ts'
import {
  capital,
  eachResult,
  excessInWords,
  excessOf,
  headlineComparisons,
  headlineEntrants,
  share,
  whereValues,
} from './words.ts'

/** What an architect may quote, a sentence or two a topic: cost, completion, outcomes, tails, and who fails unheard. */
export const lead = (results: Results): readonly string[] =>
  [cost, completion, outcomes, tails, unheard].flatMap((topic) => topic(results))

/** A contestant at first mention: what it is, and the name by which it goes from there. */
const introduced = ({ id, title }: Entrant): string => (title === id ? id : `${title} (${id})`)

const cost = (results: Results): readonly string[] => {
  const entrants = headlineEntrants(results)
  if (entrants.length === 0) return []
  const prices = entrants.map((entrant) => `${introduced(entrant)} ${costInWords(entrant.result.cost)}`)
  return [
    [
      `Cost per million orders: ${listed(prices)} (${whereValues(results)})${costRatios(results, entrants)}.`,
      ...costParts(entrants),
      ...crossings(results),
    ].join(' '),
  ]
}

/** Where the standing cost turns the order of the contestants. */
const crossings = (results: Results): readonly string[] => {
  const [scenario] = scenariosInOrder(results)
  const words = scenario === undefined ? '' : crossingsInWords(scenario)
  return words === '' ? [] : [words]
}

/** ": orchestrated costs 4.28× and orchestrated-direct 4.08× as much as choreographed". */
const costRatios = (results: Results, entrants: readonly Entrant[]): string => {
  const [lowest] = entrants.toSorted(
    (one, other) => one.result.cost.usdPerMillionOrders - other.result.cost.usdPerMillionOrders,
  )
  const dearer = headlineComparisons(results)
    .filter(({ metric, verdict }) => metric === 'cost' && verdict === lowest?.id)
    .map(excessOf)
  return lowest === undefined || dearer.length === 0
    ? ''
    : `: ${listed(dearer.map(({ higher, ratio }, at) => `${higher} ${at === 0 ? 'costs ' : ''}${times(ratio)}`))} ` +
        `as much as ${lowest.id}`
}

/** The service that each contestant pays most for, and what it pays for beside the flow. */
const costParts = (entrants: readonly Entrant[]): readonly string[] => {
  const largest = entrants.flatMap(({ id, result: { cost: own } }) => {
    const services = totals(own.lines.map((line) => [line.service, line.usdPerMillionOrders]))
    const [first] = services.toSorted(([, one], [, other]) => other - one)
    return first === undefined || own.usdPerMillionOrders === 0
      ? []
      : [{ id, service: first[0], share: percent(first[1], own.usdPerMillionOrders) }]
  })
  const services = [...new Set(largest.map(({ service }) => service))].map(
    (service) =>
      `${service} (${largest
        .filter((part) => part.service === service)
        .map(({ id, share }) => `${share} of ${id}`)
        .join(', ')})`,
  )
  const besides = entrants.flatMap(({ id, result }) =>
    totals(
      result.cost.lines.flatMap(({ part, usdPerMillionOrders }) =>
        part === undefined ? [] : [[part, usdPerMillionOrders] as const],
      ),
    ).map(([part, value]) => `${usd(value)} of ${id} is for its ${part}`),
  )
  return [
    ...(services.length === 0 ? [] : [`The largest part is ${listed(services)}.`]),
    ...(besides.length === 0 ? [] : [`${listed(besides)}.`]),
  ]
}

const totals = (
  parts: readonly (readonly [name: string, value: number])[],
): readonly (readonly [string, number])[] => {
  const sums = new Map<string, number>()
  for (const [name, value] of parts) sums.set(name, (sums.get(name) ?? 0) + value)
  return [...sums]
}

const completion = (results: Results): readonly string[] => {
  const finished = headlineEntrants(results).filter(({ result }) => result.latencyMs.completion.n > 0)
  if (finished.length === 0) return []
  const figures = finished.map(({ id, result: { latencyMs } }) => {
    const { p50, p99 } = latencyMs.completion
    return `${id} ${ms(p50)} / ${ms(p99)} ms`
  })
  return [`Completion, p50 / p99: ${listed(figures)} (${whereValues(results)}).${completionVerdict(results)}`]
}

const completionVerdict = (results: Results): string => {
  const comparisons = headlineComparisons(results).filter(({ metric }) => metric === 'completion')
  const different = comparisons.filter(({ verdict }) => verdict !== noDifference).map(excessOf)
  const [largest] = different.toSorted((one, other) => other.ratio - one.ratio)
  if (comparisons.length === 0) return ''
  if (largest === undefined) return ' No pair differs by its interval.'
  const vintage = vintageOf(results, 'completion')
  if (vintage !== undefined && isWithinVintage(results, 'completion', largest.ratio))
    return (
      ` Paired by order, the largest difference in the median is ${share(largest.ratio)}: no more than the dates of ` +
      `the sources (${vintage.from} to ${vintage.to}) may explain, so take them as equally fast.`
    )
  return (
    ` Paired by order, the largest difference is that of ${largest.higher} against ${largest.lower}: ` +
    `${excessInWords(largest)} (ratio interval ${interval(largest.ci95)}).`
  )
}

const outcomes = (results: Results): readonly string[] => {
  const all = eachResult(withPromise(results), (_scenario, { result }) => [result])
  const orders = all.reduce((total, result) => total + result.orders, 0)
  const unpromised = results.scenarios.length - withPromise(results).scenarios.length
  if (orders === 0 && unpromised === 0) return []
  const lost = all.reduce((total, { outcomes: own }) => total + own.stuck + own.inconsistent, 0)
  const laws = all.flatMap((result) => result.laws)
  const held = laws.filter((law) => law.held).length
  const promising = scenariosInOrder(results).filter(
    (scenario) => scenario.promises === 'sameOutcome' && Object.keys(scenario.results).length > 1,
  )
  const alike = promising.filter(({ sameOutcome }) => sameOutcome.held).length
  return [
    `Outcomes: ${[
      ...(promising.length === 0
        ? []
        : [
            `every order ended alike in all contestants in ${count(alike)} of the ` +
              `${counted(promising.length, 'scenario')} that promise it`,
          ]),
      `${count(lost)} of ${counted(orders, 'order')} stuck or inconsistent`,
      ...(laws.length === 0 ? [] : [`${count(held)} of ${counted(laws.length, 'check')} of the laws held`]),
      ...(unpromised === 0
        ? []
        : [
            `left out of this: ${counted(unpromised, 'scenario')} that the design does not promise to survive`,
          ]),
    ].join('; ')} (${labelOf(results)}).`,
  ]
}

const tails = (results: Results): readonly string[] => {
  const sentences = [...crashTails(results), ...outageTails(results)]
  return sentences.length === 0 ? [] : [sentences.join(' ')]
}

interface Tail {
  readonly id: string
  readonly p99: number
}

const tailsOf = (results: Results, scenario: ScenarioResults): readonly Tail[] =>
  entrantsOf(results, scenario).flatMap(({ id, result: { latencyMs } }) =>
    latencyMs.completion.n === 0 ? [] : [{ id, p99: latencyMs.completion.p99 }],
  )

const tailsInWords = (own: readonly Tail[]): string =>
  listed(own.map(({ id, p99 }) => `${span(p99)} for ${id}`))

const hasFault = ({ faults }: ScenarioResults, kind: string): boolean =>
  faults.some((fault) => fault['kind'] === kind)

/** A queue's tail is told from that of a direct call when it is at least so many times as long. */
const apartMin = 2

const crashTails = (results: Results): readonly string[] =>
  scenariosInOrder(results)
    .filter((scenario) => hasFault(scenario, 'crash'))
    .flatMap((scenario) => {
      const own = tailsOf(results, scenario)
      if (own.length === 0) return []
      const queued = own.filter(({ id }) => isFedByQueues(results, id))
      const direct = own.filter(({ id }) => !isFedByQueues(results, id))
      const isApart =
        queued.length > 0 &&
        direct.length > 0 &&
        Math.min(...queued.map(({ p99 }) => p99)) >= apartMin * Math.max(...direct.map(({ p99 }) => p99))
      const numbers = isApart
        ? `${tailsInWords(queued)}, since what a dead handler held waits in its queue until it becomes visible again; ` +
          `${tailsInWords(direct)}, where the call fails at once and is made again`
        : tailsInWords(own)
      return [`When handlers crash, completion p99 is ${numbers} (${scenario.id}, ${valueLabelOf(results)}).`]
    })

const isFedByQueues = ({ coupling }: Results, id: string): boolean =>
  Object.hasOwn(coupling, id) && (coupling[id]?.resources['AWS::Lambda::EventSourceMapping'] ?? 0) > 0

/** Tails that differ by less than this are called alike. */
const alikePercent = 10

const outageTails = (results: Results): readonly string[] =>
  scenariosInOrder(results).flatMap((scenario) => {
    const outage = scenario.faults.find((fault) => fault['kind'] === 'provider-outage')
    const own = tailsOf(results, scenario)
    const [forMs, provider] = [outage?.['forMs'], outage?.['provider']]
    if (own.length === 0 || typeof forMs !== 'number' || typeof provider !== 'string') return []
    const values = own.map(({ p99 }) => p99)
    // An order that comes while the outage lasts waits for the rest of it: a tail of that size is the outage's own.
    const areAlike = Math.max(...values) <= Math.min(...values) * (1 + alikePercent / 100)
    const reading =
      own.length > 1 && areAlike && Math.min(...values) >= forMs / 2
        ? ': the outage decides, not the design'
        : ''
    return [
      `While the ${provider} is away for ${span(forMs)}, it is ${tailsInWords(own)}${reading} ` +
        `(${scenario.id}, ${valueLabelOf(results)}).`,
    ]
  })

const unheard = (results: Results): readonly string[] => {
  const parts = (['command', 'event'] as const).flatMap((kind) => unheardOf(results, kind))
  return parts.length === 0
    ? []
    : [`Would the producer fail if nobody listened? ${capital(parts.join('; '))} (${labelOf(results)}).`]
}

const unheardOf = (results: Results, kind: ListenerFinding['kind']): readonly string[] => {
  const telling = results.listeners.filter((finding) => finding.kind === kind && isTelling(finding))
  const parts = contestantIds(results).flatMap((id) => {
    const own = telling.filter(({ contestant }) => contestant === id)
    const types = (verdict?: ListenerFinding['verdict']) =>
      new Set(
        own
          .filter((finding) => verdict === undefined || finding.verdict === verdict)
          .map(({ message }) => message),
      ).size
    const order = types('order fails')
    return own.length === 0 ? [] : [{ id, all: types(), producer: types('producer fails'), order }]
  })
  if (parts.length === 0) return []
  const producers = parts.map(({ id, all, producer }) => `${count(producer)} of ${count(all)} in ${id}`)
  const orders = parts.filter(({ order }) => order > 0).map(({ id, order }) => `${count(order)} in ${id}`)
  const hidden = kind === 'event' ? ', candidates for hidden commands' : ''
  return [
    `of the ${kind} types it fails for ${listed(producers)}` +
      (orders.length === 0 ? '' : `, and only the order for ${listed(orders)}${hidden}`),
  ]
}
