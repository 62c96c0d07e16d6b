import type { Results } from '../../results.ts'
import type { Item } from '../document.ts'
import { assumedUnder } from '../evidence.ts'
import { listed, ms, times } from '../format.ts'
import { metricInWords, noDifference } from '../view.ts'
import {
  byMetric,
  capital,
  excessOf,
  headlineComparisons,
  headlineEntrants,
  sentence,
  whereValues,
} from './words.ts'

/** Metrics whose ratios are mostly those of assumptions, with what they rest on: none of them is a finding. */
export const assumedMetrics = (results: Results): readonly Item[] =>
  byMetric(headlineComparisons(results)).flatMap(([metric, comparisons]) => {
    const mark = assumedMark(results, metric)
    if (mark === undefined) return []
    const ratios = comparisons
      .filter(({ verdict }) => verdict !== noDifference)
      .map(excessOf)
      .map(({ higher, lower, ratio }) => `${times(ratio)} for ${higher} against ${lower}`)
    const text = [
      `${capital(metricInWords(metric))}${medians(results, metric)} (${whereValues(results)}).`,
      capital(`${mark}.`),
      ...(ratios.length === 0 ? [] : [`Under them: ${listed(ratios)}.`]),
    ]
    return [sentence(text.join(' '))]
  })

/** "rests on assumed latencies: sqs.call; no source publishes them": the mark of a metric that is no finding. */
export const assumedMark = (results: Results, metric: string): string | undefined => {
  const assumed = assumedUnder(results, metric)
  return assumed === undefined
    ? undefined
    : `rests ${assumed.isAll ? '' : 'in part '}on assumed latencies: ${listed(assumed.hops)}; no source publishes them`
}

const medians = (results: Results, metric: string): string => {
  const entrants = headlineEntrants(results).flatMap(({ id, result: { latencyMs } }) => {
    const quantiles = Object.entries(latencyMs).find(([name]) => name === metric)?.[1]
    return quantiles === undefined || quantiles.n === 0 ? [] : [`${id} ${ms(quantiles.p50)} ms`]
  })
  return entrants.length === 0 ? '' : `, p50: ${listed(entrants)}`
}
