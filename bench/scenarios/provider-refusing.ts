import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const providerRefusing: Scenario = {
  id: 'provider-refusing',
  title: 'The gateway declines every card for a minute',
  promises: 'laws',
  about:
    'For a minute the gateway declines every card that it has not charged yet. A refusal is business, no ' +
    'failure: orders are rejected and their stock is released. Who asks at the edge of the minute may be ' +
    'refused in one style and not in the other, so that the laws alone are promised.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'provider-refusal', provider: 'gateway', fromMs: 30_000, forMs: 60_000 }],
}
