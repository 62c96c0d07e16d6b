import type { Settlement } from './jsonata/unsettled.ts'

/** What the expressions of one visit to a state may see. A fresh one for each attempt. */
export interface Scope {
  /** The state's raw input; `$states.input`. */
  readonly input: unknown
  /** `$states.result`, undefined while there is none. */
  readonly result: unknown
  /** `$states.errorOutput`, only in a catcher. */
  readonly errorOutput: unknown
  /** Workflow variables; those of outer scopes come by prototype. */
  readonly variables: Readonly<Record<string, unknown>>
  /** The Context object, built when first asked for. */
  context(): unknown
  readonly services: ExpressionServices
  readonly settlements: Settlements
}

/** Answers of the JSONata library so far, so that an evaluation that had to wait for one can be run again. */
export interface Settlements {
  /** By expression; undefined while the library was never asked, which is the common case. */
  answers: Map<object, Settlement> | undefined
}

/** What an expression may draw on besides its scope: chance and the clock of the run. */
export interface ExpressionServices {
  random(): number
  nowMs(): number
}
