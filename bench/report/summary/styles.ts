import type { Results } from '../../results.ts'
import type { Item } from '../document.ts'
import { isGrounded, isWithinVintage } from '../evidence.ts'
import { count } from '../format.ts'
import { metricInWords, stylesOf } from '../view.ts'
import { byMetric, headlineComparisons, sentence, where } from './words.ts'

interface StyleAgreement {
  readonly metric: string
  readonly lower: string
  readonly pairs: number
}

/** Grounded metrics on which every pair across the styles agrees; none unless each style has more than one contestant. */
const agreements = (results: Results): readonly StyleAgreement[] => {
  const styles = stylesOf(results)
  const ofStyle = (style: string) => [...styles.values()].filter((other) => other === style).length
  if (ofStyle('orchestration') < 2 || ofStyle('choreography') < 2) return []
  const pairsAll = ofStyle('orchestration') * ofStyle('choreography')
  const across = headlineComparisons(results).filter(
    ({ metric, a, b }) =>
      isGrounded(results, metric) && styles.has(a) && styles.has(b) && styles.get(a) !== styles.get(b),
  )
  return byMetric(across).flatMap(([metric, comparisons]) => {
    const lower = new Set(
      comparisons.map(({ ratio, verdict }) =>
        isWithinVintage(results, metric, ratio) ? undefined : styles.get(verdict),
      ),
    )
    const [style] = lower
    return lower.size === 1 && style !== undefined && comparisons.length === pairsAll
      ? [{ metric, lower: style, pairs: pairsAll }]
      : []
  })
}

/** What all pairs across the two styles agree on. */
export const styleAgreements = (results: Results): readonly Item[] =>
  agreements(results).map(({ metric, lower, pairs }) =>
    sentence(
      `All ${count(pairs)} pairs across the two styles agree on the ${metricInWords(metric)}: ${lower} has the lower ` +
        `one (${where(results)}).`,
    ),
  )

/** Why nothing is said of a style, where nothing is. */
export const noStyles = (results: Results): readonly Item[] =>
  agreements(results).length > 0
    ? []
    : [
        sentence(
          'A law about a style. The figures speak of the contestants named: a statement about a whole style would need ' +
            'more than one contestant of each, and all of them to agree.',
        ),
      ]
