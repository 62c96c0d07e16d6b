import type { Execution } from './execution.ts'

/** Names of closed executions that are remembered of a machine; AWS does for 90 days. Beyond it the oldest may be used again. */
const namesMax = 1_000_000

/** Which executions have closed, by the names that they were given: an ARN of each would be a text of its own. */
export class ClosedNames {
  #size = 0
  readonly #ofMachine = new Map<string, Set<string>>()

  get size(): number {
    return this.#size
  }

  has(arn: string): boolean {
    const end = arn.lastIndexOf(':')
    const machine = arn.slice(arn.lastIndexOf(':', end - 1) + 1, end)
    return this.#ofMachine.get(machine)?.has(arn.slice(end + 1)) ?? false
  }

  add({ machine, name }: Execution): void {
    const names = this.#ofMachine.get(machine.name) ?? new Set()
    this.#ofMachine.set(machine.name, names)
    this.#size -= names.size
    names.add(name)
    if (names.size > namesMax) forgetOldest(names)
    this.#size += names.size
  }

  delete({ machine, name }: Execution): void {
    if (this.#ofMachine.get(machine.name)?.delete(name)) this.#size -= 1
  }
}

const forgetOldest = (names: Set<string>): void => {
  for (const oldest of names) {
    names.delete(oldest)
    return
  }
}
