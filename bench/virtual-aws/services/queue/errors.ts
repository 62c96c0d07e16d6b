import {
  BatchEntryIdsNotDistinct,
  BatchRequestTooLong,
  EmptyBatchRequest,
  InvalidAttributeName,
  InvalidAttributeValue,
  InvalidBatchEntryId,
  InvalidMessageContents,
  MessageNotInflight,
  OverLimit,
  PurgeQueueInProgress,
  QueueDoesNotExist,
  ReceiptHandleIsInvalid,
  RequestThrottled,
  ResourceNotFoundException,
  SQSServiceException,
  TooManyEntriesInBatchRequest,
  UnsupportedOperation,
} from '@aws-sdk/client-sqs'

/** The errors of SQS, as the SDK's own classes where it has one; worded as AWS words them. */

const $metadata = { httpStatusCode: 400 }

/** SQS declares no class for these: the client throws its base exception under their name. */
const unlisted = (name: string, message: string): SQSServiceException =>
  new SQSServiceException({ name, message, $fault: 'client', $metadata })

export const queueDoesNotExist = (): Error =>
  new QueueDoesNotExist({ message: 'The specified queue does not exist.', $metadata })

export const receiptHandleIsInvalid = (handle: string): Error =>
  new ReceiptHandleIsInvalid({ message: `The input receipt handle "${handle}" is not valid.`, $metadata })

export const messageNotInflight = (): Error =>
  new MessageNotInflight({ message: 'The specified message is not in flight.', $metadata })

export const overLimit = (): Error =>
  new OverLimit({ message: 'Too many messages in flight; the limit is 120000.', $metadata })

export const invalidParameter = (message: string): Error => unlisted('InvalidParameterValue', message)

export const outOfRange = (name: string, value: unknown, from: number, to: number): Error =>
  invalidParameter(
    `Value ${String(value)} for parameter ${name} is invalid. Reason: Must be between ${from} and ${to}, if provided.`,
  )

export const missingParameter = (name: string): Error =>
  unlisted('MissingParameter', `The request must contain the parameter ${name}.`)

export const messageTooLong = (bytesMax: number): Error =>
  invalidParameter(
    `One or more parameters are invalid. Reason: Message must be shorter than ${bytesMax} bytes.`,
  )

export const noLongerThere = (handle: string): Error =>
  invalidParameter(
    `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
  )

/** Of a FIFO queue, when the visibility timeout is over. Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/troubleshooting.html (read 2026-11-25). */
export const handleExpired = (handle: string): Error =>
  invalidParameter(
    `Value ${handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
  )

export const notForThisKind = (name: string, value: unknown): Error =>
  invalidParameter(
    `Value ${String(value)} for parameter ${name} is invalid. Reason: The request include parameter that is not valid for this queue type.`,
  )

export const notAToken = (name: string): Error =>
  invalidParameter(`${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`)

export const invalidContents = (): Error =>
  new InvalidMessageContents({
    message:
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.',
    $metadata,
  })

export const unknownAttribute = (name: string): Error =>
  new InvalidAttributeName({ message: `Unknown Attribute ${name}.`, $metadata })

export const invalidAttribute = (name: string): Error =>
  new InvalidAttributeValue({ message: `Invalid value for the parameter ${name}.`, $metadata })

export const purgeInProgress = (queueName: string): Error =>
  new PurgeQueueInProgress({
    message: `Only one PurgeQueue operation on ${queueName} is allowed every 60 seconds.`,
    $metadata: { httpStatusCode: 403 },
  })

/** Source: as quoted in https://github.com/Particular/docs.particular.net/pull/3438 (read 2026-11-25); the SDK tries again by itself. */
export const throttled = (): Error =>
  new RequestThrottled({ message: 'Request is throttled.', $metadata: { httpStatusCode: 403 } })

export const resourceNotFound = (parameter: string): Error =>
  new ResourceNotFoundException({
    message: `The resource that you specified for the ${parameter} parameter doesn't exist.`,
    $metadata: { httpStatusCode: 404 },
  })

export const unsupportedOperation = (message: string): Error =>
  new UnsupportedOperation({ message, $metadata })

export const emptyBatch = (action: string): Error =>
  new EmptyBatchRequest({
    message: `There should be at least one ${action}RequestEntry in the request.`,
    $metadata,
  })

export const tooManyEntries = (count: number): Error =>
  new TooManyEntriesInBatchRequest({
    message: `Maximum number of entries per request are 10. You have sent ${count}.`,
    $metadata,
  })

export const entryIdsNotDistinct = (id: string): Error =>
  new BatchEntryIdsNotDistinct({ message: `Id ${id} repeated.`, $metadata })

export const invalidEntryId = (): Error =>
  new InvalidBatchEntryId({
    message:
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    $metadata,
  })

export const batchTooLong = (bytesMax: number, bytes: number): Error =>
  new BatchRequestTooLong({
    message: `Batch requests cannot be longer than ${bytesMax} bytes. You have sent ${bytes} bytes.`,
    $metadata,
  })
