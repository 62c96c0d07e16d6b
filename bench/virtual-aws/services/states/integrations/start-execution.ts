import { isObject } from '../json.ts'
import { isoTime } from '../timestamp.ts'
import { serviceErrorCause, serviceErrorName, taskResult } from './aws-response.ts'
import type { Integration } from './integration.ts'

const statesErrors = {
  service: 'StepFunctions',
  named: new Set([
    'ExecutionAlreadyExists',
    'ExecutionLimitExceeded',
    'InvalidArn',
    'InvalidExecutionInput',
    'InvalidName',
    'StateMachineDeleting',
    'StateMachineDoesNotExist',
  ]),
  general: 'AWSStepFunctionsException',
}

/**
 * `arn:aws:states:::states:startExecution`: starts an execution of another machine and goes on, or waits for the answer
 * to a token that its input carries. An input that is no string is sent as its JSON.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html (read 2026-11-25).
 */
export const statesStartExecution = (waitsForToken: boolean): Integration => ({
  waitsForToken,
  parameters: new Set(['StateMachineArn', 'Input', 'Name']),
  call: ({ world, visit, payload, principal }, done) => {
    const { StateMachineArn: stateMachineArn, Input: given, Name: name } = isObject(payload) ? payload : {}
    const input = {
      stateMachineArn,
      ...(given == null ? {} : { input: typeof given === 'string' ? given : JSON.stringify(given) }),
      ...(name == null ? {} : { name }),
    }
    const by = visit.execution.machine.logicalId
    world.call({ by, principal, service: 'states', action: 'StartExecution', input }, (answer) => {
      if (answer.ok) done({ ok: true, output: taskResult(resultOf(answer.output)) })
      else {
        const { error } = answer
        const cause = serviceErrorCause('AWSStepFunctions', error, 400)
        done({ ok: false, failure: { error: serviceErrorName(statesErrors, error.name), cause } })
      }
    })
  },
})

const resultOf = (output: unknown) => {
  const { executionArn, startDate } = output as { readonly executionArn: string; readonly startDate: Date }
  return { ExecutionArn: executionArn, StartDate: isoTime(startDate.getTime()) }
}
