import { describe, expect, it } from 'vitest'
import type { ServiceId } from './observer.ts'
import { retryDelayMs } from './sdk-retry.ts'
import { overQuota } from './throttling.ts'
import type { World } from './world.ts'

/** The longest delay that the jitter may draw. */
const longest = { random: () => ({ next: () => 1 }) } as unknown as World
const delays = (error: Error, service: ServiceId): readonly (number | undefined)[] =>
  [1, 2, 3, 4].map((attempt) => retryDelayMs(error, service, attempt, longest))

const outage = Object.assign(new Error('Try again'), { $metadata: { httpStatusCode: 500 } })

/** Source: @smithy/core 3.41.0, submodules/retry, and the DynamoDB client 3.1162.0, runtimeConfig (read 2026-11-25). */
describe('the SDK waits before its next attempt', () => {
  it.each([
    { what: 'an outage', error: outage, service: 'sqs' as const, expected: [50, 100, undefined, undefined] },
    { what: 'an outage', error: outage, service: 'dynamodb' as const, expected: [25, 50, 100, undefined] },
    {
      what: 'throttling',
      error: overQuota('states'),
      service: 'states' as const,
      expected: [1000, 2000, undefined, undefined],
    },
    {
      what: 'throttling',
      error: overQuota('dynamodb'),
      service: 'dynamodb' as const,
      expected: [1000, 2000, 4000, undefined],
    },
    {
      what: 'a refusal',
      error: Object.assign(new Error('No'), {
        name: 'ValidationException',
        $metadata: { httpStatusCode: 400 },
      }),
      service: 'dynamodb' as const,
      expected: [undefined, undefined, undefined, undefined],
    },
  ])('after $what of $service: at most $expected ms', ({ error, service, expected }) => {
    expect(delays(error, service)).toEqual(expected)
  })
})
