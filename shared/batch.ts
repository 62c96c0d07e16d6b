import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import type { Environment, Handler } from './runtime.ts'

/** `done`: the message may be deleted. `later`: it shall come back, and its time is set already. */
export type RecordEnd = 'done' | 'later'

/**
 * Handles the records of a batch concurrently, each for itself: one that fails returns to its queue, the others are
 * done with. Whatever is thrown heals by redelivery; a defect ends in the dead-letter queue.
 */
export const eachRecord =
  (perform: (record: SQSRecord) => Promise<RecordEnd>): Handler =>
  async (event): Promise<SQSBatchResponse> => {
    const { Records } = event as SQSEvent
    const ends = await Promise.all(
      Records.map((record) => perform(record).catch((error: unknown): RecordEnd => reported(record, error))),
    )
    const failed = Records.filter((_, index) => ends[index] !== 'done')
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) }
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

/** A partial batch response has no room for the reason: it goes to the log. */
const reported = ({ messageId }: SQSRecord, error: unknown): RecordEnd => {
  if (!isRefusalByAws(error)) console.error(`Message ${messageId} failed.`, error)
  return 'later'
}

/** AWS keeps count of what it refuses; the SDK marks such errors with whose fault it was. */
const isRefusalByAws = (error: unknown): boolean => error instanceof Error && '$fault' in error
