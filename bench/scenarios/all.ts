import { burst } from './burst.ts'
import { busImpaired } from './bus-impaired.ts'
import { busRefusing } from './bus-refusing.ts'
import { busSlow } from './bus-slow.ts'
import { busTakingLong } from './bus-taking-long.ts'
import { carrierOutage } from './carrier-outage.ts'
import { carrierOutageLong } from './carrier-outage-long.ts'
import { completionDown } from './completion-down.ts'
import { crash } from './crash.ts'
import { definitionUpdated } from './definition-updated.ts'
import { disorder } from './disorder.ts'
import { doorClosed } from './door-closed.ts'
import { duplicates } from './duplicates.ts'
import { earlyCrash } from './early-crash.ts'
import { flowBroken } from './flow-broken.ts'
import { hang } from './hang.ts'
import { lateCopies } from './late-copies.ts'
import { lateDelivery } from './late-delivery.ts'
import { neighbour } from './neighbour.ts'
import { nobodyListens } from './nobody-listens.ts'
import { orchestratorImpaired } from './orchestrator-impaired.ts'
import { permissionLost } from './permission-lost.ts'
import { poison } from './poison.ts'
import { providerRefusing } from './provider-refusing.ts'
import { providerSlow } from './provider-slow.ts'
import { providerStalled } from './provider-stalled.ts'
import { refusals } from './refusals.ts'
import { retentionOutlasted } from './retention-outlasted.ts'
import { ruleDisabled } from './rule-disabled.ts'
import { ruleMissing } from './rule-missing.ts'
import { scarcity } from './scarcity.ts'
import type { Scenario } from './scenario.ts'
import { schemaAhead } from './schema-ahead.ts'
import { schemaBehind } from './schema-behind.ts'
import { serviceDown } from './service-down.ts'
import { serviceDownLong } from './service-down-long.ts'
import { steady } from './steady.ts'
import { throttled } from './throttled.ts'
import { undoingDown } from './undoing-down.ts'
import { visibilityCut } from './visibility-cut.ts'
import { wrongPattern } from './wrong-pattern.ts'

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
export const failureScenarios: readonly Scenario[] = [
  earlyCrash,
  hang,
  serviceDown,
  serviceDownLong,
  completionDown,
  undoingDown,
  carrierOutageLong,
  providerSlow,
  providerStalled,
  providerRefusing,
  lateDelivery,
  lateCopies,
  disorder,
  doorClosed,
  busRefusing,
  busTakingLong,
  busSlow,
  ruleDisabled,
  wrongPattern,
  permissionLost,
  visibilityCut,
  neighbour,
  throttled,
  poison,
  schemaAhead,
  schemaBehind,
  retentionOutlasted,
  definitionUpdated,
  flowBroken,
  orchestratorImpaired,
  busImpaired,
  nobodyListens,
  ruleMissing,
]

/** Every scenario, in the order in which reports list them. */
export const scenarios: readonly Scenario[] = [...everydayScenarios, ...failureScenarios]
