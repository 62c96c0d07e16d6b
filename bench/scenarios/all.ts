import { burst } from './burst.ts'
import { carrierOutage } from './carrier-outage.ts'
import { crash } from './crash.ts'
import { duplicates } from './duplicates.ts'
import { refusals } from './refusals.ts'
import { scarcity } from './scarcity.ts'
import type { Scenario } from './scenario.ts'
import { steady } from './steady.ts'

/** What a run takes where nobody chooses: the load, the refusals and the faults of every day. */
export const everydayScenarios: readonly Scenario[] = [
  steady,
  refusals,
  scarcity,
  burst,
  crash,
  duplicates,
  carrierOutage,
]

/** What happens seldom and hurts: a fault each, and what it takes. */
export const failureScenarios: readonly Scenario[] = []

/** Every scenario, in the order in which reports list them. */
export const scenarios: readonly Scenario[] = [...everydayScenarios, ...failureScenarios]
