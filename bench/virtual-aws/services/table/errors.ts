import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  IdempotentParameterMismatchException,
  ProvisionedThroughputExceededException,
  RequestLimitExceeded,
  ResourceNotFoundException,
  ThrottlingException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb'
import type { LimitType } from './on-demand.ts'

/** The errors of DynamoDB, as the SDK's own classes where it has one; worded as AWS words them. */

/**
 * Every error of the client has this status. Source:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html (read 2026-11-25).
 */
const $metadata = { httpStatusCode: 400 }

/** The SDK declares no class for it: the client throws its base exception under this name. */
export const validationException = (message: string): Error =>
  new DynamoDBServiceException({ name: 'ValidationException', message, $fault: 'client', $metadata })

export const resourceNotFound = (): Error =>
  new ResourceNotFoundException({ message: 'Requested resource not found', $metadata })

export const conditionalCheckFailed = (): Error =>
  withoutStack(
    () => new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata }),
  )

/** A stack would tell of the model alone, and takes most of the time of an answer that a flow may get all the time. */
const withoutStack = (make: () => Error): Error => {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  const error = make()
  Error.stackTraceLimit = stackTraceLimit
  return error
}

export const transactionConflict = (): Error =>
  new TransactionConflictException({ message: 'Transaction is ongoing for the item', $metadata })

/** The key of an item or of a request, as the schema wants it: `alone` when nothing else may stand beside it. */
export const keyMismatch = (alone: boolean, name: string, key: unknown): Error => {
  if (alone) return validationException('The provided key element does not match the schema')
  const wrong =
    key === undefined
      ? `Missing the key ${name} in the item`
      : `Type mismatch for key ${name} expected: S actual: ${typeOf(key)}`
  return validationException(`One or more parameter values were invalid: ${wrong}`)
}

/** DynamoDB's letters for the type of a value of the document client. */
const typeOf = (value: unknown): string => {
  if (value === null) return 'NULL'
  if (typeof value === 'boolean') return 'BOOL'
  if (typeof value === 'object') return Array.isArray(value) ? 'L' : 'M'
  return typeof value === 'string' ? 'S' : 'N'
}

/** Not the very same request again, under a token that was used. */
export const idempotentParameterMismatch = (): Error => {
  const message =
    'DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token that was already used.'
  return new IdempotentParameterMismatchException({ message, Message: message, $metadata })
}

/**
 * Writes that a table on demand does not take are refused with one error, reads with another. Sources: the messages of
 * `TransactionCanceledException` in the API reference ("returned when writes get throttled on an On-Demand table"), and
 * https://github.com/aws-samples/sample-collaborative-ai-dlc/pull/443 for reads of such a table (read 2026-11-25).
 */
export const throttled = (operation: 'Read' | 'Write', limit: LimitType, resource: string): Error => {
  const reasons = [{ reason: `Table${operation}${limit}`, resource }]
  if (limit === 'AccountLimitExceeded')
    return new RequestLimitExceeded({ message: accountMessage, ThrottlingReasons: reasons, $metadata })
  return operation === 'Write'
    ? new ThrottlingException({ message: scalingMessage, throttlingReasons: reasons, $metadata })
    : new ProvisionedThroughputExceededException({
        message: throughputMessage,
        ThrottlingReasons: reasons,
        $metadata,
      })
}

const scalingMessage =
  'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again shortly. If exceptions persist, check if you have a hot key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html.'
const throughputMessage =
  'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.'
const accountMessage =
  'Throughput exceeds the current throughput limit for your account. Please contact AWS Support at https://aws.amazon.com/support request a limit increase.'

/** Why one action of a transaction did not come to pass. */
export type Cancellation =
  | { readonly Code: 'None' }
  | {
      readonly Code: 'ConditionalCheckFailed' | 'TransactionConflict' | 'ThrottlingError' | 'ValidationError'
      readonly Message: string
    }

/** Codes and messages: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html (read 2026-11-25). */
export const cancellations = {
  none: { Code: 'None' },
  conditionalCheckFailed: { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
  transactionConflict: { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' },
  throttlingError: { Code: 'ThrottlingError', Message: scalingMessage },
} as const satisfies Readonly<Record<string, Cancellation>>

/** One reason for each action of the transaction, in its order. */
export const transactionCanceled = (reasons: readonly Cancellation[]): Error => {
  const codes = reasons.map(({ Code }) => Code)
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`
  return new TransactionCanceledException({
    message,
    Message: message,
    $metadata,
    CancellationReasons: reasons.map((reason) => ({ ...reason })),
  })
}
