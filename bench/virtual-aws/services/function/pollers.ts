/**
 * Batches of one mapping that are processed at once: at first, by default at most, and how fast they become more while
 * messages wait. Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html (read 2026-11-22): "up
 * to 300 more instances per minute". Assumption: evenly, one in 200 ms.
 */
export const pollersAtFirst = 5
export const concurrencyMaxDefault = 1250
export const growthMs = 60_000 / 300

/**
 * How many batches of a mapping may be processed at once:
 *
 *     5 ── messages wait: one more in 200 ms ──▶ maximum
 *       ◀── not all are busy: one less in 200 ms ──
 *
 * AWS says only that it scales back to five when traffic is low. Assumption: as fast as it grew. Effect on results:
 * how soon a second burst is taken after a first.
 */
export class Pollers {
  readonly #atFirst: number
  readonly #max: number
  #allowed: number
  /** When all were busy last, and how many that were. */
  #fullMs = 0
  #full = 0

  constructor(atFirst: number, max: number) {
    this.#atFirst = Math.min(atFirst, max)
    this.#max = max
    this.#allowed = this.#atFirst
  }

  get canGrow(): boolean {
    return this.#allowed < this.#max
  }

  /** How many there are now, of which so many are busy. To be asked before one is taken and before one is let go. */
  allowed(busy: number, nowMs: number): number {
    if (this.#allowed > this.#atFirst) this.#shrink(busy, nowMs)
    return this.#allowed
  }

  grow(nowMs: number): void {
    this.#resize(Math.min(this.#max, this.#allowed + 1), nowMs)
  }

  /**
   * After an error of the function: "Lambda gradually backs off, reducing the amount of concurrency allocated to your
   * Amazon SQS event source mapping", with no figure (services-sqs-errorhandling.html, read 2026-11-25). Assumption:
   * each error halves what there is, down to one. It grows again as it grows otherwise.
   */
  backOff(nowMs: number): void {
    this.#resize(Math.max(1, Math.floor(this.#allowed / 2)), nowMs)
  }

  #shrink(busy: number, nowMs: number): void {
    if (busy >= this.#allowed) this.#resize(this.#allowed, nowMs)
    else {
      const left = Math.ceil(this.#full - (nowMs - this.#fullMs) / growthMs)
      this.#allowed = Math.max(this.#atFirst, busy, left)
    }
  }

  #resize(allowed: number, nowMs: number): void {
    this.#allowed = allowed
    this.#full = allowed
    this.#fullMs = nowMs
  }
}
