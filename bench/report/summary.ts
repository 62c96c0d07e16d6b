import type { Results } from '../results.ts'
import type { Item } from './document.ts'
import { assumedMetrics } from './summary/assumed.ts'
import { brokenPromises } from './summary/broken.ts'
import { couldChange, unsteadyVerdicts } from './summary/could-change.ts'
import { underFaults } from './summary/faults.ts'
import { found } from './summary/found.ts'
import { lead } from './summary/lead.ts'
import { notFound } from './summary/not-found.ts'
import { comparable } from './view.ts'

/** The results in plain words. Every sentence is derived from them; a contestant is introduced by what it is. */
export interface Summary {
  /** What went wrong: it comes first, and nothing else counts until it is mended. */
  readonly broken: readonly Item[]
  /** A sentence or two a topic, to be quoted. */
  readonly lead: readonly string[]
  /** What becomes of orders under faults, where any harms them. */
  readonly faults: readonly Item[]
  /** Ratios of assumptions: kept apart, since they are no findings. */
  readonly assumed: readonly Item[]
  readonly found: readonly Item[]
  readonly notFound: readonly Item[]
  readonly couldChange: readonly Item[]
  readonly unsteady: readonly Item[]
}

export const summarise = (given: Results): Summary => {
  const results = comparable(given)
  return {
    broken: brokenPromises(results),
    lead: lead(results),
    faults: underFaults(results),
    assumed: assumedMetrics(results),
    found: found(results),
    notFound: notFound(results),
    couldChange: couldChange(results),
    unsteady: unsteadyVerdicts(results),
  }
}
