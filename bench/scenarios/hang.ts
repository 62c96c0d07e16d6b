import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const hang: Scenario = {
  id: 'hang',
  title: 'Handlers hang until they time out',
  promises: 'sameOutcome',
  about:
    'One invocation in twenty waits before its first line for something that never comes, one in twenty ' +
    'before its answer or publication, when all is done and saved. Each ends at the timeout of its function, ' +
    'and is billed for it; then its message comes back. A function that is invoked directly and publishes ' +
    'nothing has no answer to hang before: orchestrated-direct meets the second kind only at the ends of ' +
    'orders.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [
    { kind: 'hang', at: 'before-effect', probability: 0.05 },
    { kind: 'hang', at: 'before-answer', probability: 0.05 },
  ],
}
