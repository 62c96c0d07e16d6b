import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const busSlow: Scenario = {
  id: 'bus-slow',
  title: 'The bus takes minutes to deliver',
  promises: 'sameOutcome',
  about:
    'Each event takes half a minute to five minutes from the bus to its queue. Choreography pays it at every ' +
    'step; orchestration uses the bus for its last word only, which nobody in it waits for.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'delay', at: 'rule', probability: 1, delayMs: [30_000, 300_000] }],
}
