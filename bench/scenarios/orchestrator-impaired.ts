import type { Scenario } from './scenario.ts'
import { refusingWorld } from './worlds.ts'

export const orchestratorImpaired: Scenario = {
  id: 'orchestrator-impaired',
  title: 'Step Functions answers no call for ten minutes',
  promises: 'nothing',
  about:
    'For ten minutes the API of Step Functions refuses every call: StartExecution at the front door, and the ' +
    'answers of workers. Orders at the door are lost unless the customer orders again, and count as stuck; ' +
    'those under way wait, since a worker whose answer was refused gets its message back. Executions that ' +
    'need no answer go on. Choreography does not use Step Functions: no counterpart.',
  load: { kind: 'as-given' },
  world: refusingWorld,
  faults: [{ kind: 'orchestrator-refusal', fromMs: 30_000, forMs: 600_000 }],
}
