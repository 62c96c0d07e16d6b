import { SendMessageBatchCommand, type SendMessageCommandInput } from '@aws-sdk/client-sqs'
import { sqsApi, sqsGuide } from '../documentation.ts'
import { between, equal, holds, includes, present, refused } from '../expectations.ts'
import { fifoQueue } from '../resources.ts'
import { type Aws, group } from '../statement.ts'
import { receive, receiveOne, remove, send, takeInOrder } from './messages.ts'

const logicPage = sqsGuide('FIFO-queues-understanding-logic')
const oncePage = sqsGuide('FIFO-queues-exactly-once-processing')

/** With its body as deduplication id. */
const sendTo = (
  aws: Aws,
  name: string,
  MessageGroupId: string,
  body: string,
  more: Partial<SendMessageCommandInput> = {},
) => send(aws, name, body, { MessageGroupId, MessageDeduplicationId: body, ...more })

export const fifo = group({ stack: 'sqs-fifo', service: 'SQS' }, [
  {
    id: 'order',
    statement: 'Messages of a group come in the order in which they were sent',
    documentation: logicPage,
    resources: { Ordered: fifoQueue('Ordered') },
    check: async (aws) => {
      const bodies = ['1', '2', '3', '4', '5', '6']
      for (const body of bodies) await sendTo(aws, 'Ordered', 'g', body)
      equal(await takeInOrder(aws, 'Ordered', bodies.length), bodies, 'the order')
    },
  },
  {
    id: 'locked',
    statement: 'While a message of a group is in flight no other of the group is given, and other groups are',
    documentation: logicPage,
    resources: { Locked: fifoQueue('Locked', { VisibilityTimeout: 60 }) },
    check: async (aws) => {
      for (const body of ['a1', 'a2', 'b1']) await sendTo(aws, 'Locked', body.slice(0, 1), body)
      const first = await receive(aws, 'Locked', { MaxNumberOfMessages: 1, WaitTimeSeconds: 5 })
      equal(
        first.map(({ Body }) => Body),
        ['a1'],
        'the first receive',
      )
      const others = await receive(aws, 'Locked', { WaitTimeSeconds: 2 })
      equal(
        others.map(({ Body }) => Body),
        ['b1'],
        'the second receive',
      )
      await remove(aws, 'Locked', present(first[0], 'a1'))
      equal((await receiveOne(aws, 'Locked')).Body, 'a2', 'the third receive')
    },
  },
  {
    id: 'returns-first',
    statement: 'A message whose visibility timeout is over comes again before the later ones of its group',
    documentation: logicPage,
    resources: { Resumed: fifoQueue('Resumed', { VisibilityTimeout: 1 }) },
    check: async (aws) => {
      for (const body of ['1', '2']) await sendTo(aws, 'Resumed', 'g', body)
      await receive(aws, 'Resumed', { MaxNumberOfMessages: 1, WaitTimeSeconds: 5 })
      await aws.sleep(1500)
      const [again] = await receive(aws, 'Resumed', { MaxNumberOfMessages: 1, WaitTimeSeconds: 5 })
      equal([again?.Body, again?.Attributes?.ApproximateReceiveCount], ['1', '2'], 'what came')
    },
  },
  {
    id: 'deduplication',
    statement:
      'A message with the deduplication id of one that was sent within 5 minutes is taken and not delivered',
    documentation: oncePage,
    resources: { Once: fifoQueue('Once') },
    check: async (aws) => {
      await sendTo(aws, 'Once', 'g', 'first', { MessageDeduplicationId: 'd' })
      await sendTo(aws, 'Once', 'g', 'second', { MessageDeduplicationId: 'd' })
      await sendTo(aws, 'Once', 'g', 'third', { MessageDeduplicationId: 'e' })
      equal(await takeInOrder(aws, 'Once', 2), ['first', 'third'], 'what came')
    },
  },
  {
    id: 'deduplication-after-delete',
    statement: 'A deduplication id is remembered after its message was received and deleted',
    documentation: oncePage,
    resources: { OnceDeleted: fifoQueue('OnceDeleted') },
    check: async (aws) => {
      await sendTo(aws, 'OnceDeleted', 'g', 'first', { MessageDeduplicationId: 'd' })
      await remove(aws, 'OnceDeleted', await receiveOne(aws, 'OnceDeleted'))
      await sendTo(aws, 'OnceDeleted', 'g', 'second', { MessageDeduplicationId: 'd' })
      equal(await receive(aws, 'OnceDeleted', { WaitTimeSeconds: 1 }), [], 'what came')
    },
  },
  {
    id: 'content',
    statement: 'With content-based deduplication equal bodies are one message, whatever their attributes',
    documentation: oncePage,
    resources: { ByContent: fifoQueue('ByContent', { ContentBasedDeduplication: true }) },
    check: async (aws) => {
      await send(aws, 'ByContent', 'same', { MessageGroupId: 'g' })
      await send(aws, 'ByContent', 'same', {
        MessageGroupId: 'g',
        MessageAttributes: { n: { DataType: 'Number', StringValue: '2' } },
      })
      await send(aws, 'ByContent', 'other', { MessageGroupId: 'g' })
      equal(await takeInOrder(aws, 'ByContent', 2), ['same', 'other'], 'what came')
    },
  },
  {
    id: 'attributes',
    statement: 'A FIFO message is received with its group, its deduplication id and its sequence number',
    documentation: sqsApi('ReceiveMessage'),
    resources: { Numbered: fifoQueue('Numbered') },
    check: async (aws) => {
      const first = await sendTo(aws, 'Numbered', 'g', 'one')
      const second = await sendTo(aws, 'Numbered', 'g', 'two')
      const { Attributes } = await receiveOne(aws, 'Numbered')
      equal(
        [Attributes?.MessageGroupId, Attributes?.MessageDeduplicationId, Attributes?.SequenceNumber],
        ['g', 'one', first.SequenceNumber],
        'attributes',
      )
      holds(
        BigInt(present(second.SequenceNumber, 'a second number')) >
          BigInt(present(first.SequenceNumber, 'a first number')),
        'sequence numbers: expected them to grow',
      )
    },
  },
  {
    id: 'group-required',
    statement: 'A message to a FIFO queue without a group is a MissingParameter',
    documentation: sqsApi('SendMessage'),
    resources: { Grouped: fifoQueue('Grouped') },
    check: async (aws) => {
      await refused(
        send(aws, 'Grouped', 'hello', { MessageDeduplicationId: 'd' }),
        'MissingParameter',
        'no group',
      )
    },
  },
  {
    id: 'deduplication-required',
    statement:
      'A message without a deduplication id is refused by a queue without content-based deduplication',
    documentation: sqsApi('SendMessage'),
    resources: { Undoubled: fifoQueue('Undoubled') },
    check: async (aws) => {
      await refused(
        send(aws, 'Undoubled', 'hello', { MessageGroupId: 'g' }),
        'InvalidParameterValue',
        'no deduplication id',
      )
    },
  },
  {
    id: 'no-delay',
    statement: 'A single message to a FIFO queue cannot have a delay of its own',
    documentation: sqsApi('SendMessage'),
    resources: { Undelayed: fifoQueue('Undelayed') },
    check: async (aws) => {
      await refused(
        sendTo(aws, 'Undelayed', 'g', 'hello', { DelaySeconds: 1 }),
        'InvalidParameterValue',
        'a delay of its own',
      )
    },
  },
  {
    id: 'delay',
    statement: 'The delay of a FIFO queue holds for each of its messages',
    documentation: sqsGuide('sqs-delay-queues'),
    resources: { DelayedInOrder: fifoQueue('DelayedInOrder', { DelaySeconds: 1 }) },
    check: async (aws) => {
      const fromMs = aws.now()
      await sendTo(aws, 'DelayedInOrder', 'g', 'hello')
      await receiveOne(aws, 'DelayedInOrder')
      between(aws.now() - fromMs, 900, 5000, 'milliseconds until it came')
    },
  },
  {
    id: 'batch-partial',
    statement: 'An entry of a batch to a FIFO queue that names no group fails alone, with MissingParameter',
    documentation: sqsApi('SendMessageBatch'),
    resources: { PartlyGrouped: fifoQueue('PartlyGrouped', { ContentBasedDeduplication: true }) },
    check: async (aws) => {
      const { Successful = [], Failed = [] } = await aws.sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: aws.named('PartlyGrouped'),
          Entries: [
            { Id: 'good', MessageBody: 'good', MessageGroupId: 'g' },
            { Id: 'bad', MessageBody: 'bad' },
          ],
        }),
      )
      equal(
        Successful.map(({ Id }) => Id),
        ['good'],
        'Successful',
      )
      equal(Failed.length, 1, 'how many failed')
      includes(Failed[0], { Id: 'bad', Code: 'MissingParameter', SenderFault: true }, 'Failed')
    },
  },
])
