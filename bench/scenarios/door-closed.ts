import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const doorClosed: Scenario = {
  id: 'door-closed',
  title: 'The front door refuses orders for a minute',
  promises: 'nothing',
  about:
    'For a minute StartExecution, or SendMessage to the first queue, is refused. The SDK of the caller tries ' +
    'three times within a second; then the caller hears of it, and the order is nowhere: it is lost unless ' +
    'the customer orders again, in both styles alike. It counts as stuck, though nothing was recorded, ' +
    'charged or held.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'door-refusal', fromMs: 30_000, forMs: 60_000 }],
}
