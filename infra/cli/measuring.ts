import { pricedAndLimited, quoted } from '../../bench/cli/run-options.ts'
import { contestants } from '../../bench/contestants.ts'
import { type Target, targetWords } from './cdk.ts'
import type { KnownStack } from './stacks.ts'

/** Why a run cannot measure what stands in a region; undefined where it can. */
export const whyUnmeasured = (region: string): string | undefined =>
  pricedAndLimited.includes(region)
    ? undefined
    : `npm run compare cannot measure what stands in ${region}: it knows prices and quotas of ${pricedAndLimited.join(', ')}`

/** The commands that go with what was deployed, which take any shell to the same region and the same contestants. */
export const whatNext = (
  stacks: readonly KnownStack[],
  target: Target & { readonly region: string },
): string => {
  const words = targetWords(target).map(quoted)
  const heard = contestants
    .filter(({ stack }) => stacks.some(({ listensTo }) => listensTo === stack))
    .map(({ id }) => id)
  const some = heard.length === contestants.length ? [] : ['--contestant', ...heard]
  const unmeasured = whyUnmeasured(target.region)
  return [
    '',
    unmeasured === undefined
      ? `Measure with: ${['npm run compare -- --target aws', ...words, ...some].join(' ')}`
      : `Warning: ${unmeasured}.`,
    `Take down with: ${['npm run destroy --', ...words].join(' ')}`,
    '',
  ].join('\n')
}
