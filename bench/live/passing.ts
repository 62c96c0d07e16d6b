/** The names under which AWS refuses what it might take later. */
export const throttles = [
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'ProvisionedThroughputExceededException',
] as const

/** Codes and names of requests that no answer came to. */
export const unanswered = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'TimeoutError',
] as const

/** Names and codes of an error and of what caused it. */
export const namesOf = (error: unknown): readonly string[] => {
  if (!(error instanceof Error)) return []
  const code: unknown = Reflect.get(error, 'code')
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause
  return [error.name, ...(typeof code === 'string' ? [code] : []), ...namesOf(inner)]
}

const passingNames: ReadonlySet<string> = new Set([...throttles, ...unanswered])

/** Whether the same call may well succeed in some minutes: a throttle, a network that is down, an outage of AWS. */
export const isPassing = (error: unknown): boolean =>
  namesOf(error).some((name) => passingNames.has(name)) || statusOf(error) >= 500

const statusOf = (error: unknown): number => {
  const metadata: unknown = error instanceof Error ? Reflect.get(error, '$metadata') : undefined
  const status: unknown = metadata instanceof Object ? Reflect.get(metadata, 'httpStatusCode') : undefined
  return typeof status === 'number' ? status : 0
}
