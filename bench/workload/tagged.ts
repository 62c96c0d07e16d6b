import type { Workload } from './workload.ts'

/** What the order ids of one scenario begin with in a run on real stacks. */
export const tagOf = (runTag: string, scenario: string): string => `${runTag}-${scenario}`

export const taggedId = (tag: string, orderId: string): string => `${tag}-${orderId}`

/** The same orders under ids that real stacks, which outlive a run, have not seen. */
export const tagged = (workload: Workload, tag: string): Workload => ({
  ...workload,
  arrivals: workload.arrivals.map((arrival) => ({ ...arrival, orderId: taggedId(tag, arrival.orderId) })),
})
