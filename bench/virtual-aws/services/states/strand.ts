import { transitionPayloadFactors } from '../../latency/hops.ts'
import type { Program } from './definition/program.ts'
import type { Failure } from './failure.ts'
import { type History, historyIsFull } from './history.ts'
import { type JsonObject, jsonBytes, jsonBytesMost, payloadBytesMax } from './json.ts'
import type { MapItem, RunningExecution, RunningStrand } from './running.ts'
import type { VariableBudget } from './variable-budget.ts'
import { Visit } from './visit.ts'

/** Up to this size a payload does not slow a transition. */
const [[unslowedBytesMax]] = transitionPayloadFactors

/** Where a strand's end is heard: the execution, a Parallel or a Map. */
export interface StrandEnd {
  done(output: unknown): void
  failed(failure: Failure): void
}

export interface StrandOrigin {
  readonly variables: Readonly<Record<string, unknown>> | null
  readonly mapItem: MapItem | undefined
  /** Name of the child execution that it belongs to, when it is an item of a distributed Map. */
  readonly child: string | undefined
  /** The history that it writes, where that is not the execution's own. */
  readonly history?: History
  /** Where its variables count, where that is not with the execution's own. */
  readonly budget?: VariableBudget | undefined
}

/** One line of states in progress: an execution's own, a branch of a Parallel or an iteration of a Map. */
export class Strand implements RunningStrand {
  readonly execution: RunningExecution
  readonly mapItem: MapItem | undefined
  readonly child: string | undefined
  readonly variables: Record<string, unknown>
  readonly history: History
  readonly budget: VariableBudget | undefined
  lastEvent = 0
  readonly #program: Program
  readonly #end: StrandEnd
  /** Where it is, or where it failed or was aborted. */
  #visit: Visit | undefined
  #pendingEntry: number | undefined
  #nextName = ''
  #nextInput: unknown
  #isDone = false
  #hasAssigned = false
  #lastOutput: unknown
  #lastBytes = 0

  constructor(execution: RunningExecution, program: Program, origin: StrandOrigin, end: StrandEnd) {
    this.execution = execution
    this.mapItem = origin.mapItem
    this.child = origin.child
    this.history = origin.history ?? execution.history
    this.budget = origin.budget
    this.variables = Object.create(origin.variables) as Record<string, unknown>
    this.#program = program
    this.#end = end
  }

  /** Enters the first state after `hop`: `states.start` for an execution, a transition for an inner strand. */
  start(input: unknown, hop: 'states.start' | 'states.transition'): void {
    const { express } = this.execution.machine
    if (express !== undefined && hop === 'states.transition') this.execution.innerStarted(jsonBytes(input))
    this.#schedule(this.#program.startAt, input, hop)
  }

  proceed(next: string | undefined, output: unknown): void {
    this.#visit = undefined
    if (next === undefined) {
      this.#isDone = true
      this.#closeVariables()
      this.#end.done(output)
    } else this.#schedule(next, output, 'states.transition')
  }

  assign(variables: JsonObject): void {
    this.#hasAssigned = true
    this.#variableBudget().assign(this.variables, variables)
  }

  #variableBudget(): VariableBudget {
    return this.budget ?? this.execution.variableBudget()
  }

  #closeVariables(): void {
    if (this.#hasAssigned) this.#variableBudget().close(this.variables)
  }

  fail(failure: Failure): void {
    this.#end.failed(failure)
  }

  /** Stops where it is: nothing of it has an effect any more. */
  abort(): void {
    if (this.#pendingEntry !== undefined) this.execution.world.kernel.cancel(this.#pendingEntry)
    this.#pendingEntry = undefined
    this.#visit?.abort()
    this.#closeVariables()
  }

  /** Whether it came to its end; else a redrive goes on with it. */
  get isDone(): boolean {
    return this.#isDone
  }

  /** Goes on from the state in which it failed or was aborted. */
  redrive(): void {
    if (this.#hasAssigned) this.#variableBudget().open(this.variables)
    if (this.#visit === undefined) this.#schedule(this.#nextName, this.#nextInput, 'states.transition')
    else this.#visit.redrive()
  }

  /** The Parallel that it is a branch of has failed: tells of the state that will never be left. */
  writeAborted(): void {
    if (this.#pendingEntry === undefined && !this.#isDone) this.#visit?.writeAborted()
  }

  /**
   * Size of a payload, or a bound of it that is as good: what is small for sure neither slows a transition nor breaks a
   * limit. One that is handed on unchanged is measured once.
   */
  #bytesOf(payload: unknown): number {
    if (payload !== this.#lastOutput || typeof payload !== 'object') {
      const bytesMost = jsonBytesMost(payload)
      this.#lastOutput = payload
      this.#lastBytes = bytesMost <= unslowedBytesMax ? bytesMost : jsonBytes(payload)
    }
    return this.#lastBytes
  }

  isTooLarge(payload: unknown): boolean {
    return this.#bytesOf(payload) > payloadBytesMax
  }

  transitionMs(payload: unknown, hop: 'states.start' | 'states.transition' = 'states.transition'): number {
    const { world, machine } = this.execution
    const hopMs = world.latencyMs(hop, this.#bytesOf(payload))
    if (machine.express !== undefined) return hopMs
    return hopMs + world.throttle('states.StateTransition', 1, undefined, machine.logicalId).delayMs
  }

  /** A child execution that comes to the limit of its history fails alone. */
  overflow(): void {
    if (this.history === this.execution.history) this.execution.overflow()
    else this.fail({ error: 'States.Runtime', cause: historyIsFull })
  }

  #schedule(name: string, input: unknown, hop: 'states.start' | 'states.transition'): void {
    const { world } = this.execution
    this.#nextName = name
    this.#nextInput = input
    this.#pendingEntry = world.kernel.after(this.transitionMs(input, hop), () => {
      this.#pendingEntry = undefined
      this.#enter(name, input)
    })
  }

  #enter(name: string, input: unknown): void {
    const state = this.#program.states.get(name)
    if (state === undefined) throw new Error(`State ${name} was not validated`)
    if (this.history.isFull) {
      this.overflow()
      return
    }
    this.#visit = new Visit(this, state, input)
    this.#visit.begin()
  }
}
