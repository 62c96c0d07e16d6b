import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const carrierOutageLong: Scenario = {
  id: 'carrier-outage-long',
  title: 'The carrier is away for longer than the patience',
  promises: 'laws',
  about:
    'The carrier answers nothing for 45 minutes, more than the patience of 30. Both styles give the orders of ' +
    'that time up, undo them in reverse order and reject them. Whoever is asked at the edge of the patience ' +
    'may end either way, so that the laws alone are promised.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'provider-outage', provider: 'carrier', fromMs: 30_000, forMs: 2_700_000 }],
}
