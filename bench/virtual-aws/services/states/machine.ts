import type { World } from '../../world.ts'
import type { CompiledMachine } from './definition/program.ts'
import type { TaskTokens } from './tokens.ts'

export type LogLevel = 'ALL' | 'ERROR' | 'FATAL' | 'OFF'

/** A deployed state machine. */
export interface Machine {
  readonly logicalId: string
  readonly arn: string
  readonly name: string
  readonly roleArn: string
  readonly program: CompiledMachine
  readonly log: { readonly level: LogLevel; readonly includeData: boolean }
}

/** What executions of all machines share. */
export interface Surroundings {
  readonly world: World
  readonly tokens: TaskTokens
  readonly retryJitter: () => number
  readonly expressionChance: () => number
}
