import type { Failure } from './rule.ts'

/**
 * What an error of a target is called, and whether the delivery is tried again: missing permissions, a target that is
 * not there and an input that it cannot take go straight to the dead-letter queue. Names:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html (read 2026-11-25).
 */
export const failureOf = (error: Error): Failure => {
  const code = codes[error.name] ?? 'ERROR_FROM_TARGET'
  return { code, message: error.message, isRetriable: !final.has(code) }
}

const codes: Readonly<Record<string, string>> = {
  AccessDenied: 'NO_PERMISSIONS',
  AccessDeniedException: 'NO_PERMISSIONS',
  QueueDoesNotExist: 'NO_RESOURCE',
  ResourceNotFoundException: 'NO_RESOURCE',
  StateMachineDoesNotExist: 'NO_RESOURCE',
  InvalidParameterValue: 'INVALID_PARAMETER',
  MissingParameter: 'INVALID_PARAMETER',
  InvalidExecutionInput: 'INVALID_JSON',
  InvalidRequestContentException: 'INVALID_JSON',
  RequestTooLargeException: 'SDK_CLIENT_ERROR',
  ExecutionLimitExceeded: 'RESOURCE_LIMIT_EXCEEDED',
  RequestThrottled: 'THROTTLING',
  ThrottlingException: 'THROTTLING',
  TooManyRequestsException: 'THROTTLING',
}
const final = new Set([
  'NO_PERMISSIONS',
  'NO_RESOURCE',
  'INVALID_PARAMETER',
  'INVALID_JSON',
  'SDK_CLIENT_ERROR',
])
