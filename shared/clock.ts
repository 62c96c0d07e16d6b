/** Time as a handler sees it; milliseconds since the Unix epoch. */
export interface Clock {
  readonly nowMs: () => number
  readonly sleep: (ms: number) => Promise<void>
}
