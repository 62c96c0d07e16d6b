import { isObject } from '../json.ts'
import { serviceErrorCause, serviceErrorName, taskResult } from './aws-response.ts'
import type { Integration } from './integration.ts'

const sqsErrors = {
  service: 'SQS',
  named: new Set(['InvalidMessageContents', 'QueueDoesNotExist', 'UnsupportedOperation', 'RequestThrottled']),
  general: 'AmazonSQSException',
}

/** `arn:aws:states:::sqs:sendMessage`: a body that is no string is sent as its JSON. */
export const sqsSendMessage = (waitsForToken: boolean): Integration => ({
  waitsForToken,
  parameters: new Set([
    'QueueUrl',
    'MessageBody',
    'DelaySeconds',
    'MessageAttributes',
    'MessageDeduplicationId',
    'MessageGroupId',
  ]),
  call: ({ world, visit, payload, principal }, done) => {
    const parameters = isObject(payload) ? payload : {}
    const body = parameters['MessageBody']
    const input = { ...parameters, MessageBody: typeof body === 'string' ? body : JSON.stringify(body) }
    world.call(
      { by: visit.execution.machine.logicalId, principal, service: 'sqs', action: 'SendMessage', input },
      (answer) => {
        if (answer.ok) done({ ok: true, output: taskResult(answer.output) })
        else {
          const { error } = answer
          const cause = serviceErrorCause('AmazonSQS', error, 400)
          done({ ok: false, failure: { error: serviceErrorName(sqsErrors, error.name), cause } })
        }
      },
    )
  },
})
