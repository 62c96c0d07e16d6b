import type { Message } from './message.ts'

/** From so many on, what was once needed for a burst is given back. */
const idleEntriesMax = 1024

/**
 * The visible messages of a standard queue, as they became visible. Each stands in two arrays, so that none needs an
 * entry made for it, and what has been taken since is passed over:
 *
 *     messages [  –   –   a   b   c  ]      head ─▶ a
 *     sinceMs  [  –   –  10  10  12  ]
 */
export class VisibleMessages {
  #messages: (Message | undefined)[] = []
  /** When each became visible; the entry stands for its message only as long as that says the same. */
  #sinceMs: number[] = []
  #head = 0
  #end = 0

  add(message: Message): void {
    this.#messages[this.#end] = message
    this.#sinceMs[this.#end] = message.visibleSinceMs
    this.#end += 1
  }

  /** Where the first one stands, of all or of those that became visible at that time; -1 when there is none. */
  first(sinceMs?: number): number {
    return this.#firstFrom(sinceMs === undefined ? this.#head : this.#firstSince(sinceMs), sinceMs)
  }

  /** Where the next one stands. */
  after(place: number, sinceMs?: number): number {
    return this.#firstFrom(place + 1, sinceMs)
  }

  at(place: number): Message {
    const message = this.#messages[place]
    if (message === undefined) throw new Error(`expected a visible message at ${place}, found none`)
    return message
  }

  /** Lets go of what was taken, from the front on. */
  dropTaken(): void {
    for (; this.#head < this.#end && !this.#isVisible(this.#head); this.#head += 1)
      this.#messages[this.#head] = undefined
    const isLong = this.#head >= idleEntriesMax
    if (isLong && this.#head * 2 >= this.#end) {
      this.#messages = this.#messages.slice(this.#head, this.#end)
      this.#sinceMs = this.#sinceMs.slice(this.#head, this.#end)
      this.#end -= this.#head
      this.#head = 0
    } else if (this.#head === this.#end) {
      this.#head = 0
      this.#end = 0
    }
  }

  #firstFrom(from: number, sinceMs: number | undefined): number {
    for (let place = from; place < this.#end; place += 1) {
      if (sinceMs !== undefined && (this.#sinceMs[place] ?? sinceMs) > sinceMs) return -1
      if (this.#isVisible(place)) return place
    }
    return -1
  }

  /** Times only rise, so that halving finds the first entry of a time. */
  #firstSince(sinceMs: number): number {
    let low = this.#head
    let high = this.#end
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#sinceMs[middle] ?? sinceMs) < sinceMs) low = middle + 1
      else high = middle
    }
    return low
  }

  #isVisible(place: number): boolean {
    const message = this.#messages[place]
    return message?.state === 'visible' && message.visibleSinceMs === this.#sinceMs[place]
  }
}
