import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs'
import type { SQSRecord } from 'aws-lambda'
import { eachRecord, receivesOf, required } from '../shared/batch.ts'
import type { Envelope } from '../shared/messages/envelope.ts'
import type { MessageName } from '../shared/messages/names.ts'
import { parse } from '../shared/messages/parse.ts'
import { isCommandName } from '../shared/messages/registry.ts'
import { isOutage, retryDelayMs } from '../shared/patience.ts'
import type { Clients, Environment, Handler } from '../shared/runtime.ts'

/**
 * A function behind a queue. An outage sends the message back, hidden until its next attempt is due; anything else
 * that is thrown leaves it hidden until its visibility times out.
 */
export const listener = (
  { sqs }: Pick<Clients, 'sqs'>,
  env: Environment,
  perform: (record: SQSRecord) => Promise<void>,
): Handler => {
  const QueueUrl = required(env, 'QUEUE_URL')
  return eachRecord(async (record) => {
    try {
      await perform(record)
      return 'done'
    } catch (error) {
      if (!isOutage(error)) throw error
      const VisibilityTimeout = Math.round(retryDelayMs(receivesOf(record), record.messageId) / 1_000)
      const { receiptHandle: ReceiptHandle } = record
      await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }))
      return 'later'
    }
  })
}

/** Reads the message out of a record: an event comes as the bus wraps it, a command as it was sent. */
export const messageIn = <Name extends MessageName>(
  record: SQSRecord,
  expected: readonly Name[],
): Envelope<Name> => {
  const body: unknown = JSON.parse(record.body)
  return parse(expected, expected.some(isCommandName) ? body : detailOf(body))
}

const detailOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'detail' in body ? body.detail : body
