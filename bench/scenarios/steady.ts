import type { Scenario } from './scenario.ts'
import { kindWorld } from './worlds.ts'

export const steady: Scenario = {
  id: 'steady',
  title: 'Everything works',
  promises: 'sameOutcome',
  about: 'Nothing is refused and nothing fails: what the happy path takes and costs in each style.',
  load: { kind: 'as-given' },
  world: kindWorld,
  faults: [],
}
