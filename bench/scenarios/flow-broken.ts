import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const flowBroken: Scenario = {
  id: 'flow-broken',
  title: 'What leads to completion is deployed with a mistake',
  promises: 'nothing',
  about:
    'Half a minute after the first order the way to the last step is deployed with a mistake, and stays so until ' +
    'somebody deploys again: a misspelt variable in the definition of the conductor, a pattern that matches no ' +
    'event in choreography. Mended, a rule gets the events from the archive. An execution that is redriven ' +
    'keeps the definition that it was started with and fails again: it has to be started anew.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [
    { kind: 'definition-broken', step: 'CompleteOrder', fromMs: 30_000 },
    { kind: 'wrong-pattern', step: 'CompleteOrder', fromMs: 30_000 },
  ],
}
