/** Places of deadlines that are gone are given back in bulk, from so many on. */
const spentPlacesMax = 1024

/**
 * Deadlines in the order of their times, those of one time in the order of their making. Each stands in two arrays, so
 * that none needs an entry made for it:
 *
 *     times  [  –   –  10  10  12  ]      head ─▶ 10
 *     things [  –   –   a   b   c  ]
 *
 * With one timeout for all, times only rise: a new deadline comes last. One that does not moves those after it.
 * (Rejected: a heap, which takes time to keep in order what comes in order.) Nothing is taken out when a thing is
 * settled early: whoever reads skips what no longer holds.
 */
export class Deadlines<Thing> {
  #times: number[] = []
  #things: (Thing | undefined)[] = []
  #head = 0

  get firstMs(): number | undefined {
    return this.#times[this.#head]
  }

  get first(): Thing | undefined {
    return this.#things[this.#head]
  }

  push(atMs: number, thing: Thing): void {
    const place = this.#placeFor(atMs)
    if (place === this.#times.length) {
      this.#times.push(atMs)
      this.#things.push(thing)
    } else {
      this.#times.splice(place, 0, atMs)
      this.#things.splice(place, 0, thing)
    }
  }

  dropFirst(): void {
    this.#things[this.#head] = undefined
    this.#head += 1
    if (this.#head < spentPlacesMax || this.#head * 2 < this.#times.length) return
    this.#times = this.#times.slice(this.#head)
    this.#things = this.#things.slice(this.#head)
    this.#head = 0
  }

  /** After all that are due by then. */
  #placeFor(atMs: number): number {
    let low = this.#head
    let high = this.#times.length
    if ((this.#times[high - 1] ?? atMs) <= atMs) return high
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#times[middle] ?? atMs) <= atMs) low = middle + 1
      else high = middle
    }
    return low
  }
}
