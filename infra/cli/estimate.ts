import { defaultRegion, pricedAndLimited } from '../../bench/cli/run-options.ts'
import { contestants } from '../../bench/contestants.ts'
import { usdPerMonthAt } from '../../bench/measure/cost.ts'
import { measureRun } from '../../bench/measured-run.ts'
import { steady } from '../../bench/scenarios/steady.ts'
import { builtInWorkload } from '../../bench/workload/built-in.ts'
import type { KnownStack } from './stacks.ts'

/** What a contestant costs roughly, at list price. */
export interface Estimate {
  readonly stack: string
  readonly standingUsdPerMonth: number
  readonly usdPerThousandOrders: number
}

/** So few that it takes no time, so many that batches and cold starts weigh what they weigh. */
export const ordersSimulated = 200

/** The region whose prices an estimate is made with: the very one, where all its prices have a source. */
export const estimateRegion = (region: string): string =>
  pricedAndLimited.includes(region) ? region : defaultRegion

/** Runs some orders of the built-in workload in the virtual AWS, from the very templates, and prices what was metered. */
export const estimates = (stacks: readonly KnownStack[], region: string): Promise<readonly Estimate[]> =>
  Promise.all(
    stacks.flatMap(({ name, contestant: id, template }) =>
      contestants
        .filter((contestant) => contestant.id === id)
        .map(async (contestant): Promise<Estimate> => {
          const { result } = await measureRun({
            contestant,
            template,
            scenario: steady,
            workload: builtInWorkload({ count: ordersSimulated, ratePerSecond: 2, seed: 1 }),
            seed: 1,
            region,
          })
          const { lines, standingUsdPerMonth = 0 } = result.cost
          return {
            stack: name,
            standingUsdPerMonth,
            usdPerThousandOrders: usdPerMonthAt(1_000, { lines, standingUsdPerMonth: 0 }),
          }
        }),
    ),
  )
