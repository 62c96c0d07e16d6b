import { isObject } from '../json.ts'
import { serviceErrorCause, serviceErrorName, taskResult } from './aws-response.ts'
import type { Integration } from './integration.ts'

/**
 * What SQS answers with a code that it has no class for, as AccessDenied (403), is an AmazonSQSException to the SDK for
 * Java, as of https://github.com/aws/aws-sdk-php/issues/188 (read 2026-11-26). That Step Functions names it so, too, as it
 * does elsewhere, is an assumption.
 */
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
