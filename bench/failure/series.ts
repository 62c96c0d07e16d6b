export const minuteMs = 60_000

/** A minute since the Unix epoch that a time lies in: its first instant belongs to it, its last one to the next. */
export const minuteOf = (atMs: number): number => Math.floor(atMs / minuteMs)

/** What a metric keeps of a minute, or of several. */
export interface Datum {
  readonly sum: number
  readonly maximum: number
  readonly minimum: number
  readonly count: number
}

/** What came to be known in one minute of one minute, that or an earlier one. */
export interface Arrival extends Datum {
  readonly minute: number
  readonly knownIn: number
}

/**
 * One metric of one resource, a datum a minute. A value may be of an earlier minute than the one in which it comes to be
 * known, as the error of an invocation is: both are kept, since an alarm knows at any time only what has come by then.
 */
export class Series {
  readonly #arrivals: Writable<Arrival>[] = []
  #last: Writable<Arrival> | undefined

  /** In the order in which things come to be known. */
  get arrivals(): readonly Arrival[] {
    return this.#arrivals
  }

  add(minute: number, knownIn: number, value: number): void {
    const arrival = this.#find(minute, knownIn)
    if (arrival === undefined) {
      this.#last = { minute, knownIn, sum: value, maximum: value, minimum: value, count: 1 }
      this.#arrivals.push(this.#last)
      return
    }
    this.#last = arrival
    arrival.sum += value
    if (value > arrival.maximum) arrival.maximum = value
    if (value < arrival.minimum) arrival.minimum = value
    arrival.count += 1
  }

  /** Mostly the one before; what is known in one minute is of few. */
  #find(minute: number, knownIn: number): Writable<Arrival> | undefined {
    const last = this.#last
    if (last?.minute === minute && last.knownIn === knownIn) return last
    for (let at = this.#arrivals.length - 1; at >= 0; at -= 1) {
      const arrival = this.#arrivals[at]
      if (arrival?.knownIn !== knownIn) return undefined
      if (arrival.minute === minute) return arrival
    }
    return undefined
  }
}

type Writable<Thing> = { -readonly [Key in keyof Thing]: Thing[Key] }

export const together = (one: Datum | undefined, other: Datum): Datum =>
  one === undefined
    ? other
    : {
        sum: one.sum + other.sum,
        maximum: Math.max(one.maximum, other.maximum),
        minimum: Math.min(one.minimum, other.minimum),
        count: one.count + other.count,
      }
