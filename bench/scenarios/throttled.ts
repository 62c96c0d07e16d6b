import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const throttled: Scenario = {
  id: 'throttled',
  title: 'Neighbours leave what coordinates five steps a second',
  promises: 'sameOutcome',
  about:
    'For ten minutes neighbours in the account leave five steps a second of the quota of what coordinates: ' +
    'state transitions in one style, deliveries to targets in the other. AWS delays what is over quota, and ' +
    'refuses nothing: look at who falls behind, since a transition is not a delivery.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'coordination-throttled', perSecond: 5, fromMs: 30_000, forMs: 600_000 }],
}
