import type { Difference } from './emulator-differences.ts'
import type { Verdict } from './verdict.ts'

/** What is wrong with a verdict or with the list of differences; undefined when the one explains the other. */
export const unexplained = (verdict: Verdict, differences: readonly Difference[]): string | undefined => {
  const difference = differences.find(({ id }) => id === verdict.id)
  if (verdict.holds)
    return difference === undefined ? undefined : 'It holds: the difference that is listed is no more.'
  if (difference === undefined) return `It does not hold, and no difference is listed: ${verdict.instead}`
  return difference.seen.test(verdict.instead)
    ? undefined
    : `It does not hold, and not as listed (${difference.seen}): ${verdict.instead}`
}
