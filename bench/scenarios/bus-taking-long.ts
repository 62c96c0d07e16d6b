import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const busTakingLong: Scenario = {
  id: 'bus-taking-long',
  title: 'The bus takes four seconds longer to take an event, for ten minutes',
  promises: 'sameOutcome',
  about:
    'For ten minutes each PutEvents takes four seconds longer. Whoever tells something waits for it, and is billed for ' +
    'waiting: in choreography every step, in orchestration the last one alone.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'bus-slow', extraMs: 4_000, fromMs: 30_000, forMs: 600_000 }],
}
