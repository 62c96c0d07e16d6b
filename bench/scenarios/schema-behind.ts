import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const schemaBehind: Scenario = {
  id: 'schema-behind',
  title: 'Payment is deployed ten minutes too early',
  promises: 'nothing',
  about:
    'For ten minutes payment reads only a new version of a schema that its senders do not speak yet. What ' +
    'they send until then can never be read: a conductor gives those orders up and rejects them, after twelve ' +
    'hours of waiting with queues, at once without. In choreography they are stuck: replaying or redriving ' +
    'gives the old version again.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'schema', step: 'ProcessPayment', producer: 'behind', fromMs: 30_000, forMs: 600_000 }],
}
