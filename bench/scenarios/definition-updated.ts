import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const definitionUpdated: Scenario = {
  id: 'definition-updated',
  title: 'The conductor is deployed again while it conducts',
  promises: 'sameOutcome',
  about:
    'Half a minute after the first order the definition of the state machine is replaced by one that does the ' +
    'same. Executions that run keep the old one to their end, new ones take the new one. Choreography has no ' +
    'definition of the whole that could be replaced: no counterpart.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'definition-update', fromMs: 30_000 }],
}
