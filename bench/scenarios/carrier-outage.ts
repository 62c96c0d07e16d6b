import type { Scenario } from './scenario.ts'
import { kindWorld } from './worlds.ts'

export const carrierOutage: Scenario = {
  id: 'carrier-outage',
  title: 'The carrier is away for ten minutes',
  promises: 'sameOutcome',
  about:
    'From a minute after the first order shipping fails for ten minutes, then recovers: within the patience of ' +
    'both styles, so nobody gives up. Look at how long orders take to recover, and at what the retries cost.',
  load: { kind: 'as-given' },
  world: kindWorld,
  faults: [{ kind: 'provider-outage', provider: 'carrier', fromMs: 60_000, forMs: 600_000 }],
}
