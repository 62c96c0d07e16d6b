import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const schemaAhead: Scenario = {
  id: 'schema-ahead',
  title: 'Whoever sends to payment is deployed ten minutes too early',
  promises: 'laws',
  about:
    'For ten minutes whoever sends messages to payment speaks a version of their schema that payment does not ' +
    'read yet. With queues the messages come back until it does, and all orders are fulfilled. A state that ' +
    'invokes its function itself takes the error for final and undoes the order: orchestrated-direct rejects ' +
    'all orders of that time, so that the laws alone are promised.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'schema', step: 'ProcessPayment', producer: 'ahead', fromMs: 30_000, forMs: 600_000 }],
}
