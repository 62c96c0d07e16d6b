import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const earlyCrash: Scenario = {
  id: 'early-crash',
  title: 'Handlers die before they have done anything',
  promises: 'sameOutcome',
  about:
    'One invocation in ten dies before its handler has come to its first line, no receive spared, ' +
    'compensations included. Nothing has happened yet, so that whoever asks again asks for the first time: a ' +
    'queue redelivers after its visibility timeout, a state that invokes its function itself retries. Look at ' +
    'what waiting for it does to p99.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'crash', at: 'before-effect', probability: 0.1 }],
}
