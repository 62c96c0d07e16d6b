import type { Message } from './message.ts'

/** Places of messages that are gone are given back in bulk, from so many on. */
const spentPlacesMax = 1024

/**
 * The messages of a queue by their sequence, in a window on the sequences from the oldest message that is there:
 *
 *     first place: sequence 41 ─▶ [ a  –  c  d ]      42 is gone
 *
 * A message that stays keeps a place for each that came after it. (Rejected: a Map, which makes its table anew for
 * every few messages that come and go.)
 */
export class LiveMessages<Kind extends Message> {
  #places: (Kind | undefined)[] = []
  /** The sequence that the first place is for. */
  #firstSequence = 1
  /** Places up to here are spent. */
  #head = 0
  #end = 0

  /** Sequences are counted from 1. */
  add(message: Kind): void {
    const expected = this.#firstSequence + this.#end
    if (message.sequence !== expected)
      throw new Error(`expected a message with the sequence ${expected}, got ${message.sequence}`)
    this.#places[this.#end] = message
    this.#end += 1
  }

  find(sequence: number): Kind | undefined {
    const place = sequence - this.#firstSequence
    return place >= this.#head && place < this.#end ? this.#places[place] : undefined
  }

  remove({ sequence }: Kind): void {
    this.#places[sequence - this.#firstSequence] = undefined
    while (this.#head < this.#end && this.#places[this.#head] === undefined) this.#head += 1
    const isSpent = this.#head >= spentPlacesMax && this.#head * 2 >= this.#end
    if (isSpent) this.#places = this.#places.slice(this.#head, this.#end)
    else if (this.#head < this.#end) return
    this.#firstSequence += this.#head
    this.#end -= this.#head
    this.#head = 0
  }

  /** As `all`, without a list of its own: nothing may come or go meanwhile. */
  *[Symbol.iterator](): Iterator<Kind> {
    for (let place = this.#head; place < this.#end; place += 1) {
      const message = this.#places[place]
      if (message !== undefined) yield message
    }
  }

  /** What is there now, oldest first; what goes meanwhile may go. */
  all(): readonly Kind[] {
    return this.#places.slice(this.#head, this.#end).filter((message) => message !== undefined)
  }
}
