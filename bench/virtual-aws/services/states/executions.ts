import { BriefMap } from '../../brief-map.ts'
import type { World } from '../../world.ts'
import { NotModelled } from '../properties.ts'
import { ClosedNames } from './closed-names.ts'
import { Execution } from './execution.ts'
import { HistoryRecord } from './history-record.ts'
import { equal } from './json.ts'
import type { Machine } from './machine.ts'
import { RedriveTokens, whyNotRedrivable } from './redrive.ts'
import type { Surroundings } from './running.ts'
import { sfnErrors } from './sfn-errors.ts'

/** Open executions of an account and region. Source: Step Functions quotas (read 2026-11-22). */
export const openExecutionsMax = 1_000_000

/** Closed executions that can still be described, and redriven. */
export const describedMax = 1_000

/** Executions of a deployment whose history is kept, the first that are started, when nothing else is asked for. */
export const historiesKeptByDefault = 100

/** The executions of all Standard machines: the open ones, the last closed ones, and the names of the closed. */
export class Executions {
  readonly #surroundings: Surroundings
  readonly #historiesKept: number
  readonly #open = new BriefMap<Execution>()
  readonly #closed = new ClosedNames()
  readonly #described = new Map<string, Execution>()
  readonly #histories = new Map<string, HistoryRecord>()
  readonly #redriveTokens = new WeakMap<Execution, RedriveTokens>()

  constructor(surroundings: Surroundings, historiesKept: number) {
    this.#surroundings = surroundings
    this.#historiesKept = historiesKept
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
    this.#refuseBeyondLimit()
    const execution = new Execution(
      this.#surroundings,
      machine,
      { arn, name, input },
      (ended) => this.#close(ended),
      this.#recordOf(arn),
    )
    this.#open.set(arn, execution)
    execution.start()
    return execution
  }

  #refuseBeyondLimit(): void {
    if (this.#open.size >= openExecutionsMax) throw sfnErrors.executionLimitExceeded(openExecutionsMax)
  }

  /** The first executions have a record; the others cost nothing. */
  #recordOf(arn: string): HistoryRecord | undefined {
    if (this.#histories.size >= this.#historiesKept) return undefined
    const { kernel } = this.#surroundings.world
    const record = new HistoryRecord(() => kernel.nowMs)
    this.#histories.set(arn, record)
    return record
  }

  stop(arn: string, error: string | null, cause: string | null): number {
    this.#open.get(arn)?.stop(error, cause)
    const { stoppedMs } = this.describe(arn)
    if (stoppedMs === undefined) throw new Error(`${arn} was stopped and runs`)
    return stoppedMs
  }

  /** Throws ExecutionDoesNotExist, or, of one that closed long ago, that it is not kept. */
  describe(arn: string): Execution {
    const execution = this.#open.get(arn) ?? this.#described.get(arn)
    if (execution !== undefined) return execution
    if (!this.#closed.has(arn)) throw sfnErrors.executionDoesNotExist(arn)
    throw new NotModelled(
      `states: the execution ${arn} has closed, and only the last ${describedMax} closed ones are kept`,
    )
  }

  /** The events of an execution. Throws ExecutionDoesNotExist, or that its history was not kept. */
  historyOf(arn: string): HistoryRecord {
    const record = this.#histories.get(arn)
    if (record !== undefined) return record
    if (!this.#open.has(arn) && !this.#closed.has(arn)) throw sfnErrors.executionDoesNotExist(arn)
    throw new NotModelled(
      `states: the history of the execution ${arn} was not kept; the histories of the first ${this.#historiesKept} executions are (deploy option historiesKept)`,
    )
  }

  /** The last started first. Throws when some of them have been forgotten: a list without them would be no list. */
  list(machineArn: string): readonly Execution[] {
    if (this.#closed.size > this.#described.size) {
      throw new NotModelled(
        `states: ListExecutions is modelled while at most ${describedMax} executions have closed: the others are not kept`,
      )
    }
    return [...this.#described.values(), ...this.#open.values()]
      .filter(({ machine }) => machine.arn === machineArn)
      .reverse()
      .toSorted((a, b) => b.startedMs - a.startedMs)
  }

  /** Goes on with an unsuccessful execution, by the definition that it was started with; when that was done. */
  redrive(arn: string, clientToken: string | undefined): number {
    const execution = this.describe(arn)
    const { nowMs } = this.#surroundings.world.kernel
    const tokens = this.#redriveTokens.get(execution)
    const redrivenMs = clientToken === undefined ? undefined : tokens?.redrivenMs(clientToken, nowMs)
    if (redrivenMs !== undefined) return redrivenMs
    const reason = whyNotRedrivable(execution, nowMs)
    if (reason !== undefined) throw sfnErrors.executionNotRedrivable(reason)
    this.#refuseBeyondLimit()
    if (clientToken !== undefined) this.#rememberToken(execution, clientToken, nowMs)
    this.#closed.delete(execution)
    this.#described.delete(arn)
    this.#open.set(arn, execution)
    execution.redrive()
    return nowMs
  }

  #rememberToken(execution: Execution, clientToken: string, nowMs: number): void {
    const tokens = this.#redriveTokens.get(execution) ?? new RedriveTokens()
    this.#redriveTokens.set(execution, tokens)
    tokens.add(clientToken, nowMs)
  }

  #close(execution: Execution): void {
    this.#open.delete(execution.arn)
    this.#closed.add(execution)
    this.#described.set(execution.arn, execution)
    forgetOldest(this.#described, describedMax)
  }
}

const forgetOldest = (kept: Map<string, unknown>, max: number): void => {
  if (kept.size <= max) return
  for (const oldest of kept.keys()) {
    kept.delete(oldest)
    return
  }
}

const arnOf = ({ region, accountId }: World, machineName: string, name: string): string =>
  `arn:aws:states:${region}:${accountId}:execution:${machineName}:${name}`
