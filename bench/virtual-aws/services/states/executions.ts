import type { World } from '../../world.ts'
import { Execution, type ExecutionStatus } from './execution.ts'
import type { Failure } from './failure.ts'
import { equal } from './json.ts'
import type { Machine } from './machine.ts'
import type { Surroundings } from './running.ts'
import { sfnErrors } from './sfn-errors.ts'

/** Open executions of an account and region. Source: Step Functions quotas (read 2026-11-22). */
export const openExecutionsMax = 1_000_000

/** Names of closed executions that are remembered; AWS does for 90 days. Beyond it the oldest may be used again. */
const closedNamesMax = 1_000_000

/** Closed executions that can still be described with their output. */
const describedMax = 1_000

/** What DescribeExecution tells. */
export interface Described {
  readonly arn: string
  readonly name: string
  readonly machineArn: string
  readonly status: ExecutionStatus
  readonly startedMs: number
  readonly stoppedMs: number | undefined
  readonly input: unknown
  readonly output: unknown
  readonly failure: Failure | undefined
}

/** The executions of all machines: the open ones, the last closed ones, and the names of the closed. */
export class Executions {
  readonly #surroundings: Surroundings
  readonly #open = new Map<string, Execution>()
  readonly #closed = new Set<string>()
  readonly #described = new Map<string, Described>()

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  get openCount(): number {
    return this.#open.size
  }

  /**
   * Starts an execution. The same name with the same input is the execution that is open already; any other use of
   * a name is an error, whether that execution is open or closed.
   */
  start(machine: Machine, name: string, input: unknown): Pick<Execution, 'arn' | 'startedMs'> {
    const arn = arnOf(this.#surroundings.world, machine.name, name)
    const running = this.#open.get(arn)
    if (running !== undefined) {
      if (equal(running.input, input)) return running
      throw sfnErrors.executionAlreadyExists(arn)
    }
    if (this.#closed.has(arn)) throw sfnErrors.executionAlreadyExists(arn)
    if (this.#open.size >= openExecutionsMax) throw sfnErrors.executionLimitExceeded(openExecutionsMax)
    const execution = new Execution(this.#surroundings, machine, { arn, name, input }, (ended) =>
      this.#close(ended),
    )
    this.#open.set(arn, execution)
    execution.start()
    return execution
  }

  stop(arn: string, error: string | null, cause: string | null): number {
    const execution = this.#open.get(arn)
    if (execution !== undefined) execution.stop(error, cause)
    const described = this.#described.get(arn)
    if (described?.stoppedMs === undefined) throw sfnErrors.executionDoesNotExist(arn)
    return described.stoppedMs
  }

  describe(arn: string): Described {
    const execution = this.#open.get(arn)
    const described = execution === undefined ? this.#described.get(arn) : describe(execution)
    if (described === undefined) throw sfnErrors.executionDoesNotExist(arn)
    return described
  }

  #close(execution: Execution): void {
    this.#open.delete(execution.arn)
    this.#closed.add(execution.arn)
    forgetOldest(this.#closed, closedNamesMax)
    this.#described.set(execution.arn, describe(execution))
    forgetOldest(this.#described, describedMax)
  }
}

const forgetOldest = (kept: Set<string> | Map<string, unknown>, max: number): void => {
  if (kept.size <= max) return
  for (const oldest of kept.keys()) {
    kept.delete(oldest)
    return
  }
}

const describe = (execution: Execution): Described => ({
  arn: execution.arn,
  name: execution.name,
  machineArn: execution.machine.arn,
  status: execution.status,
  startedMs: execution.startedMs,
  stoppedMs: execution.stoppedMs,
  input: execution.input,
  output: execution.output,
  failure: execution.failure,
})

const arnOf = ({ region, accountId }: World, machineName: string, name: string): string =>
  `arn:aws:states:${region}:${accountId}:execution:${machineName}:${name}`
