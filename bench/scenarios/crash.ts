import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const crash: Scenario = {
  id: 'crash',
  title: 'Handlers die just before or after they answer',
  promises: 'sameOutcome',
  about:
    'One invocation in ten dies after the save and before the answer or the publication, one in ten after it and ' +
    'before it returns, no receive spared, and 2% of charges take effect but their answer is lost. Refusals ' +
    'occur as in `refusals`, so that compensations die as well. Redelivery heals all of it.',
  load: { kind: 'as-given' },
  world: { ...refusingWorld, chargeAnswersLost: 0.02 },
  faults: [
    { kind: 'crash', at: 'before-answer', probability: 0.1 },
    { kind: 'crash', at: 'before-return', probability: 0.1 },
  ],
}
