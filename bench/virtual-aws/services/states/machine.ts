import type { CompiledMachine } from './definition/program.ts'
import type { Logging } from './history.ts'
import type { JsonObject } from './json.ts'
import type { MachineIdentity } from './running.ts'

/** A state machine as its executions see it; one that runs keeps the machine that it was started with. */
export interface Machine extends MachineIdentity {
  readonly program: CompiledMachine
  readonly log: Logging
}

/** A deployed state machine, with what DescribeStateMachine tells of it. */
export interface DeployedMachine extends Machine {
  readonly definition: string
  readonly createdMs: number
  /** Undefined until the first update. */
  readonly revisionId: string | undefined
  readonly loggingConfiguration: JsonObject | undefined
  readonly tracingConfiguration: JsonObject | undefined
}
