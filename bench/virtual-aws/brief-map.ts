/**
 * A Map for values that come and go. Whenever V8 has outgrown or thinned out the table of a Map it makes another one,
 * which the old table holds on to; once a table has grown old, all that was in the tables after it outlives its use
 * until the heap is collected whole. Here the Map's table holds numbers, and the values lie in an array:
 *
 *     indices   key → index ──▶ values[index], undefined once deleted
 *
 * In the order of insertion, as a Map.
 */
export class BriefMap<Value extends object> {
  readonly #indices = new Map<string, number>()
  readonly #values: (Value | undefined)[] = []
  readonly #free: number[] = []

  get size(): number {
    return this.#indices.size
  }

  get(key: string): Value | undefined {
    const index = this.#indices.get(key)
    return index === undefined ? undefined : this.#values[index]
  }

  set(key: string, value: Value): void {
    const index = this.#indices.get(key) ?? this.#free.pop() ?? this.#values.length
    this.#indices.set(key, index)
    this.#values[index] = value
  }

  has(key: string): boolean {
    return this.#indices.has(key)
  }

  delete(key: string): boolean {
    const index = this.#indices.get(key)
    if (index === undefined) return false
    this.#indices.delete(key)
    this.#values[index] = undefined
    this.#free.push(index)
    return true
  }

  *values(): Iterable<Value> {
    for (const index of this.#indices.values()) {
      const value = this.#values[index]
      if (value !== undefined) yield value
    }
  }
}
