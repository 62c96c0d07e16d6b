import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const duplicates: Scenario = {
  id: 'duplicates',
  title: 'Messages arrive twice, minutes apart',
  promises: 'sameOutcome',
  about:
    'One message or event in ten is delivered once more, 1 s to 15 min later, compensations included. ' +
    'A Standard workflow that invokes its functions itself has no counterpart of this: each task runs exactly ' +
    'once, so orchestrated-direct meets no duplicates here.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'duplicate', probability: 0.1, delayMs: [1_000, 900_000] }],
}
