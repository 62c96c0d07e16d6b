import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const poison: Scenario = {
  id: 'poison',
  title: 'Some messages for payment can never be read',
  promises: 'nothing',
  about:
    'Of one order in twenty the message to payment can never be read. With queues it comes back until it was ' +
    'received 200 times, more than three hours, then it lies in the dead-letter queue. A conductor notices by ' +
    'its timeout, asks twice more in vain and rejects the order, cleanly, after twelve hours; ' +
    'orchestrated-direct does so at once. In choreography nobody does: the order is stuck with its stock held, and the ' +
    'view knows it as overdue.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'poison', step: 'ProcessPayment', probability: 0.05 }],
}
