import { isDeepStrictEqual } from 'node:util'
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  InvalidMessageContents,
  type QueueAttributeName,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs'
import { sqsApi, sqsGuide } from '../documentation.ts'
import { between, equal, eventually, holds, includes, present, refused } from '../expectations.ts'
import { queue } from '../resources.ts'
import { group } from '../statement.ts'
import { expectNone, receive, receiveOne, receiveUpTo, remove, send } from './messages.ts'

export const sendAndReceive = group({ stack: 'sqs-messages', service: 'SQS' }, [
  {
    id: 'digest',
    statement: 'SendMessage answers with the id of the message and the MD5 digest of its body',
    documentation: sqsApi('SendMessage'),
    resources: { Digest: queue() },
    check: async (aws) => {
      const sent = await send(aws, 'Digest', 'hello')
      equal(sent.MD5OfMessageBody, '5d41402abc4b2a76b9719d911017c592', 'MD5OfMessageBody')
      const message = await receiveOne(aws, 'Digest')
      includes(
        message,
        { MessageId: sent.MessageId, MD5OfBody: sent.MD5OfMessageBody, Body: 'hello' },
        'what is received',
      )
    },
  },
  {
    id: 'system-attributes',
    statement:
      'A message is received with the time that it was sent, that it was first received, and its receive count',
    documentation: sqsApi('ReceiveMessage'),
    resources: { System: queue() },
    check: async (aws) => {
      const fromMs = aws.now()
      await send(aws, 'System', 'hello')
      const { Attributes = {} } = await receiveOne(aws, 'System')
      equal(Attributes['ApproximateReceiveCount'], '1', 'ApproximateReceiveCount')
      between(Number(Attributes['SentTimestamp']), fromMs - clockSkewMs, fromMs + skewedMs, 'SentTimestamp')
      between(
        Number(Attributes['ApproximateFirstReceiveTimestamp']),
        Number(Attributes['SentTimestamp']),
        fromMs + skewedMs,
        'ApproximateFirstReceiveTimestamp',
      )
      holds(typeof Attributes['SenderId'] === 'string', 'SenderId: expected a string')
    },
  },
  {
    id: 'attributes',
    statement:
      'Message attributes of the types String, Number and Binary come as they were sent, with a digest',
    documentation: sqsGuide('sqs-message-metadata'),
    resources: { Labelled: queue() },
    check: async (aws) => {
      const sent = await send(aws, 'Labelled', 'hello', {
        MessageAttributes: {
          city: { DataType: 'String', StringValue: 'Zürich' },
          count: { DataType: 'Number', StringValue: '42' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2, 3]) },
        },
      })
      const { MessageAttributes = {}, MD5OfMessageAttributes } = await receiveOne(aws, 'Labelled')
      includes(MessageAttributes['city'], { DataType: 'String', StringValue: 'Zürich' }, 'city')
      includes(MessageAttributes['count'], { DataType: 'Number', StringValue: '42' }, 'count')
      equal([...present(MessageAttributes['bytes']?.BinaryValue, 'bytes')], [1, 2, 3], 'bytes')
      equal(
        present(MD5OfMessageAttributes, 'MD5OfMessageAttributes'),
        sent.MD5OfMessageAttributes,
        'MD5OfMessageAttributes',
      )
    },
  },
  {
    id: 'attributes-asked-for',
    statement: 'Message attributes are left out of a receive that does not ask for them, or not by that name',
    documentation: sqsApi('ReceiveMessage'),
    resources: { Unasked: queue({ VisibilityTimeout: 0 }) },
    check: async (aws) => {
      await send(aws, 'Unasked', 'hello', {
        MessageAttributes: {
          'a.1': { DataType: 'String', StringValue: '1' },
          'b.1': { DataType: 'String', StringValue: '2' },
        },
      })
      const namesWith = async (MessageAttributeNames: string[]): Promise<readonly string[]> => {
        const [message] = await receive(aws, 'Unasked', { MessageAttributeNames, WaitTimeSeconds: 5 })
        return Object.keys(message?.MessageAttributes ?? {}).toSorted()
      }
      equal(await namesWith([]), [], 'asked for none')
      equal(await namesWith(['b.1']), ['b.1'], 'asked for b.1')
      equal(await namesWith(['a.*']), ['a.1'], 'asked for a.*')
      equal(await namesWith(['All']), ['a.1', 'b.1'], 'asked for all')
    },
  },
  {
    id: 'one-by-default',
    statement: 'A receive gives one message unless it asks for more, and never more than it asks for',
    documentation: sqsApi('ReceiveMessage'),
    resources: { Few: queue() },
    check: async (aws) => {
      for (const body of ['1', '2', '3', '4', '5', '6']) await send(aws, 'Few', body)
      const { Messages = [] } = await aws.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: aws.named('Few'), WaitTimeSeconds: 5 }),
      )
      equal(Messages.length, 1, 'messages by default')
      const more = await receive(aws, 'Few', { MaxNumberOfMessages: 3, WaitTimeSeconds: 5 })
      between(more.length, 1, 3, 'messages of three asked for')
    },
  },
  {
    id: 'delete',
    statement: 'A deleted message does not come again when its visibility timeout is over',
    documentation: sqsApi('DeleteMessage'),
    resources: { Deleted: queue({ VisibilityTimeout: 1 }) },
    check: async (aws) => {
      await send(aws, 'Deleted', 'hello')
      await remove(aws, 'Deleted', await receiveOne(aws, 'Deleted'))
      await aws.sleep(1500)
      await expectNone(aws, 'Deleted', 'received after it was deleted')
    },
  },
  {
    id: 'delete-old-handle',
    statement:
      'A delete with a receipt handle of an earlier receive succeeds, whether or not it deletes anything',
    documentation: sqsApi('DeleteMessage'),
    resources: { DeletedLate: queue({ VisibilityTimeout: 1 }) },
    check: async (aws) => {
      await send(aws, 'DeletedLate', 'hello')
      const first = await receiveOne(aws, 'DeletedLate')
      const second = await receiveOne(aws, 'DeletedLate')
      await remove(aws, 'DeletedLate', second)
      await remove(aws, 'DeletedLate', first)
      await remove(aws, 'DeletedLate', second)
    },
  },
  {
    id: 'delay-queue',
    statement: 'A message cannot be received before the delay of its queue is over',
    documentation: sqsGuide('sqs-delay-queues'),
    resources: { Delayed: queue({ DelaySeconds: 2 }) },
    check: async (aws) => {
      const sentMs = aws.now()
      await send(aws, 'Delayed', 'hello')
      equal(await receive(aws, 'Delayed'), [], 'received at once')
      await receiveOne(aws, 'Delayed')
      between(aws.now() - sentMs, 1900, 6000, 'milliseconds until it came')
    },
  },
  {
    id: 'delay-message',
    statement: 'The delay of a message takes the place of the delay of its queue',
    documentation: sqsApi('SendMessage'),
    resources: { DelayedAlone: queue({ DelaySeconds: 60 }) },
    check: async (aws) => {
      const sentMs = aws.now()
      await send(aws, 'DelayedAlone', 'hello', { DelaySeconds: 1 })
      equal(await receive(aws, 'DelayedAlone'), [], 'received at once')
      await receiveOne(aws, 'DelayedAlone')
      between(aws.now() - sentMs, 900, 5000, 'milliseconds until it came')
    },
  },
  {
    id: 'long-poll',
    statement: 'A long poll ends as soon as there is a message, before its wait is over',
    documentation: sqsGuide('sqs-short-and-long-polling'),
    resources: { LongPolled: queue() },
    check: async (aws) => {
      const fromMs = aws.now()
      const [polled] = await Promise.all([
        receive(aws, 'LongPolled', { WaitTimeSeconds: 15 }),
        aws.sleep(1000).then(() => send(aws, 'LongPolled', 'hello')),
      ])
      equal(
        polled.map(({ Body }) => Body),
        ['hello'],
        'what the poll gave',
      )
      between(aws.now() - fromMs, 1000, 6000, 'milliseconds that it took')
    },
  },
  {
    id: 'long-poll-empty',
    statement: 'A long poll of an empty queue succeeds without messages when its wait is over',
    documentation: sqsApi('ReceiveMessage'),
    resources: { Empty: queue() },
    check: async (aws) => {
      const fromMs = aws.now()
      equal(await receive(aws, 'Empty', { WaitTimeSeconds: 2 }), [], 'what the poll gave')
      between(aws.now() - fromMs, 1900, 4000, 'milliseconds that it took')
    },
  },
  {
    id: 'counts',
    statement: 'The attributes of a queue count its messages apart: visible, in flight and delayed',
    documentation: sqsApi('GetQueueAttributes'),
    resources: { Counted: queue() },
    check: async (aws) => {
      for (const body of ['1', '2', '3']) await send(aws, 'Counted', body)
      await send(aws, 'Counted', '4', { DelaySeconds: 900 })
      await receiveUpTo(aws, 'Counted', 1)
      const QueueUrl = aws.named('Counted')
      const expected = {
        ApproximateNumberOfMessages: '2',
        ApproximateNumberOfMessagesNotVisible: '1',
        ApproximateNumberOfMessagesDelayed: '1',
      }
      const counts = async (): Promise<unknown> => {
        const AttributeNames = Object.keys(expected) as QueueAttributeName[]
        const asked = aws.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))
        return (await asked).Attributes
      }
      // Approximate they are until they have settled, within a minute.
      await eventually(
        aws,
        async () => (isDeepStrictEqual(await counts(), expected) ? true : undefined),
        `counts as ${JSON.stringify(expected)}`,
        60_000,
      )
    },
  },
  {
    id: 'url',
    statement:
      'GetQueueUrl gives the URL of a queue by its name, and QueueDoesNotExist for a name without a queue',
    documentation: sqsApi('GetQueueUrl'),
    resources: { Called: queue() },
    outputs: { CalledName: { 'Fn::GetAtt': ['Called', 'QueueName'] } },
    check: async (aws) => {
      const { QueueUrl } = await aws.sqs.send(new GetQueueUrlCommand({ QueueName: aws.named('CalledName') }))
      equal(pathOf(QueueUrl), pathOf(aws.named('Called')), 'the path of QueueUrl')
      await refused(
        aws.sqs.send(new GetQueueUrlCommand({ QueueName: `${aws.named('CalledName')}-not` })),
        QueueDoesNotExist,
        'a name without a queue',
      )
    },
  },
  {
    id: 'missing-queue',
    statement: 'A queue that is not there is QueueDoesNotExist to whoever sends or receives',
    documentation: sqsApi('SendMessage'),
    resources: { Near: queue() },
    check: async (aws) => {
      const QueueUrl = `${aws.named('Near')}-not`
      await refused(
        aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' })),
        QueueDoesNotExist,
        'SendMessage',
      )
      await refused(
        aws.sqs.send(new ReceiveMessageCommand({ QueueUrl })),
        QueueDoesNotExist,
        'ReceiveMessage',
      )
    },
  },
  {
    id: 'receive-bounds',
    statement: 'A receive of none or of eleven messages is an InvalidParameterValue',
    documentation: sqsApi('ReceiveMessage'),
    resources: { Bounded: queue() },
    check: async (aws) => {
      for (const MaxNumberOfMessages of [0, 11])
        await refused(
          receive(aws, 'Bounded', { MaxNumberOfMessages }),
          'InvalidParameterValue',
          `${MaxNumberOfMessages} messages`,
        )
    },
  },
  {
    id: 'wait-bounds',
    statement: 'A receive with a wait of more than 20 s is an InvalidParameterValue',
    documentation: sqsGuide('sqs-short-and-long-polling'),
    resources: { BoundedWait: queue() },
    check: async (aws) => {
      await refused(receive(aws, 'BoundedWait', { WaitTimeSeconds: 21 }), 'InvalidParameterValue', '21 s')
    },
  },
  {
    id: 'delay-bounds',
    statement: 'A delay of more than 900 s is an InvalidParameterValue',
    documentation: sqsApi('SendMessage'),
    resources: { TooLate: queue() },
    check: async (aws) => {
      await refused(send(aws, 'TooLate', 'x', { DelaySeconds: 901 }), 'InvalidParameterValue', '901 s')
      await send(aws, 'TooLate', 'x', { DelaySeconds: 900 })
    },
  },
  {
    id: 'characters',
    statement: 'A body with a character outside of the allowed set is InvalidMessageContents',
    documentation: sqsApi('SendMessage'),
    resources: { Lettered: queue() },
    check: async (aws) => {
      await refused(send(aws, 'Lettered', 'a\u0001b'), InvalidMessageContents, '#x1')
      await send(aws, 'Lettered', 'a\t\n\rb')
    },
  },
])

/** Account and name: an endpoint may be known by several hosts. */
const pathOf = (url: string | undefined): string => new URL(present(url, 'a URL')).pathname

/** Clocks of here and there may differ. */
const clockSkewMs = 5000
const skewedMs = 20_000
