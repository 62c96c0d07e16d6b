import type { SQSBatchItemFailure, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import type { Environment, Handler } from './runtime.ts'

/** What a function does with a record of its batch. */
export interface RecordWork {
  perform(record: SQSRecord): Promise<void>
  /** Sees to it that a record that failed comes back in time; throws what it cannot see to. */
  postpone?(record: SQSRecord, error: unknown): Promise<void>
}

/**
 * Handles the records of a batch concurrently, each for itself: one that fails returns to its queue, the others are
 * done with. Whatever is thrown heals by redelivery; a defect ends in the dead-letter queue.
 */
export const eachRecord =
  (work: RecordWork, env: Environment = {}): Handler =>
  async (event): Promise<SQSBatchResponse> => {
    const { Records } = event as SQSEvent
    // All are under way before the first is waited for, and none of these promises is ever rejected.
    const underWay = Records.map((record) => failureOf(record, work, env))
    const batchItemFailures: SQSBatchItemFailure[] = []
    for (const pending of underWay) {
      const failure = await pending
      if (failure !== undefined) batchItemFailures.push(failure)
    }
    return { batchItemFailures }
  }

/** Undefined when the record may be deleted; else whatever went wrong with it is reported or postponed by then. */
const failureOf = async (
  record: SQSRecord,
  { perform, postpone }: RecordWork,
  env: Environment,
): Promise<SQSBatchItemFailure | undefined> => {
  try {
    await perform(record)
    return undefined
  } catch (error) {
    if (postpone === undefined) report(record, error, env)
    else await postpone(record, error).catch((reason: unknown) => report(record, reason, env))
    return { itemIdentifier: record.messageId }
  }
}

/** How often the message has been received, this time included. */
export const receivesOf = (record: SQSRecord): number => Number(record.attributes.ApproximateReceiveCount)

/** An environment variable that the template must set. */
export const required = (env: Environment, variable: string): string => {
  const value = env[variable]
  if (value === undefined)
    throw new Error(`Expected the environment variable ${variable}; the function has none.`)
  return value
}

/**
 * A partial batch response has no room for the reason: it goes to the log, unless that is to hear of nothing below
 * FATAL. Lambda tells the level: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
 * (read 2026-11-25).
 */
const report = ({ messageId }: SQSRecord, error: unknown, env: Environment): void => {
  if (env['AWS_LAMBDA_LOG_LEVEL'] === 'FATAL') return
  if (!isRefusalByAws(error)) console.error(`Message ${messageId} failed.`, error)
}

/** AWS keeps count of what it refuses; the SDK marks such errors with whose fault it was. */
const isRefusalByAws = (error: unknown): boolean => error instanceof Error && '$fault' in error
