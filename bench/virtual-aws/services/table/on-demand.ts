/**
 * What a table on demand takes, in write or read request units.
 *
 * A new table takes 4,000 writes and 12,000 reads a second; then at once twice the previous peak. The previous peak is
 * here the busiest minute that is 30 minutes past, since AWS says that more than its double "within 30 minutes" may be
 * throttled and publishes no finer rule. Source:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html (read 2026-11-25).
 *
 * A partition takes 1,000 writes and 3,000 reads a second, apart from each other. Adaptive capacity parts a hot item
 * from its neighbours until it has a partition of its own; here it has it at once. Sources:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html and
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/throttling-key-range-limit-exceeded-mitigation.html
 * (read 2026-11-25).
 */
export const onDemand = {
  write: { initial: 4_000, partition: 1_000, account: 40_000 },
  read: { initial: 12_000, partition: 3_000, account: 40_000 },
} as const

const peakAgeMinutes = 30

/** Why a request is throttled: in the words of AWS's `ThrottlingReason`, without the resource and operation before it. */
export type LimitType = 'KeyRangeThroughputExceeded' | 'AccountLimitExceeded'

interface Limits {
  readonly initial: number
  readonly partition: number
  readonly account: number
}

/**
 * Counts what a table takes in each second. A request is let in while anything is left of the second, and what it takes
 * beyond that is taken from the next: AWS does not say how it treats a request that is larger than what is left.
 */
export class Throughput {
  readonly #limits: Limits
  readonly #busy: number
  #limit: number
  #second = -1
  #taken = 0
  /** By item, once the table is so busy that one item may use up a partition: from the middle of its first busy second. */
  #takenByItem: Map<string, number> | undefined
  #minute = -1
  #takenInMinute = 0
  #peak = 0
  readonly #minutes: { readonly minute: number; readonly perSecond: number }[] = []

  constructor(limits: Limits) {
    this.#limits = limits
    this.#busy = limits.partition / 2
    this.#limit = limits.initial
  }

  /** Takes units for an item; or says why not, and takes nothing. Time must not run back. */
  take(item: unknown, units: number, nowMs: number): LimitType | undefined {
    const second = Math.floor(nowMs / 1000)
    if (second !== this.#second) this.#turn(second)
    if (this.#taken >= this.#limit)
      return this.#limit === this.#limits.account ? 'AccountLimitExceeded' : 'KeyRangeThroughputExceeded'
    if (this.#takenByItem === undefined && this.#taken >= this.#busy) this.#takenByItem = new Map()
    if (this.#takenByItem !== undefined) {
      const ofItem = this.#takenByItem.get(nameOf(item)) ?? 0
      if (ofItem >= this.#limits.partition) return 'KeyRangeThroughputExceeded'
      this.#takenByItem.set(nameOf(item), ofItem + units)
    }
    this.#taken += units
    this.#takenInMinute += units
    return undefined
  }

  #turn(second: number): void {
    const wasBusy = second === this.#second + 1 && this.#taken >= this.#busy
    this.#takenByItem = wasBusy ? this.#debts(this.#limits.partition) : undefined
    this.#taken = Math.max(0, this.#taken - this.#limit * (second - this.#second))
    this.#second = second
    const minute = Math.floor(second / 60)
    if (minute !== this.#minute) this.#turnMinute(minute)
  }

  /** What items took beyond their partition. */
  #debts(partition: number): Map<string, number> {
    const debts = new Map<string, number>()
    for (const [item, taken] of this.#takenByItem ?? [])
      if (taken > partition) debts.set(item, taken - partition)
    return debts
  }

  #turnMinute(minute: number): void {
    this.#minutes.push({ minute: this.#minute, perSecond: this.#takenInMinute / 60 })
    this.#minute = minute
    this.#takenInMinute = 0
    for (let first = this.#minutes[0]; first !== undefined; first = this.#minutes[0]) {
      if (first.minute > minute - peakAgeMinutes) break
      this.#peak = Math.max(this.#peak, first.perSecond)
      this.#minutes.shift()
    }
    this.#limit = Math.min(this.#limits.account, Math.max(this.#limits.initial, 2 * this.#peak))
  }
}

const nameOf = (item: unknown): string => (typeof item === 'string' ? item : JSON.stringify(item))
