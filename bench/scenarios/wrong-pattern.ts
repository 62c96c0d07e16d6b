import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const wrongPattern: Scenario = {
  id: 'wrong-pattern',
  title: 'The rule that shipping hears by has a wrong pattern for a minute',
  promises: 'nothing',
  about:
    'For a minute the rule that brings shipping its events has a pattern that matches none, as after a ' +
    'mistake in a deployment. Those orders are paid and never shipped, and nothing fails: they are lost ' +
    'unless an archive is replayed. Orchestration has no pattern between a command and its service: no ' +
    'counterpart.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'wrong-pattern', step: 'ArrangeShipping', fromMs: 30_000, forMs: 60_000 }],
}
