import type { World } from '../../world.ts'
import type { Departure } from './definition/flow.ts'
import type { ExpressTerms } from './express.ts'
import type { Failure } from './failure.ts'
import type { History } from './history.ts'
import type { EventLine } from './history-record.ts'
import type { JsonObject } from './json.ts'
import type { ExpressionServices, Scope } from './scope.ts'
import type { TaskTokens } from './tokens.ts'
import type { VariableBudget } from './variable-budget.ts'

/** What executions of all machines share. */
export interface Surroundings {
  readonly world: World
  readonly tokens: TaskTokens
  readonly retryJitter: () => number
  readonly expressionChance: () => number
}

/** A state machine's names and role. */
export interface MachineIdentity {
  readonly logicalId: string
  readonly arn: string
  readonly name: string
  readonly roleArn: string
  /** Undefined for a Standard machine. */
  readonly express?: ExpressTerms | undefined
}

/** An execution as its strands and visits see it. */
export interface RunningExecution {
  readonly world: World
  readonly surroundings: Surroundings
  readonly machine: MachineIdentity
  readonly arn: string
  readonly name: string
  readonly history: History
  /** The history of a child execution. */
  childHistory(): History
  readonly expressionServices: ExpressionServices
  /** A state was entered or retried; `child` names the child execution that it belongs to, if any. */
  transition(state: string, retry: number, child: string | undefined): void
  /** The part of the Context object that does not change. */
  context(): Readonly<Record<string, unknown>>
  /** Its variables, but for those of child executions. */
  variableBudget(): VariableBudget
  /** The history is full. */
  overflow(): void
  /** A branch or an iteration was begun with so much data: an Express machine is billed for it. */
  innerStarted(bytes: number): void
}

/** The item of a Map that a strand works on. */
export interface MapItem {
  readonly index: number
  readonly value: unknown
  /** The item of the Map around it. */
  readonly outer: MapItem | undefined
}

/** A strand as its visits and the states in it see it. */
export interface RunningStrand extends EventLine {
  readonly execution: RunningExecution
  /** The execution's own, or that of the child execution that it belongs to. */
  readonly history: History
  /** Its own workflow variables; those of outer scopes are seen through the prototype and never written. */
  readonly variables: Record<string, unknown>
  /** Of the child execution that it belongs to, if any. */
  readonly budget: VariableBudget | undefined
  /** Its own variables from now on. */
  assign(variables: JsonObject): void
  readonly mapItem: MapItem | undefined
  /** Name of the child execution that it belongs to, when it is an item of a distributed Map. */
  readonly child: string | undefined
  isTooLarge(payload: unknown): boolean
  /** How long a transition with this payload takes from now, its wait for the quota included. */
  transitionMs(payload: unknown): number
  /** Goes on to the next state, or ends when there is none. */
  proceed(next: string | undefined, output: unknown): void
  fail(failure: Failure): void
  /** Its history is full. */
  overflow(): void
}

/** Who a task's token answers. */
export interface TokenHolder {
  succeed(output: unknown): void
  fail(failure: Failure): void
  heartbeat(): void
}

/** One stay in a state, as the state's own code sees it. */
export interface RunningVisit {
  readonly strand: RunningStrand
  readonly execution: RunningExecution
  readonly state: { readonly name: string }
  readonly input: unknown
  /** Of the current attempt. */
  readonly scope: Scope
  /**
   * Runs a body that evaluates expressions and then acts. When an expression has to wait for the library, the body
   * is run again with its answer, at the same virtual time. What an evaluation throws fails the state.
   */
  evaluate(body: () => void): void
  /** Runs `body` after a delay, unless the attempt has ended by then. Returns what cancels it. */
  after(delayMs: number, body: () => void): () => void
  /** A callback that is deaf once the attempt has ended. */
  ofThisAttempt<Heard extends readonly unknown[]>(body: (...heard: Heard) => void): (...heard: Heard) => void
  /** What to stop when the attempt ends or is aborted: inner strands. */
  onStop(stop: () => void): void
  /** How a redrive goes on with this attempt's inner strands; without it the state is run anew. */
  onRedrive(goOn: () => void): void
  /** Issues the token of this attempt, once. */
  issueToken(holder: TokenHolder): void
  /** Leaves the state: `next` undefined ends the strand. */
  leave(next: string | undefined, departure: Departure): void
  /** The attempt failed: retries, goes to a catcher, or fails the strand. */
  fail(failure: Failure): void
}
