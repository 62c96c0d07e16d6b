import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const providerStalled: Scenario = {
  id: 'provider-stalled',
  title: 'The gateway answers later than anybody waits',
  promises: 'sameOutcome',
  about:
    'For ten minutes the gateway takes a quarter of a minute longer for each answer, and every function that asks it ' +
    'times out first. The charges that it makes before they do are charges nevertheless: asking again with the ' +
    'same key must not make a second one.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'provider-slow', provider: 'gateway', extraMs: 15_000, fromMs: 30_000, forMs: 600_000 }],
}
