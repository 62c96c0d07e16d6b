import type { Answer } from '../../../world.ts'
import { isObject } from '../json.ts'
import { serviceErrorCause, serviceErrorName, taskResult } from './aws-response.ts'
import type { Integration, TaskCall, TaskOutcome } from './integration.ts'

const lambdaErrors = {
  service: 'Lambda',
  named: new Set([
    'InvalidParameterValueException',
    'InvalidRequestContentException',
    'RequestTooLargeException',
    'ResourceConflictException',
    'ResourceNotFoundException',
    'ResourceNotReadyException',
    'ServiceException',
    'TooManyRequestsException',
  ]),
  general: 'AWSLambdaException',
}

/** `arn:aws:states:::lambda:invoke`: the function's result is the `Payload` of the task's. */
export const lambdaInvoke = (waitsForToken: boolean): Integration => ({
  waitsForToken,
  parameters: new Set(['FunctionName', 'Payload']),
  call: (task, done) => {
    const parameters = isObject(task.payload) ? task.payload : {}
    const input = { FunctionName: parameters['FunctionName'], Payload: parameters['Payload'] ?? {} }
    invoke(task, input, (answer) => {
      const outcome = outcomeOf(answer)
      if (!outcome.ok) done(outcome)
      else {
        const result = { ExecutedVersion: '$LATEST', Payload: outcome.output, StatusCode: 200 }
        done({ ok: true, output: taskResult(result) })
      }
    })
  },
})

/** A function's own ARN as `Resource`: the task's result is the function's. */
export const lambdaFunction = (functionArn: string): Integration => ({
  waitsForToken: false,
  parameters: undefined,
  call: (task, done) => {
    invoke(task, { FunctionName: functionArn, Payload: task.payload }, (answer) => done(outcomeOf(answer)))
  },
})

const invoke = (
  { world, visit, principal }: TaskCall,
  input: Readonly<Record<string, unknown>>,
  done: (answer: Answer) => void,
): void => {
  world.call(
    { by: visit.execution.machine.logicalId, principal, service: 'lambda', action: 'Invoke', input },
    done,
  )
}

const statusOf: Readonly<Record<string, number>> = {
  ResourceNotFoundException: 404,
  TooManyRequestsException: 429,
  AccessDeniedException: 403,
  ServiceException: 500,
}

/**
 * An error of the function has the name that its runtime reported (`errorType`), with the whole payload as cause;
 * without one it is `Lambda.Unknown`. An error of the service is `Lambda.` and its name.
 */
const outcomeOf = (answer: Answer): TaskOutcome => {
  if (!answer.ok) {
    const { error } = answer
    const cause = serviceErrorCause('AWSLambda', error, statusOf[error.name] ?? 400)
    return { ok: false, failure: { error: serviceErrorName(lambdaErrors, error.name), cause } }
  }
  const output = isObject(answer.output) ? answer.output : {}
  const payload = output['Payload']
  if (output['FunctionError'] === undefined) return { ok: true, output: payload ?? null }
  const errorType = isObject(payload) ? payload['errorType'] : undefined
  return typeof errorType === 'string'
    ? { ok: false, failure: { error: errorType, cause: JSON.stringify(payload) } }
    : { ok: false, failure: { error: 'Lambda.Unknown', cause: unknownCause(payload) } }
}

const unknownCause = (payload: unknown): string =>
  `The cause could not be determined because Lambda did not return an error type. Returned payload: ${JSON.stringify(payload)}`
