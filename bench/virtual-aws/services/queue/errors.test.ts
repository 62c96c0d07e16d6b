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
import { describe, expect, it } from 'vitest'
import {
  batchTooLong,
  emptyBatch,
  entryIdsNotDistinct,
  handleExpired,
  invalidAttribute,
  invalidContents,
  invalidEntryId,
  messageNotInflight,
  messageTooLong,
  missingParameter,
  outOfRange,
  overLimit,
  purgeInProgress,
  queueDoesNotExist,
  receiptHandleIsInvalid,
  resourceNotFound,
  throttled,
  tooManyEntries,
  unknownAttribute,
  unsupportedOperation,
} from './errors.ts'

describe('an error of SQS', () => {
  it.each([
    { error: queueDoesNotExist(), sdk: QueueDoesNotExist, status: 400 },
    { error: receiptHandleIsInvalid('h'), sdk: ReceiptHandleIsInvalid, status: 400 },
    { error: messageNotInflight(), sdk: MessageNotInflight, status: 400 },
    { error: overLimit(), sdk: OverLimit, status: 400 },
    { error: emptyBatch('SendMessageBatch'), sdk: EmptyBatchRequest, status: 400 },
    { error: tooManyEntries(11), sdk: TooManyEntriesInBatchRequest, status: 400 },
    { error: entryIdsNotDistinct('a'), sdk: BatchEntryIdsNotDistinct, status: 400 },
    { error: invalidEntryId(), sdk: InvalidBatchEntryId, status: 400 },
    { error: batchTooLong(1, 2), sdk: BatchRequestTooLong, status: 400 },
    { error: invalidContents(), sdk: InvalidMessageContents, status: 400 },
    { error: unknownAttribute('Colour'), sdk: InvalidAttributeName, status: 400 },
    { error: invalidAttribute('Colour'), sdk: InvalidAttributeValue, status: 400 },
    { error: unsupportedOperation('no'), sdk: UnsupportedOperation, status: 400 },
    { error: purgeInProgress('Q'), sdk: PurgeQueueInProgress, status: 403 },
    { error: throttled(), sdk: RequestThrottled, status: 403 },
    { error: resourceNotFound('SourceArn'), sdk: ResourceNotFoundException, status: 404 },
  ])('is of the class of the SDK that a handler asks for: $error.name', ({ error, sdk, status }) => {
    expect(error).toBeInstanceOf(sdk)
    expect(error).toBeInstanceOf(SQSServiceException)
    expect(error.name).toBe(sdk.name)
    expect(error).toMatchObject({ $fault: 'client', $metadata: { httpStatusCode: status } })
  })

  it.each([
    { error: missingParameter('MessageBody'), name: 'MissingParameter' },
    { error: outOfRange('DelaySeconds', 901, 0, 900), name: 'InvalidParameterValue' },
    { error: messageTooLong(1024), name: 'InvalidParameterValue' },
    { error: handleExpired('h'), name: 'InvalidParameterValue' },
  ])('without a class of its own is the general one by its name: $name', ({ error, name }) => {
    expect(error).toBeInstanceOf(SQSServiceException)
    expect(error.name).toBe(name)
  })
})
