import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const permissionLost: Scenario = {
  id: 'permission-lost',
  title: 'Nobody may send to shipping for ten minutes',
  promises: 'nothing',
  about:
    'For ten minutes whoever sends messages to shipping may not: the rules, or the state machine. A rule ' +
    'takes missing permissions for final and moves the event to the dead-letter queue of its target, where it ' +
    'lies until somebody redrives it: those orders are stuck. A state machine retries until the permission is ' +
    'back.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'permission-lost', service: 'shipping', fromMs: 30_000, forMs: 600_000 }],
}
