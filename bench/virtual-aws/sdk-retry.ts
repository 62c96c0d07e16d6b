import type { ServiceId } from './observer.ts'
import type { World } from './world.ts'

/**
 * What the SDK's standard retry mode does on its own before a handler hears of an error, the same for every client.
 * Source: @smithy/core 3.41.0, submodules/retry (StandardRetryStrategy, retries-2026-config) and the DynamoDB client
 * 3.1162.0, which alone makes four attempts and begins at 25 ms (runtimeConfig) (read 2026-11-25). The retry quota of a client (500
 * tokens, 5 or 14 a retry) is not modelled: below some 35 retries in flight it refuses nothing.
 */
const attemptsMax = 3
const attemptsMaxDynamo = 4
const delayBaseMs = 50
const delayBaseMsDynamo = 25
const throttlingDelayBaseMs = 1000
const delayMaxMs = 20_000

const throttlingNames: ReadonlySet<string> = new Set([
  'BandwidthLimitExceeded',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
])
const transientNames: ReadonlySet<string> = new Set([
  'TimeoutError',
  'RequestTimeout',
  'RequestTimeoutException',
])
const transientStatus: ReadonlySet<number> = new Set([500, 502, 503, 504])

/** The wait before the next attempt; undefined when the error goes to the handler. Full jitter. */
export const retryDelayMs = (
  error: Error,
  service: ServiceId,
  attempt: number,
  world: World,
): number | undefined => {
  if (attempt >= (service === 'dynamodb' ? attemptsMaxDynamo : attemptsMax)) return undefined
  const baseMs = baseDelayMs(error, service)
  if (baseMs === undefined) return undefined
  return Math.floor(world.random('sdk/retry').next() * Math.min(baseMs * 2 ** (attempt - 1), delayMaxMs))
}

const baseDelayMs = (error: Error, service: ServiceId): number | undefined => {
  const { $metadata, $retryable } = error as {
    readonly $metadata?: { readonly httpStatusCode?: number }
    readonly $retryable?: { readonly throttling?: boolean }
  }
  const status = $metadata?.httpStatusCode ?? 0
  if (throttlingNames.has(error.name) || status === 429 || $retryable?.throttling === true) {
    return throttlingDelayBaseMs
  }
  return transientNames.has(error.name) || transientStatus.has(status) || $retryable !== undefined
    ? service === 'dynamodb'
      ? delayBaseMsDynamo
      : delayBaseMs
    : undefined
}
