import { describe, expect, it } from 'vitest'
import { type StackName, synth } from '../infra/synth.ts'
import { contestants } from './contestants.ts'
import { runOrders } from './run.ts'
import { steady } from './scenarios/steady.ts'
import type { Throttle } from './virtual-aws/observer.ts'
import { builtInWorkload } from './workload/built-in.ts'
import type { Workload } from './workload/workload.ts'

const templates = synth()

const tenTimesAsFast = (workload: Workload): Workload => ({
  ...workload,
  arrivals: workload.arrivals.map((arrival) => ({ ...arrival, atMs: arrival.atMs / 10 })),
})

/** What was throttled while 250 orders came in five seconds. */
const throttled = async (contestant: (typeof contestants)[number]): Promise<readonly Throttle[]> => {
  const throttles: Throttle[] = []
  await runOrders(
    {
      contestant,
      template: templates[contestant.stack as StackName],
      scenario: steady,
      workload: tenTimesAsFast(builtInWorkload({ count: 250, ratePerSecond: 5, seed: 1 })),
      seed: 1,
      region: 'us-east-1',
    },
    { observers: [{ throttled: (throttle) => throttles.push(throttle) }] },
  )
  return throttles
}

describe('a steady flow', () => {
  it.each(contestants.map((contestant) => [contestant.id, contestant] as const))(
    'of 50 orders a second stays within every quota: %s',
    async (_, contestant) => {
      expect(await throttled(contestant)).toEqual([])
    },
  )
})
