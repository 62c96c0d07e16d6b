import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const duplicates: Scenario = {
  id: 'duplicates',
  title: 'Messages arrive twice, minutes apart',
  promises: 'sameOutcome',
  about:
    'One message in ten is delivered by its queue once more, 1 s to 15 min later, compensations included; a rule that ' +
    'delivers an event twice looks the same to whoever listens. A Standard workflow that invokes its functions itself has no counterpart of this: each task runs exactly ' +
    'once, so orchestrated-direct meets no duplicates here.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'duplicate', at: 'queue', probability: 0.1, delayMs: [1_000, 900_000] }],
}
