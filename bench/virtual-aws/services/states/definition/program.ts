import type { RunningVisit } from '../running.ts'
import type { Catcher } from './catch.ts'
import type { Retrier } from './retry.ts'

export type StateType = 'Pass' | 'Task' | 'Choice' | 'Wait' | 'Succeed' | 'Fail' | 'Parallel' | 'Map'

/** A state, compiled once. */
export interface CompiledState {
  readonly name: string
  readonly type: StateType
  readonly retriers: readonly Retrier[]
  readonly catchers: readonly Catcher[]
  /** Whether an attempt hands out a task token. */
  readonly waitsForToken: boolean
  /**
   * One attempt. Ends in `visit.leave` or `visit.fail`, at once or later; until then it may throw what an
   * evaluation throws, but only before it has had any effect, since it may be run again.
   */
  enter(visit: RunningVisit): void
}

/** A machine, a branch of a Parallel, or the processor of a Map. */
export interface Program {
  readonly startAt: string
  readonly states: ReadonlyMap<string, CompiledState>
}

export interface CompiledMachine extends Program {
  readonly timeoutMs: number | undefined
}
