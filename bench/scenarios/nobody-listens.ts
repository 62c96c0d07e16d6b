import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const nobodyListens: Scenario = {
  id: 'nobody-listens',
  title: 'Nobody arranges shipping',
  promises: 'nothing',
  about:
    'Nobody takes what is sent to shipping, from the beginning: the mapping between queue and function was not ' +
    'deployed, or the function that is invoked. A conductor notices that nobody answers, undoes the order and ' +
    'rejects it, after twelve hours of waiting with a queue, at once without. In choreography the event waits in ' +
    'its queue: every paid order is stuck, and is shipped as soon as somebody reads.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'nobody-listens', step: 'ArrangeShipping' }],
}
