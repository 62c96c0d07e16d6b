import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const serviceDown: Scenario = {
  id: 'service-down',
  title: 'Payment is down for ten minutes',
  promises: 'sameOutcome',
  about:
    'From half a minute after the first order every handler of payment dies as it starts, for ten minutes, as ' +
    'after a bad deployment. Messages wait in their queues and come back until somebody is there; a state ' +
    'that invokes its function itself retries. Nobody gives up, and nothing is lost.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'service-outage', service: 'payment', fromMs: 30_000, forMs: 600_000 }],
}
