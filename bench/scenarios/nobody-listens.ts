import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const nobodyListens: Scenario = {
  id: 'nobody-listens',
  title: 'Nobody arranges shipping',
  promises: 'nothing',
  about:
    'Nobody listens to what shipping acts upon, from the beginning: the mapping or the function is not there, ' +
    'or the rule is not. A conductor notices that nobody answers, undoes the order and rejects it, after ' +
    'twelve hours of waiting with a queue, at once without. In choreography the event reaches nobody and ' +
    'nothing fails: every paid order is stuck, and only the view knows it as overdue.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'nobody-listens', step: 'ArrangeShipping' }],
}
