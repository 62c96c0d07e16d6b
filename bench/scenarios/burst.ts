import type { Scenario } from './scenario.ts'
import { kindWorld } from './worlds.ts'

export const burst: Scenario = {
  id: 'burst',
  title: 'Ten times the load for a minute',
  promises: 'sameOutcome',
  about:
    'Around the middle of the run orders come ten times as fast for a minute: cold starts, queues that fill, ' +
    'and quotas. Look at p99 and at what was throttled.',
  load: { kind: 'burst', factor: 10, forMs: 60_000 },
  world: kindWorld,
  faults: [],
}
