import { ThrottlingException as DynamoThrottling } from '@aws-sdk/client-dynamodb'
import { ThrottlingException } from '@aws-sdk/client-eventbridge'
import { SFNServiceException } from '@aws-sdk/client-sfn'
import { RequestThrottled } from '@aws-sdk/client-sqs'
import type { ServiceId } from './observer.ts'

/**
 * The error of a call over quota, as its client throws it: the client of Step Functions has no class for it. Sources: the lists of
 * common errors in the API references of Step Functions and EventBridge, and API_SendMessage of SQS (read 2026-11-25).
 */
export const overQuota = (service: ServiceId): Error => errors[service]()

const rate = { message: 'Rate exceeded', $fault: 'client', $metadata: { httpStatusCode: 400 } } as const
const throttling = { ...rate, name: 'ThrottlingException' } as const

const errors: Readonly<Record<ServiceId, () => Error>> = {
  states: () => new SFNServiceException(throttling),
  events: () => new ThrottlingException(rate),
  sqs: () => new RequestThrottled({ ...rate, $metadata: { httpStatusCode: 403 } }),
  dynamodb: () => new DynamoThrottling(rate),
  // There is no client of Lambda here; Step Functions knows the error by its name.
  lambda: () => Object.assign(new Error('Rate Exceeded.'), { name: 'TooManyRequestsException' }),
}
