/** Why a state failed, as Retry and Catch see it. AWS leaves either field out when a worker sent none. */
export interface Failure {
  readonly error: string | null
  readonly cause: string | null
  /** A second name that `ErrorEquals` may use: an expired heartbeat is reported as `States.Timeout`. */
  readonly alias?: string
}

/**
 * Thrown while a field of a state is evaluated. The interpreter puts before the detail in which state it happened,
 * as AWS does.
 */
export class EvaluationError extends Error {
  readonly error: string

  constructor(error: string, detail: string) {
    super(detail)
    this.name = 'EvaluationError'
    this.error = error
  }
}

/** Thrown by a state to fail with exactly this error and cause. */
export class StateError extends Error {
  readonly failure: Failure

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`)
    this.name = 'StateError'
    this.failure = { error, cause }
  }
}

/**
 * What a state is to work on is too large.
 * Source: `States.DataLimitExceeded` in
 * https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html (read 2026-11-25).
 */
export const inputTooLarge = (state: string): Failure => ({
  error: 'States.DataLimitExceeded',
  cause: `The input of the state '${state}' exceeds the maximum number of bytes service limit.`,
})

/** No wildcard reaches these; the execution fails with them unless they are named. */
const terminalErrors = new Set(['States.Runtime'])

/**
 * Whether an `ErrorEquals` names this failure. `States.ALL` names everything but `States.Runtime`;
 * `States.TaskFailed` everything but `States.Timeout`. AWS was recorded to let `States.ALL` catch
 * `States.DataLimitExceeded` of a task's result, which its documentation denies.
 */
export const matches = (errorEquals: readonly string[], failure: Failure): boolean => {
  const { error, alias } = failure
  if (error !== null && errorEquals.includes(error)) return error !== 'States.Runtime'
  if (alias !== undefined && errorEquals.includes(alias)) return true
  if (error !== null && terminalErrors.has(error)) return false
  return (
    errorEquals.includes('States.ALL') ||
    (errorEquals.includes('States.TaskFailed') && error !== 'States.Timeout')
  )
}

/** What a catcher's state gets: AWS writes both fields, null where there is none. */
export const errorOutput = (
  failure: Failure,
): { readonly Error: string | null; readonly Cause: string | null } => ({
  Error: failure.error,
  Cause: failure.cause,
})
