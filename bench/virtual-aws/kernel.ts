/** Why a run ended: nothing left to do, the horizon was reached, or the bound on events was. */
export type RunEnd = 'idle' | 'horizon' | 'runaway'

/** The event loop of the virtual AWS: time stands still while an event runs, ties break by sequence. */
export interface Kernel {
  /** Virtual time, milliseconds since the Unix epoch, fractions included. */
  readonly nowMs: number
  /** Runs `event` at that time, after all that was scheduled for it before. Returns a handle for `cancel`. */
  at(timeMs: number, event: () => void): number
  after(delayMs: number, event: () => void): number
  /** Forgets an event that has not run; a handle that has run is ignored. */
  cancel(handle: number): void
  /**
   * Promises may be pending in handler code: the kernel lets them all run before it moves on. Whoever resolves or
   * starts a promise in an event must call it.
   */
  wake(): void
  run(untilMs: number): Promise<RunEnd>
  readonly eventsRun: number
}
