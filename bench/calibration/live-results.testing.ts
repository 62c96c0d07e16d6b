import { pathIds } from '../measure/hops.ts'
import type { Results } from '../results.ts'

/** A run of the virtual AWS at one order a second, dressed as one on AWS that observed every path alike. */
export const dressedAsLive = (results: Results, change: Partial<Results['run']> = {}): Results => {
  const quantiles = { n: 200, p10: 9, p50: 12, p90: 20, p95: 30, p99: 60, max: 90 }
  return {
    ...results,
    run: {
      ...results.run,
      runtime: 'aws',
      tag: 't4g',
      startedAt: '2026-11-25T20:00:00.000Z',
      workload: { ...results.run.workload, ratePerSecond: 1 },
      ...change,
    },
    scenarios: results.scenarios.map((scenario) => ({
      ...scenario,
      paths: pathIds.map((path) => ({ path, ...quantiles })),
    })),
  }
}
