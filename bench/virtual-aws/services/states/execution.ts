import type { ExecutionEnd } from '../../observer.ts'
import type { World } from '../../world.ts'
import type { Failure } from './failure.ts'
import { History, historyIsFull } from './history.ts'
import { type HistoryRecord, Payload } from './history-record.ts'
import type { Machine } from './machine.ts'
import type { RunningExecution, Surroundings } from './running.ts'
import type { ExpressionServices } from './scope.ts'
import { Strand } from './strand.ts'
import { isoTime } from './timestamp.ts'
import { VariableBudget } from './variable-budget.ts'

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
  /** Let go of at a success, after which nothing goes on: many of those are kept to be described. */
  #strand: Strand | undefined
  readonly #onEnd: (execution: Execution) => void
  #timer: number | undefined
  #context: Readonly<Record<string, unknown>> | undefined
  #variableBudget: VariableBudget | undefined
  status: ExecutionStatus = 'RUNNING'
  stoppedMs: number | undefined
  output: unknown
  failure: Failure | undefined
  redriveCount = 0
  redrivenMs: number | undefined
  /** Data of all its branches and iterations, for the bill of an Express machine. */
  innerBytes = 0

  constructor(
    surroundings: Surroundings,
    machine: Machine,
    named: { readonly arn: string; readonly name: string; readonly input: unknown },
    onEnd: (execution: Execution) => void,
    record?: HistoryRecord,
  ) {
    this.surroundings = surroundings
    this.machine = machine
    this.arn = named.arn
    this.name = named.name
    this.input = named.input
    this.startedMs = surroundings.world.kernel.nowMs
    this.history = new History(surroundings.world, machine, record)
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
    const { history, input, machine } = this
    history.write('event', input)
    // The first state comes after nothing, not after this: so recorded on AWS.
    history.record?.after(0, 'ExecutionStarted', {
      executionStartedEventDetails: { input: new Payload(input), roleArn: machine.roleArn },
    })
    this.#startTimer()
    this.#strand?.start(input, 'states.start')
  }

  #startTimer(): void {
    const { timeoutMs } = this.machine.program
    if (timeoutMs !== undefined) this.#timer = this.world.kernel.after(timeoutMs, () => this.#timeOut())
  }

  /** Goes on from where it failed, was stopped or timed out; its own timeout begins anew. */
  redrive(): void {
    this.redriveCount += 1
    this.redrivenMs = this.world.kernel.nowMs
    this.status = 'RUNNING'
    this.failure = undefined
    this.stoppedMs = undefined
    this.#context = undefined
    const { history, redriveCount } = this
    history.write()
    history.record?.next(this.#running(), 'ExecutionRedriven', {
      executionRedrivenEventDetails: { redriveCount },
    })
    this.#startTimer()
    this.#running().redrive()
  }

  childHistory(): History {
    return new History(this.world, this.machine)
  }

  variableBudget(): VariableBudget {
    this.#variableBudget ??= new VariableBudget()
    return this.#variableBudget
  }

  stop(error: string | null, cause: string | null): void {
    this.#strand?.abort()
    this.#end('ABORTED', undefined, { error, cause })
  }

  overflow(): void {
    this.#strand?.abort()
    this.#end('FAILED', undefined, { error: 'States.Runtime', cause: historyIsFull })
  }

  #timeOut(): void {
    this.#strand?.abort()
    this.#end('TIMED_OUT', undefined, { error: 'States.Timeout', cause: null })
  }

  transition(state: string, retry: number, child: string | undefined): void {
    const { world, machine, name } = this
    const told = {
      machineId: machine.logicalId,
      executionName: child ?? name,
      state,
      atMs: world.kernel.nowMs,
      retry,
    }
    world.observer.transition(machine.express === undefined ? told : { ...told, isExpress: true })
  }

  innerStarted(bytes: number): void {
    this.innerBytes += bytes
  }

  context(): Readonly<Record<string, unknown>> {
    this.#context ??= {
      Execution: {
        Id: this.arn,
        Input: this.input,
        StartTime: isoTime(this.startedMs),
        Name: this.name,
        RoleArn: this.machine.roleArn,
        RedriveCount: this.redriveCount,
        ...(this.redrivenMs === undefined ? {} : { RedriveTime: isoTime(this.redrivenMs) }),
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
    this.#recordEnd(status)
    this.history.meter()
    if (status === 'SUCCEEDED') {
      this.#strand = undefined
      this.#context = undefined
      this.#variableBudget = undefined
    }
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

  #recordEnd(status: ExecutionEnd['status']): void {
    const { record } = this.history
    if (record === undefined) return
    const [type, member] = endEvents[status]
    const { output, failure } = this
    const details =
      status === 'SUCCEEDED'
        ? { output: new Payload(output) }
        : { error: failure?.error, cause: failure?.cause }
    const strand = this.#running()
    // The end of its own time comes after no other event: https://github.com/floci-io/floci/pull/2782 (measured on AWS).
    if (status === 'TIMED_OUT') strand.lastEvent = record.after(0, type, { [member]: details })
    else record.next(strand, type, { [member]: details })
  }

  #running(): Strand {
    if (this.#strand === undefined) throw new Error(`${this.arn} has succeeded and goes on`)
    return this.#strand
  }
}

const endEvents = {
  SUCCEEDED: ['ExecutionSucceeded', 'executionSucceededEventDetails'],
  FAILED: ['ExecutionFailed', 'executionFailedEventDetails'],
  TIMED_OUT: ['ExecutionTimedOut', 'executionTimedOutEventDetails'],
  ABORTED: ['ExecutionAborted', 'executionAbortedEventDetails'],
} as const

/** A timeout that nobody caught is told without a cause, though a catcher gets an empty one: so recorded on AWS. */
const asReported = (failure: Failure): Failure =>
  failure.error === 'States.Timeout' && failure.cause === '' ? { ...failure, cause: null } : failure
