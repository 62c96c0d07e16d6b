import type { Availability, Group } from './fifo-group.ts'

/** The groups of which something may be received, in the order in which they became available. */
export class AvailableGroups {
  #entries: Availability[] = []
  #head = 0

  add(group: Group, sinceMs: number): void {
    group.availability = { group, sinceMs }
    this.#entries.push(group.availability)
  }

  /** All, or those that became available at that time. */
  *since(sinceMs: number | undefined): Iterable<Group> {
    this.#dropTaken()
    const entries = this.#entries
    const from = sinceMs === undefined ? this.#head : this.#firstSince(sinceMs)
    for (let index = from; index < entries.length; index += 1) {
      const entry = entries[index]
      if (entry === undefined || (sinceMs !== undefined && entry.sinceMs > sinceMs)) return
      if (holds(entry)) yield entry.group
    }
  }

  /** Times only rise, so that halving finds the first entry of a time. */
  #firstSince(sinceMs: number): number {
    let low = this.#head
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#entries[middle]?.sinceMs ?? sinceMs) < sinceMs) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Lets go of what was taken, from the front on. */
  #dropTaken(): void {
    const entries = this.#entries
    let head = this.#head
    for (let entry = entries[head]; entry !== undefined && !holds(entry); entry = entries[head]) head += 1
    if (head === entries.length) {
      this.#entries = []
      head = 0
    } else if (head >= 1024 && head * 2 >= entries.length) {
      this.#entries = entries.slice(head)
      head = 0
    }
    this.#head = head
  }
}

const holds = (entry: Availability): boolean => entry.group.availability === entry
