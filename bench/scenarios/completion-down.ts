import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const completionDown: Scenario = {
  id: 'completion-down',
  title: 'Nobody completes orders for fourteen hours',
  promises: 'nothing',
  about:
    'For fourteen hours the handler that completes orders dies as it starts, longer than anybody tries. There is ' +
    'no way back from a shipped order, so that nothing undoes it: executions fail, within the hour or after ' +
    'twelve, and with queues its messages lie in the dead-letter queue. Those orders are stuck until somebody ' +
    'redrives the executions, or in choreography the queue.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [
    { kind: 'service-outage', service: 'order', step: 'CompleteOrder', fromMs: 30_000, forMs: 50_400_000 },
  ],
}
