import { catcherFor } from './definition/catch.ts'
import type { Departure } from './definition/flow.ts'
import type { CompiledState, StateType } from './definition/program.ts'
import { jittered, retrierFor } from './definition/retry.ts'
import { EvaluationError, type Failure, StateError } from './failure.ts'
import { Assigned, Payload } from './history-record.ts'
import type { JsonObject } from './json.ts'
import { Unsettled } from './jsonata/unsettled.ts'
import { mapContext } from './map-context.ts'
import type { RunningExecution, RunningStrand, RunningVisit, TokenHolder } from './running.ts'
import type { Scope } from './scope.ts'
import { isoTime } from './timestamp.ts'

/** States whose context tells how often they were retried. */
const countsRetries = new Set(['Task', 'Parallel', 'Map'])

/** What the failure of a state that has inner states is told by, and what is told of a state that is never left. */
const failedEvents = { Parallel: 'ParallelStateFailed', Map: 'MapStateFailed' } as const
const abortedEvents = {
  Task: 'TaskStateAborted',
  Wait: 'WaitStateAborted',
  Parallel: 'ParallelStateAborted',
  Map: 'MapStateAborted',
} as const

const eventOf = <Events extends object>(events: Events, type: StateType): Events[keyof Events] | undefined =>
  Object.hasOwn(events, type) ? events[type as unknown as keyof Events] : undefined

const hasMembers = (object: JsonObject | undefined): object is JsonObject =>
  object !== undefined && Object.keys(object).length > 0

/** One stay in a state, its retries included. */
export class Visit implements RunningVisit {
  readonly strand: RunningStrand
  readonly state: CompiledState
  readonly input: unknown
  readonly execution: RunningExecution
  /** Of the current attempt. */
  scope: Scope
  readonly #enteredMs: number
  readonly #enteredEvent: number
  /** Retries so far, for each entry of `Retry`. */
  readonly #retries: number[]
  #retryCount = 0
  /** Attempts are told apart, so that a late callback of an earlier one is not heard. */
  #attempt = 0
  #token: string | undefined
  #timers: number[] = []
  #onAbort: (() => void) | undefined
  #onRedrive: (() => void) | undefined
  #redriveCount = 0
  /** Its failure has been told: it is not aborted besides. */
  #hasFailed = false
  /** A catcher has taken over: what fails in it is not caught again. */
  #isCaught = false

  constructor(strand: RunningStrand, state: CompiledState, input: unknown) {
    this.strand = strand
    this.state = state
    this.input = input
    this.execution = strand.execution
    this.#enteredMs = this.execution.world.kernel.nowMs
    this.#enteredEvent = this.#writeEntered()
    this.#retries = state.retriers.map(() => 0)
    this.scope = this.#freshScope()
  }

  #writeEntered(): number {
    const { strand, state, input } = this
    const { history } = strand
    const id = history.write('event', input)
    history.record?.next(strand, `${state.type}StateEntered`, {
      stateEnteredEventDetails: { name: state.name, input: new Payload(input) },
    })
    return id
  }

  begin(): void {
    if (this.#attempt > 0) this.scope = this.#freshScope()
    this.#attempt += 1
    this.#onRedrive = undefined
    this.execution.transition(this.state.name, this.#retryCount + this.#redriveCount, this.strand.child)
    this.evaluate(() => this.state.enter(this))
  }

  evaluate(body: () => void): void {
    const attempt = this.#attempt
    try {
      body()
    } catch (error) {
      if (error instanceof Unsettled) this.#again(error, attempt, body)
      else this.fail(this.#failureOf(error))
    }
  }

  #again({ settled }: Unsettled, attempt: number, body: () => void): void {
    const { kernel } = this.execution.world
    kernel.wake()
    // An event of its own, so that what the body throws stops the run and not a promise that nobody holds.
    void settled.then(() =>
      kernel.at(kernel.nowMs, () => {
        if (attempt === this.#attempt) this.evaluate(body)
      }),
    )
  }

  #failureOf(error: unknown): Failure {
    if (error instanceof StateError) return error.failure
    if (!(error instanceof EvaluationError)) throw error
    const where = `An error occurred while executing the state '${this.state.name}' (entered at the event id #${this.#enteredEvent}).`
    const failure = { error: error.error, cause: `${where} ${error.message}` }
    if (error.error === 'States.QueryEvaluationError') this.#writeEvaluationFailed(failure)
    return failure
  }

  /** Comes after what the state itself came after, as recorded on AWS. */
  #writeEvaluationFailed({ error, cause }: Failure): void {
    const { strand, state } = this
    const { history } = strand
    history.write('failure')
    if (history.record === undefined) return
    const [, location] = /specified for the field '([^']*)'/.exec(cause ?? '') ?? []
    strand.lastEvent = history.record.after(
      history.record.previousOf(this.#enteredEvent),
      'EvaluationFailed',
      {
        evaluationFailedEventDetails: { error, cause, location, state: state.name },
      },
    )
  }

  after(delayMs: number, body: () => void): () => void {
    const { kernel } = this.execution.world
    const timer = kernel.after(delayMs, this.ofThisAttempt(body))
    this.#timers.push(timer)
    return () => kernel.cancel(timer)
  }

  ofThisAttempt<Heard extends readonly unknown[]>(
    body: (...heard: Heard) => void,
  ): (...heard: Heard) => void {
    const attempt = this.#attempt
    return (...heard) => {
      if (attempt === this.#attempt) body(...heard)
    }
  }

  onStop(stop: () => void): void {
    this.#onAbort = stop
  }

  onRedrive(goOn: () => void): void {
    this.#onRedrive = goOn
  }

  leave(next: string | undefined, departure: Departure): void {
    const { output, assigned } = departure
    if (this.strand.isTooLarge(output)) {
      this.#onRedrive = undefined
      this.fail({
        error: 'States.DataLimitExceeded',
        cause: `The state/task '${this.state.name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
      })
      return
    }
    this.#stopAttempt()
    this.#writeExited(departure)
    if (assigned !== undefined) this.strand.assign(assigned)
    this.strand.proceed(next, output)
  }

  #writeExited({ output, assigned }: Departure): void {
    const { strand, state } = this
    const { history } = strand
    history.write('event', output)
    history.meter()
    if (history.record === undefined || state.type === 'Fail') return
    history.record.next(strand, `${state.type}StateExited`, {
      stateExitedEventDetails: {
        name: state.name,
        output: new Payload(output),
        assignedVariables: hasMembers(assigned) ? new Assigned(assigned) : undefined,
      },
    })
  }

  fail(failure: Failure): void {
    if (!this.#isCaught && this.#retry(failure)) return
    const catcher = this.#isCaught ? undefined : catcherFor(this.state.catchers, failure)
    this.#stopAttempt()
    if (failure.error !== 'States.Runtime') this.#writeFailed()
    if (catcher === undefined) {
      this.strand.fail(failure)
      return
    }
    this.#isCaught = true
    this.evaluate(() => this.leave(catcher.next, catcher.leave(this.scope, failure)))
  }

  #writeFailed(): void {
    const type = eventOf(failedEvents, this.state.type)
    if (type === undefined) return
    this.#hasFailed = true
    this.strand.history.write('failure')
    this.strand.history.record?.next(this.strand, type)
  }

  /** The state is never left, since the Parallel around it has failed. Its line goes on from where it was. */
  writeAborted(): void {
    const type = eventOf(abortedEvents, this.state.type)
    if (type === undefined || this.#hasFailed) return
    const { history, lastEvent } = this.strand
    history.write()
    history.record?.after(lastEvent, type)
  }

  #retry(failure: Failure): boolean {
    const index = retrierFor(this.state.retriers, failure)
    const retrier = this.state.retriers[index]
    const retry = (this.#retries[index] ?? 0) + 1
    if (retrier === undefined || retry > retrier.attemptsMax) return false
    this.#retries[index] = retry
    this.#stopAttempt()
    this.#retryCount += 1
    const delayMs = jittered(retrier, retry, this.execution.surroundings.retryJitter)
    this.after(delayMs, () => this.after(this.strand.transitionMs(this.input), () => this.#tryAgain()))
    return true
  }

  #tryAgain(): void {
    if (this.strand.history.isFull) this.strand.overflow()
    else this.begin()
  }

  abort(): void {
    this.#stopAttempt()
  }

  /**
   * Goes on from here when the execution is redriven: with the inner strands that did not come to their end, else with
   * a further attempt. Its retriers begin anew.
   */
  redrive(): void {
    this.#retries.fill(0)
    this.#retryCount = 0
    this.#redriveCount += 1
    this.#isCaught = false
    this.#hasFailed = false
    if (this.#onRedrive !== undefined) this.evaluate(this.#onRedrive)
    else this.after(this.strand.transitionMs(this.input), () => this.#runAnew())
  }

  #runAnew(): void {
    if (this.state.type === 'Fail') this.#writeEntered()
    this.#tryAgain()
  }

  #stopAttempt(): void {
    this.#attempt += 1
    const { world, surroundings } = this.execution
    for (const timer of this.#timers) world.kernel.cancel(timer)
    this.#timers = []
    if (this.#token !== undefined) surroundings.tokens.close(this.#token)
    this.#token = undefined
    this.#onAbort?.()
    this.#onAbort = undefined
  }

  issueToken(waiting: TokenHolder): void {
    this.#token ??= this.execution.surroundings.tokens.issue({
      machineArn: this.execution.machine.arn,
      succeed: (output) => waiting.succeed(output),
      fail: (error, cause) => waiting.fail({ error, cause }),
      heartbeat: () => waiting.heartbeat(),
    })
  }

  #freshScope(): Scope {
    const { execution, strand } = this
    let context: unknown
    return {
      input: this.input,
      result: undefined,
      errorOutput: undefined,
      variables: strand.variables,
      services: execution.expressionServices,
      settlements: { answers: undefined },
      context: () => {
        context ??= this.#context()
        return context
      },
    }
  }

  #context(): unknown {
    const { state, strand } = this
    const { Execution: execution, StateMachine: machine } = this.execution.context()
    const visited: Record<string, unknown> = { Name: state.name, EnteredTime: isoTime(this.#enteredMs) }
    if (countsRetries.has(state.type)) visited['RetryCount'] = this.#retryCount
    const context: Record<string, unknown> = { Execution: execution, StateMachine: machine, State: visited }
    if (strand.mapItem !== undefined) context['Map'] = mapContext(strand.mapItem.index, strand.mapItem.value)
    if (this.#token !== undefined) context['Task'] = { Token: this.#token }
    return context
  }
}
