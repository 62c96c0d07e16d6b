/**
 * Batches of one mapping that are processed at once, by default, and how fast they become more while messages wait.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html (read 2026-11-22): "up to 300 more
 * instances per minute". Assumption: evenly, one in 200 ms.
 */
export const concurrencyMaxDefault = 1250
export const growthMs = 60_000 / 300

/** How many batches of a mapping may be processed at once. */
export class Pollers {
  readonly #max: number
  #allowed: number

  constructor(max: number) {
    this.#max = max
    this.#allowed = max
  }

  get allowed(): number {
    return this.#allowed
  }

  get canGrow(): boolean {
    return this.#allowed < this.#max
  }

  grow(): void {
    this.#allowed = Math.min(this.#max, this.#allowed + 1)
  }

  /**
   * After an error of the function: "Lambda gradually backs off, reducing the amount of concurrency allocated to your
   * Amazon SQS event source mapping", with no figure (services-sqs-errorhandling.html, read 2026-11-25). Assumption:
   * each error halves what there is, down to one. It grows again as it grows otherwise.
   */
  backOff(): void {
    this.#allowed = Math.max(1, Math.floor(this.#allowed / 2))
  }
}
