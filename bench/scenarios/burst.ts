import type { Scenario } from './scenario.ts'
import { kindWorld } from './worlds.ts'

export const burst: Scenario = {
  id: 'burst',
  title: 'Ten times the load for a minute',
  promises: 'sameOutcome',
  about:
    'Around the middle of the run orders come ten times as fast for a minute. At the built-in rate that ' +
    'stays within every default quota: look at cold starts, at p99, and whether anything was throttled after all.',
  load: { kind: 'burst', factor: 10, forMs: 60_000 },
  world: kindWorld,
  faults: [],
}
