import type { CompiledMachine } from './definition/program.ts'
import type { Logging } from './history.ts'
import type { MachineIdentity } from './running.ts'

/** A deployed state machine. */
export interface Machine extends MachineIdentity {
  readonly program: CompiledMachine
  readonly log: Logging
}
