import {
  BatchEntryIdsNotDistinct,
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  EmptyBatchRequest,
  InvalidBatchEntryId,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  TooManyEntriesInBatchRequest,
} from '@aws-sdk/client-sqs'
import { sqsApi } from '../documentation.ts'
import { equal, includes, refused } from '../expectations.ts'
import { queue } from '../resources.ts'
import { type Aws, group } from '../statement.ts'
import { bodiesWithin, expectNone, receiveOne, receiveUpTo, send } from './messages.ts'

const sendBatch = (aws: Aws, name: string, Entries: SendMessageBatchRequestEntry[]) =>
  aws.sqs.send(new SendMessageBatchCommand({ QueueUrl: aws.named(name), Entries }))

const entries = (...ids: readonly string[]): SendMessageBatchRequestEntry[] =>
  ids.map((Id) => ({ Id, MessageBody: Id }))

const shared = { Refusing: queue() }

export const batches = group({ stack: 'sqs-batches', service: 'SQS', shared }, [
  {
    id: 'all',
    statement: 'SendMessageBatch answers for each entry under its id, with message id and digest',
    documentation: sqsApi('SendMessageBatch'),
    resources: { Whole: queue() },
    check: async (aws) => {
      const { Successful = [], Failed = [] } = await sendBatch(aws, 'Whole', entries('a', 'b'))
      equal(Failed, [], 'Failed')
      equal(
        Successful.map(({ Id, MD5OfMessageBody }) => [Id, MD5OfMessageBody]),
        [
          ['a', '0cc175b9c0f1b6a831c399e269772661'],
          ['b', '92eb5ffee6ae2fec3ad71c777531578f'],
        ],
        'Successful',
      )
      const came = await receiveUpTo(aws, 'Whole', 2)
      equal(
        came.map(({ MessageId }) => MessageId).toSorted(),
        Successful.map(({ MessageId }) => MessageId).toSorted(),
        'ids of what came',
      )
    },
  },
  {
    id: 'partial',
    statement: 'An entry of a batch that cannot be sent fails alone, with its code and whose fault it is',
    documentation: sqsApi('SendMessageBatch'),
    resources: { Partial: queue() },
    check: async (aws) => {
      const { Successful = [], Failed = [] } = await sendBatch(aws, 'Partial', [
        ...entries('good'),
        { Id: 'bad', MessageBody: 'a\u0001b' },
      ])
      equal(
        Successful.map(({ Id }) => Id),
        ['good'],
        'Successful',
      )
      equal(Failed.length, 1, 'how many failed')
      includes(Failed[0], { Id: 'bad', Code: 'InvalidMessageContents', SenderFault: true }, 'Failed')
      equal(await bodiesWithin(aws, 'Partial', 2), ['good'], 'what came')
    },
  },
  {
    id: 'delete-partial',
    statement:
      'DeleteMessageBatch deletes what it can, and says ReceiptHandleIsInvalid of the entry that it cannot',
    documentation: sqsApi('DeleteMessageBatch'),
    resources: { PartlyDeleted: queue({ VisibilityTimeout: 1 }) },
    check: async (aws) => {
      await send(aws, 'PartlyDeleted', 'hello')
      const { ReceiptHandle } = await receiveOne(aws, 'PartlyDeleted')
      const { Successful = [], Failed = [] } = await aws.sqs.send(
        new DeleteMessageBatchCommand({
          QueueUrl: aws.named('PartlyDeleted'),
          Entries: [
            { Id: 'good', ReceiptHandle },
            { Id: 'bad', ReceiptHandle: 'nonsense' },
          ],
        }),
      )
      equal(
        Successful.map(({ Id }) => Id),
        ['good'],
        'Successful',
      )
      equal(Failed.length, 1, 'how many failed')
      includes(Failed[0], { Id: 'bad', Code: 'ReceiptHandleIsInvalid', SenderFault: true }, 'Failed')
      await aws.sleep(1500)
      await expectNone(aws, 'PartlyDeleted', 'what is left')
    },
  },
  {
    id: 'visibility',
    statement: 'ChangeMessageVisibilityBatch changes each message by its own timeout',
    documentation: sqsApi('ChangeMessageVisibilityBatch'),
    resources: { Rehidden: queue({ VisibilityTimeout: 600 }) },
    check: async (aws) => {
      await sendBatch(aws, 'Rehidden', entries('now', 'later'))
      const came = await receiveUpTo(aws, 'Rehidden', 2)
      await aws.sqs.send(
        new ChangeMessageVisibilityBatchCommand({
          QueueUrl: aws.named('Rehidden'),
          Entries: came.map(({ Body, ReceiptHandle }) => ({
            Id: Body,
            ReceiptHandle,
            VisibilityTimeout: Body === 'now' ? 0 : 600,
          })),
        }),
      )
      equal(await bodiesWithin(aws, 'Rehidden', 2), ['now'], 'what came again')
    },
  },
  {
    id: 'empty',
    statement: 'A batch without entries is an EmptyBatchRequest',
    documentation: sqsApi('SendMessageBatch'),
    check: async (aws) => {
      await refused(sendBatch(aws, 'Refusing', []), EmptyBatchRequest, 'no entry')
    },
  },
  {
    id: 'too-many',
    statement: 'A batch of more than ten entries is TooManyEntriesInBatchRequest',
    documentation: sqsApi('SendMessageBatch'),
    check: async (aws) => {
      const eleven = entries(...Array.from({ length: 11 }, (_, index) => `e${index}`))
      await refused(sendBatch(aws, 'Refusing', eleven), TooManyEntriesInBatchRequest, 'eleven entries')
    },
  },
  {
    id: 'distinct',
    statement: 'A batch with two entries of one id is BatchEntryIdsNotDistinct',
    documentation: sqsApi('SendMessageBatch'),
    check: async (aws) => {
      await refused(sendBatch(aws, 'Refusing', entries('a', 'a')), BatchEntryIdsNotDistinct, 'a twice')
    },
  },
  {
    id: 'id',
    statement:
      'An entry whose id has other characters than letters, digits, hyphens and underscores is refused',
    documentation: sqsApi('SendMessageBatch'),
    check: async (aws) => {
      await refused(sendBatch(aws, 'Refusing', entries('a b')), InvalidBatchEntryId, 'an id with a space')
    },
  },
])
