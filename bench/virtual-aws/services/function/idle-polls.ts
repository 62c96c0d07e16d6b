/** A poll that finds nothing waits this long. */
const longPollMs = 20_000
const minuteMs = 60_000

/** Receives of a mapping that found nothing. They cost money and are not simulated. */
export class IdlePolls {
  readonly #pollers: number
  /** Minute → receives that found messages in it: polls that were not idle. */
  readonly #busy = new Map<number, number>()

  constructor(pollers: number) {
    this.#pollers = pollers
  }

  /** A receive has found messages. */
  countBusy(nowMs: number): void {
    const minute = Math.floor(nowMs / minuteMs)
    this.#busy.set(minute, (this.#busy.get(minute) ?? 0) + 1)
  }

  /** Empty receives between two times, minute by minute. */
  between(fromMs: number, toMs: number): number {
    let polls = (this.#pollers * (toMs - fromMs)) / longPollMs
    for (const [minute, receives] of this.#busy) {
      const overlapMs = Math.min(toMs, (minute + 1) * minuteMs) - Math.max(fromMs, minute * minuteMs)
      if (overlapMs <= 0) continue
      const quiet = (this.#pollers * overlapMs) / longPollMs
      polls -= quiet - emptyPolls(quiet, (receives * overlapMs) / minuteMs)
    }
    return Math.round(polls)
  }
}

/**
 * Polls that end empty, where `quiet` would if nothing came and `busy` find something: a poll is empty when nothing
 * comes for as long as it waits, and one that finds something makes room for the next at once. For messages that
 * come independently, to any of the waiting pollers.
 */
const emptyPolls = (quiet: number, busy: number): number => busy / Math.expm1(busy / quiet)
