import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const ruleDisabled: Scenario = {
  id: 'rule-disabled',
  title: 'The rule that payment hears by is disabled for a minute',
  promises: 'nothing',
  about:
    'For a minute the rule that brings payment its events is disabled. The bus takes the events and hands ' +
    'them to whoever else listens; payment never hears of them, and nothing fails: those orders are stuck, ' +
    'their stock is held, and only the order view knows that they are overdue. They are lost unless an ' +
    'archive is replayed. Orchestration has no rule between a command and its service: no counterpart.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'rule-disabled', step: 'ProcessPayment', fromMs: 30_000, forMs: 60_000 }],
}
