import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const undoingDown: Scenario = {
  id: 'undoing-down',
  title: 'Nobody takes stock back for fourteen hours',
  promises: 'nothing',
  about:
    'For fourteen hours the handlers that release stock die as they start, longer than anybody tries. Orders that ' +
    'are refused after their stock was reserved stop half undone, and hold it: their executions fail, their ' +
    'messages are dead-lettered. Redriven, they are undone to their end.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [
    {
      kind: 'service-outage',
      service: 'inventory',
      step: 'ReleaseInventory',
      fromMs: 30_000,
      forMs: 50_400_000,
    },
  ],
}
