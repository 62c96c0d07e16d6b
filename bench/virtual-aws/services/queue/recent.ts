/**
 * What was remembered within a window of time, by key, in two generations: the older one is dropped as a whole when
 * the younger has lasted for the window. (Rejected: one Map and its oldest entries deleted one by one, since finding
 * the first entry steps over all that were deleted before.)
 */
export class Recent<Thing extends { readonly atMs: number }> {
  readonly #windowMs: number
  #young = new Map<string, Thing>()
  #old = new Map<string, Thing>()
  #youngSinceMs = Number.NEGATIVE_INFINITY

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  find(key: string, nowMs: number): Thing | undefined {
    const found = this.#young.get(key) ?? this.#old.get(key)
    return found !== undefined && nowMs - found.atMs < this.#windowMs ? found : undefined
  }

  remember(key: string, thing: Thing): void {
    if (thing.atMs - this.#youngSinceMs >= this.#windowMs) {
      this.#old = this.#young
      this.#young = new Map()
      this.#youngSinceMs = thing.atMs
    }
    this.#young.set(key, thing)
  }
}
