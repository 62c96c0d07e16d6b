import type { ReceivedMessage } from '../../world.ts'

/** A record as Lambda hands it to a function; `md5OfBody` is left out. */
interface SqsRecord {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  readonly attributes: Readonly<Record<string, string>>
  readonly messageAttributes: Readonly<Record<string, LambdaAttribute>>
  readonly eventSource: 'aws:sqs'
  readonly eventSourceARN: string
  readonly awsRegion: string
}

interface LambdaAttribute {
  readonly stringValue: string | undefined
  readonly stringListValues: readonly string[]
  readonly binaryListValues: readonly string[]
  readonly dataType: string
}

/** Wraps received messages in the event that a function with an SQS trigger gets. */
export const sqsEvent = (
  messages: readonly ReceivedMessage[],
  queueArn: string,
  region: string,
): { readonly Records: readonly SqsRecord[] } => ({
  Records: messages.map((message) => sqsRecord(message, queueArn, region)),
})

export const sqsRecord = (message: ReceivedMessage, queueArn: string, region: string): SqsRecord => ({
  messageId: message.messageId,
  receiptHandle: message.receiptHandle,
  body: message.body,
  attributes: message.attributes,
  messageAttributes: lambdaAttributes(message.messageAttributes),
  eventSource: 'aws:sqs',
  eventSourceARN: queueArn,
  awsRegion: region,
})

const none: Readonly<Record<string, LambdaAttribute>> = {}

const lambdaAttributes = (
  attributes: Readonly<Record<string, unknown>>,
): Readonly<Record<string, LambdaAttribute>> => {
  const names = Object.keys(attributes)
  if (names.length === 0) return none
  return Object.fromEntries(
    names.map((name) => {
      const { StringValue, DataType } = attributes[name] as { StringValue?: string; DataType?: string }
      return [
        name,
        {
          stringValue: StringValue,
          stringListValues: [],
          binaryListValues: [],
          dataType: DataType ?? 'String',
        },
      ]
    }),
  )
}

/**
 * The messages that a function's answer leaves in the queue, or `all` of them, when the answer is one that AWS takes
 * for a complete failure. Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 * ("Success and failure conditions", read 2026-11-22).
 */
export const failuresIn = (
  answer: unknown,
  messages: readonly ReceivedMessage[],
): ReadonlySet<string> | 'all' => {
  const failures = (answer as { readonly batchItemFailures?: unknown } | null | undefined)?.batchItemFailures
  if (failures === undefined || failures === null) return noFailures
  if (!Array.isArray(failures)) return 'all'
  if (failures.length === 0) return noFailures
  const ids = new Set<string>()
  for (const failure of failures) {
    const id = (failure as { readonly itemIdentifier?: unknown } | null)?.itemIdentifier
    if (typeof id !== 'string' || !messages.some((message) => message.messageId === id)) return 'all'
    ids.add(id)
  }
  return ids
}

export const noFailures: ReadonlySet<string> = new Set()
