/** A message and when it comes back; it stands for the message only as long as the message says the same time. */
export interface Deadline<Thing> {
  readonly atMs: number
  readonly sequence: number
  readonly thing: Thing
}

/**
 * Deadlines in the order of (time, sequence). Nothing is taken out when a thing is settled early: whoever reads
 * skips what no longer holds. With one timeout for all, times only rise and a push is O(1).
 */
export class Deadlines<Thing> {
  readonly #heap: Deadline<Thing>[] = []
  #sequence = 0

  get size(): number {
    return this.#heap.length
  }

  first(): Deadline<Thing> | undefined {
    return this.#heap[0]
  }

  push(atMs: number, thing: Thing): void {
    this.#sequence += 1
    const entry = { atMs, sequence: this.#sequence, thing }
    const heap = this.#heap
    let index = heap.length
    heap.push(entry)
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent]
      if (above === undefined || before(above, entry)) break
      heap[index] = above
      index = parent
    }
    heap[index] = entry
  }

  pop(): Deadline<Thing> | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || first === last) return first
    let index = 0
    for (;;) {
      const child = this.#leastChild(index)
      const below = heap[child]
      if (below === undefined || before(last, below)) break
      heap[index] = below
      index = child
    }
    heap[index] = last
    return first
  }

  #leastChild(index: number): number {
    const left = this.#heap[2 * index + 1]
    const right = this.#heap[2 * index + 2]
    return left !== undefined && right !== undefined && before(right, left) ? 2 * index + 2 : 2 * index + 1
  }
}

const before = (a: Deadline<unknown>, b: Deadline<unknown>): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence)
