import type { Workload } from './workload.ts'

/** The same orders under ids that real stacks, which outlive a run, have not seen. */
export const tagged = (workload: Workload, tag: string): Workload => ({
  ...workload,
  arrivals: workload.arrivals.map((arrival) => ({ ...arrival, orderId: `${tag}-${arrival.orderId}` })),
})
