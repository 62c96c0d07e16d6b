import type { ExecutionEnd } from '../../observer.ts'
import type { World } from '../../world.ts'
import type { Failure } from './failure.ts'
import { History, historyEventsMax } from './history.ts'
import type { Machine } from './machine.ts'
import type { RunningExecution, Surroundings } from './running.ts'
import type { ExpressionServices } from './scope.ts'
import { Strand } from './strand.ts'
import { isoTime } from './timestamp.ts'

export type ExecutionStatus = 'RUNNING' | ExecutionEnd['status']

/** One run of a machine, from its start to its end. */
export class Execution implements RunningExecution {
  readonly machine: Machine
  readonly surroundings: Surroundings
  readonly arn: string
  readonly name: string
  readonly input: unknown
  readonly startedMs: number
  readonly history: History
  readonly expressionServices: ExpressionServices
  readonly #strand: Strand
  readonly #onEnd: (execution: Execution) => void
  #timer: number | undefined
  #context: Readonly<Record<string, unknown>> | undefined
  status: ExecutionStatus = 'RUNNING'
  stoppedMs: number | undefined
  output: unknown
  failure: Failure | undefined

  constructor(
    surroundings: Surroundings,
    machine: Machine,
    named: { readonly arn: string; readonly name: string; readonly input: unknown },
    onEnd: (execution: Execution) => void,
  ) {
    this.surroundings = surroundings
    this.machine = machine
    this.arn = named.arn
    this.name = named.name
    this.input = named.input
    this.startedMs = surroundings.world.kernel.nowMs
    this.history = new History(surroundings.world, machine)
    this.expressionServices = {
      random: surroundings.expressionChance,
      nowMs: () => surroundings.world.kernel.nowMs,
    }
    this.#onEnd = onEnd
    this.#strand = new Strand(
      this,
      machine.program,
      { variables: null, mapItem: undefined, child: undefined },
      {
        done: (output) => this.#end('SUCCEEDED', output, undefined),
        failed: (failure) => this.#end('FAILED', undefined, asReported(failure)),
      },
    )
  }

  get world(): World {
    return this.surroundings.world
  }

  start(): void {
    this.history.write('event', this.input)
    const { timeoutMs } = this.machine.program
    if (timeoutMs !== undefined) this.#timer = this.world.kernel.after(timeoutMs, () => this.#timeOut())
    this.#strand.start(this.input, 'states.start')
  }

  stop(error: string | null, cause: string | null): void {
    this.#strand.abort()
    this.#end('ABORTED', undefined, { error, cause })
  }

  overflow(): void {
    this.#strand.abort()
    this.#end('FAILED', undefined, {
      error: 'States.Runtime',
      cause: `The execution reached the maximum number of history events (${historyEventsMax}).`,
    })
  }

  #timeOut(): void {
    this.#strand.abort()
    this.#end('TIMED_OUT', undefined, { error: 'States.Timeout', cause: null })
  }

  transition(state: string, retry: number, child: string | undefined): void {
    const { world, machine, name } = this
    world.observer.transition({
      machineId: machine.logicalId,
      executionName: child ?? name,
      state,
      atMs: world.kernel.nowMs,
      retry,
    })
  }

  context(): Readonly<Record<string, unknown>> {
    this.#context ??= {
      Execution: {
        Id: this.arn,
        Input: this.input,
        StartTime: isoTime(this.startedMs),
        Name: this.name,
        RoleArn: this.machine.roleArn,
        RedriveCount: 0,
      },
      StateMachine: { Id: this.machine.arn, Name: this.machine.name },
    }
    return this.#context
  }

  #end(status: ExecutionEnd['status'], output: unknown, failure: Failure | undefined): void {
    if (this.status !== 'RUNNING') return
    const { world, machine, name, startedMs } = this
    const endedMs = world.kernel.nowMs
    if (this.#timer !== undefined) world.kernel.cancel(this.#timer)
    this.status = status
    this.output = output
    this.failure = failure
    this.stoppedMs = endedMs
    this.history.write(status === 'SUCCEEDED' ? 'event' : 'end', output)
    this.history.meter()
    this.#onEnd(this)
    world.observer.execution({
      machineId: machine.logicalId,
      executionName: name,
      status,
      startedMs,
      endedMs,
      error: failure?.error ?? undefined,
      cause: failure?.cause ?? undefined,
    })
  }
}

/** A timeout that nobody caught is told without a cause, though a catcher gets an empty one: so recorded on AWS. */
const asReported = (failure: Failure): Failure =>
  failure.error === 'States.Timeout' && failure.cause === '' ? { ...failure, cause: null } : failure
