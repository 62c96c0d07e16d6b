import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const busImpaired: Scenario = {
  id: 'bus-impaired',
  title: 'The bus neither takes nor delivers events for ten minutes',
  promises: 'sameOutcome',
  about:
    'For ten minutes the bus takes no events and delivers none of those that it has. All of it comes later, ' +
    'nothing is lost. Choreography stands still; orchestration needs the bus for its last word only, and ' +
    'waits with that.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [
    { kind: 'bus-refusal', fromMs: 30_000, forMs: 600_000 },
    { kind: 'bus-stall', fromMs: 30_000, forMs: 600_000 },
  ],
}
