import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const neighbour: Scenario = {
  id: 'neighbour',
  title: 'A neighbour takes the concurrency of the account',
  promises: 'sameOutcome',
  about:
    'For ten minutes other functions of the account run 999 of the 1,000 executions that it may run. What is ' +
    'left is one at a time: messages wait in their queues, a state that invokes its function itself is ' +
    'refused and retries. Look at latency and at what was throttled.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'concurrency-taken', executions: 999, fromMs: 30_000, forMs: 600_000 }],
}
