import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  ResourceNotFoundException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb'

/** The errors of DynamoDB, as the SDK's own classes where it has one; worded as AWS words them. */

const $metadata = {}

/** The SDK declares no class for it: the client throws its base exception under this name. */
export const validationException = (message: string): Error =>
  new DynamoDBServiceException({ name: 'ValidationException', message, $fault: 'client', $metadata })

export const resourceNotFound = (): Error =>
  new ResourceNotFoundException({ message: 'Requested resource not found', $metadata })

export const conditionalCheckFailed = (): Error =>
  new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata })

export const transactionConflict = (): Error =>
  new TransactionConflictException({ message: 'Transaction is ongoing for the item', $metadata })

export type CancellationCode = 'None' | 'ConditionalCheckFailed' | 'TransactionConflict' | 'ValidationError'

const reasonMessages: Readonly<Record<CancellationCode, string | undefined>> = {
  None: undefined,
  ConditionalCheckFailed: 'The conditional request failed',
  TransactionConflict: 'Transaction is ongoing for the item',
  ValidationError: 'An expression does not fit the item as it is',
}

/** One reason for each action of the transaction, in its order. */
export const transactionCanceled = (codes: readonly CancellationCode[]): Error => {
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`
  return new TransactionCanceledException({
    message,
    Message: message,
    $metadata,
    CancellationReasons: codes.map((code) => {
      const reason = reasonMessages[code]
      return reason === undefined ? { Code: code } : { Code: code, Message: reason }
    }),
  })
}
