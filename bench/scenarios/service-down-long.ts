import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const serviceDownLong: Scenario = {
  id: 'service-down-long',
  title: 'Payment is down for longer than the patience',
  promises: 'laws',
  about:
    'The same for 45 minutes, more than the patience of 30. A handler that dies as it starts cannot lose ' +
    'patience: with queues, orders wait until payment is back and are fulfilled, late. A state that invokes ' +
    'its function itself counts its retries, and gives some orders up before: they are compensated and ' +
    'rejected, so that the ends differ.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'service-outage', service: 'payment', fromMs: 30_000, forMs: 2_700_000 }],
}
