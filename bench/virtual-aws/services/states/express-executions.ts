import { Execution } from './execution.ts'
import { type ExpressBill, expressBill, gbMsOf } from './express.ts'
import { jsonBytes } from './json.ts'
import type { Machine } from './machine.ts'
import type { Surroundings } from './running.ts'

/** An Express execution that has ended, and what it is billed. */
export interface EndedExpress {
  readonly execution: Execution
  readonly bill: ExpressBill
}

/**
 * Executions of Express machines. Nothing of them is kept: a name may be used again at once, and none can be described,
 * stopped or redriven.
 */
export class ExpressExecutions {
  readonly #surroundings: Surroundings
  readonly #newId: () => string

  constructor(surroundings: Surroundings, newId: () => string) {
    this.#surroundings = surroundings
    this.#newId = newId
  }

  /** Runs once, and as often again as the scenario has AWS deliver the start: asynchronous starts are at least once. */
  start(machine: Machine, name: string, input: unknown): Pick<Execution, 'arn' | 'startedMs'> {
    const { kernel, faults, observer } = this.#surroundings.world
    const arn = this.#arnOf(machine, name)
    for (const delayMs of faults.copies?.({ resource: machine.logicalId, body: input }) ?? []) {
      kernel.after(delayMs, () => {
        observer.duplicate(machine.logicalId, input)
        this.#run(machine, { arn, name, input }, () => undefined)
      })
    }
    return this.#run(machine, { arn, name, input }, () => undefined)
  }

  /** Runs at most once, and tells its end. */
  startSync(machine: Machine, name: string, input: unknown, ended: (end: EndedExpress) => void): void {
    this.#run(machine, { arn: this.#arnOf(machine, name), name, input }, ended)
  }

  #run(
    machine: Machine,
    named: { readonly arn: string; readonly name: string; readonly input: unknown },
    ended: (end: EndedExpress) => void,
  ): Execution {
    const { observer } = this.#surroundings.world
    const execution = new Execution(this.#surroundings, machine, named, (it) => ended(this.#billed(it)))
    observer.metered('states.express.request', machine.logicalId, 1)
    execution.start()
    return execution
  }

  #billed(execution: Execution): EndedExpress {
    const { machine, startedMs, stoppedMs = startedMs, innerBytes, input } = execution
    const terms = machine.express ?? { definitionBytes: 0 }
    const bill = expressBill(terms, innerBytes === 0 ? jsonBytes(input) : innerBytes, stoppedMs - startedMs)
    this.#surroundings.world.observer.metered('states.express.gbMs', machine.logicalId, gbMsOf(bill))
    return { execution, bill }
  }

  #arnOf(machine: Machine, name: string): string {
    const { region, accountId } = this.#surroundings.world
    return `arn:aws:states:${region}:${accountId}:express:${machine.name}:${name}:${this.#newId()}`
  }
}
