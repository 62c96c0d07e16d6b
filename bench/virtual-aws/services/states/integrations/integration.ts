import type { Principal, World } from '../../../world.ts'
import type { Failure } from '../failure.ts'
import type { RunningVisit } from '../running.ts'

/** How the call behind a task came out. For a task with a token it only says whether the token is on its way. */
export type TaskOutcome =
  | { readonly ok: true; readonly output: unknown }
  | { readonly ok: false; readonly failure: Failure }

export interface TaskCall {
  readonly world: World
  readonly visit: RunningVisit
  /** The task's arguments, evaluated. */
  readonly payload: unknown
  readonly principal: Principal
}

/** A service integration: how a Task does its work. */
export interface Integration {
  /** Whether the task ends with the answer to a token, not with the call. */
  readonly waitsForToken: boolean
  /** Parameters that are modelled; undefined when they are the payload itself. Others are refused by name. */
  readonly parameters: ReadonlySet<string> | undefined
  call(task: TaskCall, done: (outcome: TaskOutcome) => void): void
}
