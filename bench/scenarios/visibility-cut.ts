import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const visibilityCut: Scenario = {
  id: 'visibility-cut',
  title: 'Messages come back before payment is done with them',
  promises: 'sameOutcome',
  about:
    'For ten minutes the queues of payment hide a message that was received for one second, less than payment ' +
    'may take; at deployment AWS would have refused it. Messages come back while they are worked on, and are ' +
    'charged once. A state that invokes its function itself has no queue: no counterpart in ' +
    'orchestrated-direct.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [
    {
      kind: 'queue-changed',
      service: 'payment',
      setting: 'VisibilityTimeout',
      seconds: 1,
      fromMs: 30_000,
      forMs: 600_000,
    },
  ],
}
