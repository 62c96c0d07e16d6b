import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const lateCopies: Scenario = {
  id: 'late-copies',
  title: 'Messages come again hours after their orders were undone',
  promises: 'laws',
  about:
    'The carrier is away for 45 minutes, so that orders are given up and undone; four in five messages are then ' +
    'delivered once more, two to ten hours later, after their compensation. What was undone has left a fence, and ' +
    'what was done is on record: nothing happens twice, and nothing happens after all. A Standard workflow that ' +
    'invokes its functions itself has no messages that could come again: orchestrated-direct meets the outage only.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [
    { kind: 'provider-outage', provider: 'carrier', fromMs: 30_000, forMs: 2_700_000 },
    { kind: 'duplicate', at: 'queue', probability: 0.8, delayMs: [7_200_000, 36_000_000] },
  ],
}
