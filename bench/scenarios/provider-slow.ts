import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const providerSlow: Scenario = {
  id: 'provider-slow',
  title: 'The carrier takes five seconds longer',
  promises: 'sameOutcome',
  about:
    'For ten minutes the carrier takes five seconds longer for each answer, still within the timeout of the ' +
    'functions. Nothing fails, and nothing is retried: look at latency, and at the seconds of functions that ' +
    'are billed for waiting.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'provider-slow', provider: 'carrier', extraMs: 5_000, fromMs: 30_000, forMs: 600_000 }],
}
