import { InternalServerError } from '@aws-sdk/client-dynamodb'
import { InternalException } from '@aws-sdk/client-eventbridge'
import { ServiceException } from '@aws-sdk/client-lambda'
import { SFNServiceException } from '@aws-sdk/client-sfn'
import { SQSServiceException } from '@aws-sdk/client-sqs'
import type { ServiceId } from './observer.ts'
import { denialBy } from './permissions.ts'

/** What a fault may refuse a call with, as the service's client throws it. */

/**
 * The service is impaired. Sources: the lists of common errors in the API references of Step Functions and SQS
 * (ServiceUnavailable, 503), InternalException of EventBridge's PutEvents, InternalServerError of DynamoDB,
 * ServiceException of Lambda's Invoke (read 2026-11-25). The SDK tries each again on its own.
 */
export const unavailable = (service: ServiceId): Error => impaired[service]()

/** A permission that was there is gone. */
export const denied = (service: ServiceId, action: string, resource: string): Error =>
  denialBy(service, `User is not authorized to perform: ${service}:${action} on resource: ${resource}`)

const message = 'The request has failed due to a temporary failure of the server.'
const serverFault = { message, $fault: 'server', $metadata: { httpStatusCode: 503 } } as const

const impaired: Readonly<Record<ServiceId, () => Error>> = {
  states: () => new SFNServiceException({ ...serverFault, name: 'ServiceUnavailable' }),
  events: () => new InternalException({ ...serverFault, $metadata: { httpStatusCode: 500 } }),
  sqs: () => new SQSServiceException({ ...serverFault, name: 'ServiceUnavailable' }),
  dynamodb: () => new InternalServerError({ ...serverFault, $metadata: { httpStatusCode: 500 } }),
  lambda: () => new ServiceException({ ...serverFault, $metadata: { httpStatusCode: 500 } }),
}
