import type { ContestantResult, ListenerFinding, Results } from '../../results.ts'
import type { Item } from '../document.ts'
import { isGrounded, isWithinVintage } from '../evidence.ts'
import { count, counted, listed } from '../format.ts'
import { contestantIds, isTelling, labelOf, metricInWords, noDifference } from '../view.ts'
import { styleAgreements } from './styles.ts'
import {
  byMetric,
  capital,
  comparisonInWords,
  grouped,
  headlineComparisons,
  headlineEntrants,
  where,
} from './words.ts'

/** What stands behind the lead: every difference with its interval, and every message that nobody listened to. */
export const found = (results: Results): readonly Item[] => [
  ...differences(results),
  ...styleAgreements(results),
  ...whoFailsUnheard(results),
  ...chains(results),
]

const differences = (results: Results): readonly Item[] =>
  byMetric(
    headlineComparisons(results).filter(
      ({ metric, verdict }) => verdict !== noDifference && isGrounded(results, metric),
    ),
  ).flatMap(([metric, comparisons]) =>
    grouped(
      `${capital(metricInWords(metric))} (${where(results)}):`,
      comparisons.map(
        (comparison) =>
          `${comparisonInWords(comparison)}${
            isWithinVintage(results, metric, comparison.ratio) ? ", within the sources' dates" : ''
          }.`,
      ),
    ),
  )

const whoFailsUnheard = (results: Results): readonly Item[] =>
  grouped(
    `When nobody listens (${labelOf(results)}):`,
    contestantIds(results).flatMap((id) => {
      const findings = results.listeners.filter((finding) => finding.contestant === id && isTelling(finding))
      return (['command', 'event'] as const).flatMap((kind) =>
        unheard(
          id,
          kind,
          findings.filter((finding) => finding.kind === kind),
        ),
      )
    }),
  )

const unheard = (
  id: string,
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
    `${id}: of ${types}, ${count(producer.length)} made the producer fail${listedUnlessAll(producer)}, ` +
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
        ({ id, result: { chainDepth } }) =>
          `${id}: ${counted(chainDepth.p50, 'message')} in the median${chainParts(chainDepth)}, ${count(chainDepth.max)} at most.`,
      ),
  )

/** " (6 commands, 6 facts)": an answer to a command is a message as well. */
const chainParts = ({ commandsP50, factsP50 }: ContestantResult['chainDepth']): string =>
  commandsP50 === undefined || factsP50 === undefined
    ? ''
    : ` (${counted(commandsP50, 'command')}, ${counted(factsP50, 'fact')})`
