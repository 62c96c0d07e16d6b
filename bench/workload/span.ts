import { BadInput } from './bad-input.ts'

/** A hundred years: beyond it a run says nothing, and times lose their milliseconds. */
const spanMsMax = 100 * 365.25 * 86_400_000

/** Refuses a workload that would take longer than that because of the option named. */
export const checkSpan = (spanMs: number, option: string, value: number): void => {
  if (spanMs > spanMsMax) {
    throw new BadInput(
      `${option}: expected orders that come within 100 years, got ${value}, which takes longer`,
    )
  }
}
