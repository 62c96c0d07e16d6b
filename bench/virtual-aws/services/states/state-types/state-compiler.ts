import type { StateSource } from '../definition/fields.ts'
import type { Program } from '../definition/program.ts'
import type { Integration } from '../integrations/integration.ts'
import type { JsonObject } from '../json.ts'
import type { RunningVisit } from '../running.ts'

/** What a state type's compiler may use. */
export interface StateParts {
  /** Undefined when the state ends its strand. */
  readonly next: string | undefined
  /**
   * Compiles what is nested: the branches of a Parallel, the processor of a Map. What runs as an execution of its own
   * stands apart: it sees no variables of the states around it, and is of a type of its own.
   */
  program(definition: JsonObject, pointer: string, apart?: 'STANDARD' | 'EXPRESS'): Program
  /** The integration behind a Task's `Resource`; undefined when it is not modelled. */
  integration(resource: string): Integration | undefined
  readonly isExpress: boolean
}

export interface StateBody {
  enter(visit: RunningVisit): void
  readonly waitsForToken?: boolean
}

/** Compiles one state; refuses what it does not know. */
export type StateCompiler = (source: StateSource, parts: StateParts) => StateBody
