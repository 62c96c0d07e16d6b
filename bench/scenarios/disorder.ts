import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const disorder: Scenario = {
  id: 'disorder',
  title: 'Messages overtake each other',
  promises: 'sameOutcome',
  about:
    'Half of all messages are up to a minute late in their queue, and half of all events up to a minute late ' +
    'at their rule, so that they overtake each other, compensations included. Every message says all that its ' +
    'reader needs, and the view moves by rank: order does not matter. A Standard workflow that invokes its ' +
    'functions itself has no messages that could.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [
    { kind: 'delay', at: 'queue', probability: 0.5, delayMs: [0, 60_000] },
    { kind: 'delay', at: 'rule', probability: 0.5, delayMs: [0, 60_000] },
  ],
}
