import { IdempotentParameterMismatchException, TransactionCanceledException } from '@aws-sdk/client-dynamodb'
import {
  GetCommand,
  PutCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb'
import { dynamoApi, dynamoGuide } from '../documentation.ts'
import { equal, holds, refused } from '../expectations.ts'
import { table } from '../resources.ts'
import { type Aws, group } from '../statement.ts'

const page = dynamoApi('TransactWriteItems')

type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number]
type Item = Readonly<Record<string, unknown>>

const transact = (aws: Aws, TransactItems: Action[], ClientRequestToken?: string) =>
  aws.dynamo.send(
    new TransactWriteCommand({
      TransactItems,
      ...(ClientRequestToken === undefined ? {} : { ClientRequestToken }),
    }),
  )

const get = async (aws: Aws, pk: string): Promise<Item | undefined> =>
  (
    await aws.dynamo.send(
      new GetCommand({ TableName: aws.named('Table'), Key: { pk }, ConsistentRead: true }),
    )
  ).Item

const put = (aws: Aws, item: Item): Promise<unknown> =>
  aws.dynamo.send(new PutCommand({ TableName: aws.named('Table'), Item: item }))

const putIn = (aws: Aws, item: Item): Action => ({ Put: { TableName: aws.named('Table'), Item: item } })

const adding = (aws: Aws, pk: string, n: number): Action => ({
  Update: {
    TableName: aws.named('Table'),
    Key: { pk },
    UpdateExpression: 'ADD n :n',
    ExpressionAttributeValues: { ':n': n },
  },
})

const checking = (aws: Aws, pk: string, ConditionExpression: string): Action => ({
  ConditionCheck: { TableName: aws.named('Table'), Key: { pk }, ConditionExpression },
})

/** Tokens are remembered for ten minutes in an account: each run of the contract has its own. */
const token = (aws: Aws, name: string): string => `${aws.named('Table').slice(-20)}-${name}`

const reasons = (error: Error): readonly (string | undefined)[] =>
  error instanceof TransactionCanceledException
    ? (error.CancellationReasons ?? []).map(({ Code }) => Code)
    : [error.name]

const shared = { Table: table }

export const transactions = group({ stack: 'table-transactions', service: 'DynamoDB', shared }, [
  {
    id: 'all',
    statement: 'A transaction puts, updates, deletes and checks together',
    documentation: page,
    check: async (aws) => {
      await put(aws, { pk: 'all-deleted' })
      await put(aws, { pk: 'all-checked' })
      await transact(aws, [
        putIn(aws, { pk: 'all-put', a: 1 }),
        adding(aws, 'all-updated', 2),
        { Delete: { TableName: aws.named('Table'), Key: { pk: 'all-deleted' } } },
        checking(aws, 'all-checked', 'attribute_exists(pk)'),
      ])
      equal(
        await Promise.all(['all-put', 'all-updated', 'all-deleted'].map((pk) => get(aws, pk))),
        [{ pk: 'all-put', a: 1 }, { pk: 'all-updated', n: 2 }, undefined],
        'the items',
      )
    },
  },
  {
    id: 'nothing',
    statement:
      'When one condition of a transaction fails nothing is done, and the reasons stand in its order',
    documentation: page,
    check: async (aws) => {
      await put(aws, { pk: 'nothing-there' })
      const error = await refused(
        transact(aws, [
          putIn(aws, { pk: 'nothing-put' }),
          checking(aws, 'nothing-there', 'attribute_not_exists(pk)'),
          adding(aws, 'nothing-updated', 1),
        ]),
        TransactionCanceledException,
        'a condition that fails',
      )
      equal(reasons(error), ['None', 'ConditionalCheckFailed', 'None'], 'reasons')
      equal(
        await Promise.all(['nothing-put', 'nothing-updated'].map((pk) => get(aws, pk))),
        [undefined, undefined],
        'the items',
      )
    },
  },
  {
    id: 'old-item',
    statement: 'A failed condition of a transaction gives no item unless it is asked for',
    documentation: page,
    check: async (aws) => {
      await put(aws, { pk: 'asked', secret: 1 })
      const error = await refused(
        transact(aws, [checking(aws, 'asked', 'attribute_not_exists(pk)')]),
        TransactionCanceledException,
        'a condition that fails',
      )
      const [reason] = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : []
      equal(reason?.Item, undefined, 'the item in the reason')
    },
  },
  {
    id: 'same-item',
    statement: 'Two actions of a transaction on one item are a ValidationException',
    documentation: page,
    check: async (aws) => {
      await refused(
        transact(aws, [adding(aws, 'same', 1), checking(aws, 'same', 'attribute_exists(pk)')]),
        'ValidationException',
        'one item twice',
      )
    },
  },
  {
    id: 'too-many',
    statement: 'A transaction of more than 100 actions is a ValidationException',
    documentation: page,
    check: async (aws) => {
      const many = (count: number) =>
        Array.from({ length: count }, (_, index) => adding(aws, `many-${count}-${index}`, 1))
      await refused(transact(aws, many(101)), 'ValidationException', '101 actions')
      await transact(aws, many(100))
    },
  },
  {
    id: 'token',
    statement: 'A transaction that is repeated with its ClientRequestToken succeeds without being done again',
    documentation: page,
    check: async (aws) => {
      const again = () => transact(aws, [adding(aws, 'token', 1)], token(aws, 'again'))
      await again()
      await again()
      equal(await get(aws, 'token'), { pk: 'token', n: 1 }, 'the item')
    },
  },
  {
    id: 'token-mismatch',
    statement: 'Another transaction under a used ClientRequestToken is IdempotentParameterMismatchException',
    documentation: page,
    check: async (aws) => {
      await transact(aws, [adding(aws, 'mismatch', 1)], token(aws, 'mismatch'))
      await refused(
        transact(aws, [adding(aws, 'mismatch', 2)], token(aws, 'mismatch')),
        IdempotentParameterMismatchException,
        'another amount',
      )
    },
  },
  {
    id: 'conflict',
    statement:
      'Transactions on one item at once are all done, but for those cancelled with TransactionConflict',
    documentation: dynamoGuide('transaction-apis'),
    check: async (aws) => {
      const attempts = await Promise.allSettled(
        Array.from({ length: 10 }, () => transact(aws, [adding(aws, 'hot', 1), adding(aws, 'hot-too', 1)])),
      )
      const done = attempts.filter(({ status }) => status === 'fulfilled').length
      holds(done > 0, 'expected one to be done')
      for (const attempt of attempts)
        if (attempt.status === 'rejected')
          holds(
            reasons(attempt.reason).includes('TransactionConflict'),
            `expected TransactionConflict, got ${reasons(attempt.reason)}`,
          )
      equal(
        await Promise.all(['hot', 'hot-too'].map((pk) => get(aws, pk))),
        [
          { pk: 'hot', n: done },
          { pk: 'hot-too', n: done },
        ],
        'the items',
      )
    },
  },
])
