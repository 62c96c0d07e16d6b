import type { Executions } from './executions.ts'
import type { ExpressExecutions } from './express-executions.ts'
import type { DeployedMachine } from './machine.ts'
import type { TaskTokens } from './tokens.ts'

/** What an update may change of a machine. */
export type MachineUpdate = Partial<Pick<DeployedMachine, 'definition' | 'roleArn' | 'revisionId'>>

/** What the actions of the API work on. */
export interface StatesApi {
  readonly machines: ReadonlyMap<string, DeployedMachine>
  readonly executions: Executions
  readonly expressExecutions: ExpressExecutions
  readonly tokens: TaskTokens
  readonly newName: () => string
  readonly nowMs: () => number
  /** Throws InvalidDefinition, and changes nothing then. */
  update(machine: DeployedMachine, change: MachineUpdate): void
}
