import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const ruleMissing: Scenario = {
  id: 'rule-missing',
  title: 'The rule that shipping hears by was never deployed',
  promises: 'nothing',
  about:
    'The rule that brings shipping its events is not there, from the beginning. The bus takes the events, no rule ' +
    'hands them to shipping, and nothing fails: every paid order is stuck, and only the view knows it as overdue. ' +
    'Deploying the rule brings the next orders only; those before it take a replay of the archive. Orchestration ' +
    'has no rule between a command and its service: no counterpart.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'rule-missing', step: 'ArrangeShipping' }],
}
