import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const lateCopies: Scenario = {
  id: 'late-copies',
  title: 'Messages come again hours after their orders were undone',
  promises: 'laws',
  about:
    'The carrier is away for 45 minutes, so that orders are given up and undone; one in five messages is then ' +
    'delivered once more, about two hours later, after their compensation. What was undone has left a fence, and ' +
    'what was done is on record: nothing happens twice, and nothing happens after all. A Standard workflow that ' +
    'invokes its functions itself has no messages that could come again: orchestrated-direct meets the outage only.',
  // In choreography a copy tells the next step once more, which may be copied in turn: with more of them, or later ones,
  // that goes on for days.
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [
    { kind: 'provider-outage', provider: 'carrier', fromMs: 30_000, forMs: 2_700_000 },
    { kind: 'duplicate', at: 'queue', probability: 0.2, delayMs: [5_400_000, 9_000_000] },
  ],
}
