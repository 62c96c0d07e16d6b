import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const busRefusing: Scenario = {
  id: 'bus-refusing',
  title: 'The bus takes no event for ten minutes',
  promises: 'sameOutcome',
  about:
    'For ten minutes PutEvents is refused. What is recorded is published again within the patience, so that ' +
    'nothing is lost. Choreography stands still; orchestration needs the bus for its last word only, and ' +
    'waits with that.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'bus-refusal', fromMs: 30_000, forMs: 600_000 }],
}
