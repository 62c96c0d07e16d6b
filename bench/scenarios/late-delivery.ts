import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const lateDelivery: Scenario = {
  id: 'late-delivery',
  title: 'Shipping hears hours too late',
  promises: 'laws',
  about:
    'Half of the messages to shipping come 13 to 18 hours late. A conductor with queues asks again after its ' +
    'timeout of four hours, up to three times in all, then undoes the order: the command that comes after its ' +
    'compensation is refused by the fence that it left. Choreography has nobody who would ask again: orders ' +
    'wait and are fulfilled after all, long overdue. A state that invokes its function itself has no queue ' +
    'between, so that orchestrated-direct meets none of this.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [
    {
      kind: 'delay',
      at: 'queue',
      step: 'ArrangeShipping',
      probability: 0.5,
      delayMs: [46_800_000, 64_800_000],
    },
  ],
}
