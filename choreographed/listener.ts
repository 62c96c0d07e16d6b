import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs'
import type { SQSRecord } from 'aws-lambda'
import { eachRecord, type RecordWork, receivesOf, required } from '../shared/batch.ts'
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
  perform: RecordWork['perform'],
): Handler => {
  const QueueUrl = required(env, 'QUEUE_URL')
  return eachRecord(
    {
      perform,
      async postpone(record, error) {
        if (!isOutage(error)) throw error
        const VisibilityTimeout = Math.round(retryDelayMs(receivesOf(record), record.messageId) / 1_000)
        const { receiptHandle: ReceiptHandle } = record
        await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout }))
      },
    },
    env,
  )
}

/** Reads such a message out of a record: an event comes as the bus wraps it, a command as it was sent. */
export const reading = <Name extends MessageName>(
  expected: readonly Name[],
): ((record: SQSRecord) => Envelope<Name>) => {
  const isWrapped = !expected.some(isCommandName)
  return ({ body }) => {
    const sent: unknown = JSON.parse(body)
    return parse(expected, isWrapped ? detailOf(sent) : sent)
  }
}

const detailOf = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && 'detail' in body ? body.detail : body
