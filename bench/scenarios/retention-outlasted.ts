import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const retentionOutlasted: Scenario = {
  id: 'retention-outlasted',
  title: 'Payment is down for longer than its messages are kept',
  promises: 'nothing',
  about:
    'Payment is down for half an hour, and for an hour its queues keep messages for ten minutes only, from the end of ' +
    'which the time to recover is counted (four days, as ' +
    'deployed, would outlast the run). What waits longer expires without a trace. A conductor notices by its ' +
    'timeout and asks again: its orders are fulfilled hours later. In choreography they are stuck, and lost ' +
    'unless an archive is replayed. Without a queue nothing expires.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [
    {
      kind: 'queue-changed',
      service: 'payment',
      setting: 'MessageRetentionPeriod',
      seconds: 600,
      fromMs: 0,
      forMs: 3_600_000,
    },
    { kind: 'service-outage', service: 'payment', fromMs: 30_000, forMs: 1_800_000 },
  ],
}
