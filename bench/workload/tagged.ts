import { chance } from '../../shared/chance.ts'
import { shelfLength } from './lines.ts'
import type { Workload } from './workload.ts'

/** What the order ids of one scenario begin with in a run on real stacks. */
export const tagOf = (runTag: string, scenario: string): string => `${runTag}-${scenario}`

export const taggedId = (tag: string, orderId: string): string => `${tag}-${orderId}`

/**
 * The same orders under ids that real stacks, which outlive a run, have not seen, and for articles on a shelf of their
 * own: an order of an earlier run that is still under way takes nothing from this one's stock.
 */
export const tagged = (workload: Workload, tag: string): Workload => {
  const shelf = shelfOf(tag)
  return {
    ...workload,
    arrivals: workload.arrivals.map((arrival) => ({
      ...arrival,
      orderId: taggedId(tag, arrival.orderId),
      shelf,
    })),
  }
}

const base = 36

/** Hashed from the tag, so that a repetition has it too, and no longer than the catalogue's own, nor is any message. */
const shelfOf = (tag: string): string =>
  Math.floor(chance(0, 'workload', 'shelf', tag) * base ** shelfLength)
    .toString(base)
    .padStart(shelfLength, '0')
