import { ConditionalCheckFailedException, ResourceNotFoundException } from '@aws-sdk/client-dynamodb'
import {
  DeleteCommand,
  GetCommand,
  PutCommand,
  type PutCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb'
import { dynamoApi, dynamoGuide } from '../documentation.ts'
import { equal, refused } from '../expectations.ts'
import { table } from '../resources.ts'
import { type Aws, group } from '../statement.ts'

const expressionsPage = dynamoGuide('Expressions.UpdateExpressions')
const conditionsPage = dynamoGuide('Expressions.ConditionExpressions')

type Item = Readonly<Record<string, unknown>>

const put = (aws: Aws, item: Item, more: Partial<PutCommandInput> = {}) =>
  aws.dynamo.send(new PutCommand({ TableName: aws.named('Table'), Item: item, ...more }))

const get = async (aws: Aws, pk: string): Promise<Item | undefined> =>
  (
    await aws.dynamo.send(
      new GetCommand({ TableName: aws.named('Table'), Key: { pk }, ConsistentRead: true }),
    )
  ).Item

const update = (
  aws: Aws,
  pk: string,
  UpdateExpression: string,
  values: Item = {},
  more: Partial<UpdateCommandInput> = {},
) =>
  aws.dynamo.send(
    new UpdateCommand({
      TableName: aws.named('Table'),
      Key: { pk },
      UpdateExpression,
      ...(Object.keys(values).length === 0 ? {} : { ExpressionAttributeValues: values }),
      ...more,
    }),
  )

const remove = (aws: Aws, pk: string, more: object = {}) =>
  aws.dynamo.send(new DeleteCommand({ TableName: aws.named('Table'), Key: { pk }, ...more }))

const shared = { Table: table }

export const items = group({ stack: 'table-items', service: 'DynamoDB', shared }, [
  {
    id: 'put-get',
    statement: 'GetItem gives the item that PutItem put, with all of its types',
    documentation: dynamoApi('GetItem'),
    check: async (aws) => {
      const item = {
        pk: 'put',
        n: 1.5,
        text: 'x',
        yes: true,
        none: null,
        list: [1, 'a'],
        map: { a: { b: 2 } },
      }
      await put(aws, item)
      equal(await get(aws, 'put'), item, 'the item')
    },
  },
  {
    id: 'get-missing',
    statement: 'GetItem of a key without an item answers without one',
    documentation: dynamoApi('GetItem'),
    check: async (aws) => {
      await put(aws, { pk: 'somebody' })
      equal(
        await Promise.all(['somebody', 'nobody'].map((pk) => get(aws, pk))),
        [{ pk: 'somebody' }, undefined],
        'the items',
      )
    },
  },
  {
    id: 'put-replaces',
    statement: 'PutItem replaces the whole item, and gives the old one when asked for ALL_OLD',
    documentation: dynamoApi('PutItem'),
    check: async (aws) => {
      await put(aws, { pk: 'replaced', a: 1, b: 2 })
      const { Attributes } = await put(aws, { pk: 'replaced', a: 3 }, { ReturnValues: 'ALL_OLD' })
      equal(Attributes, { pk: 'replaced', a: 1, b: 2 }, 'the old item')
      equal(await get(aws, 'replaced'), { pk: 'replaced', a: 3 }, 'the new item')
    },
  },
  {
    id: 'condition-not-exists',
    statement:
      'attribute_not_exists of the key lets an item be put once, then ConditionalCheckFailedException',
    documentation: conditionsPage,
    check: async (aws) => {
      const once = { ConditionExpression: 'attribute_not_exists(pk)' }
      await put(aws, { pk: 'once', n: 1 }, once)
      await refused(put(aws, { pk: 'once', n: 2 }, once), ConditionalCheckFailedException, 'a second time')
      equal(await get(aws, 'once'), { pk: 'once', n: 1 }, 'the item')
    },
  },
  {
    id: 'condition-compares',
    statement: 'A condition on a version lets through who has it, and nobody else',
    documentation: conditionsPage,
    check: async (aws) => {
      await put(aws, { pk: 'versioned', version: 1 })
      const step = (had: number) =>
        update(
          aws,
          'versioned',
          'SET version = :next',
          { ':next': had + 1, ':had': had },
          {
            ConditionExpression: 'version = :had',
          },
        )
      await step(1)
      await refused(step(1), ConditionalCheckFailedException, 'the version of before')
      equal(await get(aws, 'versioned'), { pk: 'versioned', version: 2 }, 'the item')
    },
  },
  {
    id: 'condition-operators',
    statement:
      'Conditions compare, and are joined by AND, OR and NOT with parentheses; names may be placeholders',
    documentation: dynamoGuide('Expressions.OperatorsAndFunctions'),
    check: async (aws) => {
      await put(aws, { pk: 'judged', n: 5, state: 'open' })
      const holdsIf = (ConditionExpression: string) =>
        update(
          aws,
          'judged',
          'SET seen = :yes',
          { ':yes': true, ':four': 4, ':six': 6, ':open': 'open' },
          { ConditionExpression, ExpressionAttributeNames: { '#state': 'state' } },
        )
      await holdsIf('n > :four AND n <= :six AND #state = :open')
      await holdsIf('NOT (n < :four OR n >= :six) AND #state = :open')
      await refused(
        holdsIf('(n < :four OR n >= :six) AND #state = :open'),
        ConditionalCheckFailedException,
        'outside of the bounds',
      )
    },
  },
  {
    id: 'condition-absent',
    statement: 'A comparison with an attribute that is not there does not hold',
    documentation: dynamoGuide('Expressions.OperatorsAndFunctions'),
    check: async (aws) => {
      await put(aws, { pk: 'absent' })
      await refused(
        update(aws, 'absent', 'SET a = :one', { ':one': 1 }, { ConditionExpression: 'nowhere = :one' }),
        ConditionalCheckFailedException,
        'an attribute that is not there',
      )
    },
  },
  {
    id: 'update-creates',
    statement: 'UpdateItem makes an item that is not there, and gives it as it is now when asked for ALL_NEW',
    documentation: dynamoApi('UpdateItem'),
    check: async (aws) => {
      const { Attributes } = await update(
        aws,
        'made',
        'SET a = :one',
        { ':one': 1 },
        { ReturnValues: 'ALL_NEW' },
      )
      equal(Attributes, { pk: 'made', a: 1 }, 'ALL_NEW')
    },
  },
  {
    id: 'update-all-old',
    statement: 'UpdateItem gives the item as it was when asked for ALL_OLD, and nothing by default',
    documentation: dynamoApi('UpdateItem'),
    check: async (aws) => {
      await put(aws, { pk: 'before', a: 1 })
      const old = await update(aws, 'before', 'SET a = :two', { ':two': 2 }, { ReturnValues: 'ALL_OLD' })
      equal(old.Attributes, { pk: 'before', a: 1 }, 'ALL_OLD')
      equal((await update(aws, 'before', 'SET a = :two', { ':two': 3 })).Attributes, undefined, 'by default')
    },
  },
  {
    id: 'set',
    statement:
      'SET adds and subtracts, and if_not_exists gives an attribute that is not there a value to begin with',
    documentation: expressionsPage,
    check: async (aws) => {
      await put(aws, { pk: 'set', n: 5 })
      await update(
        aws,
        'set',
        'SET n = n - :two, m = if_not_exists(m, :zero) + :two, k = if_not_exists(n, :zero)',
        { ':two': 2, ':zero': 0 },
      )
      equal(await get(aws, 'set'), { pk: 'set', n: 3, m: 2, k: 5 }, 'the item')
    },
  },
  {
    id: 'add-remove',
    statement: 'ADD takes an attribute that is not there for zero; REMOVE takes attributes away',
    documentation: expressionsPage,
    check: async (aws) => {
      await put(aws, { pk: 'added', gone: 1, kept: 2 })
      await update(aws, 'added', 'ADD n :three REMOVE gone', { ':three': 3 })
      equal(await get(aws, 'added'), { pk: 'added', n: 3, kept: 2 }, 'the item')
    },
  },
  {
    id: 'nested',
    statement: 'SET reaches into a map, and is a ValidationException where there is no map',
    documentation: expressionsPage,
    check: async (aws) => {
      await put(aws, { pk: 'nested', contents: { a: 1 } })
      await update(aws, 'nested', 'SET contents.b = :two', { ':two': 2 })
      equal(await get(aws, 'nested'), { pk: 'nested', contents: { a: 1, b: 2 } }, 'the item')
      await refused(
        update(aws, 'nested', 'SET nowhere.b = :two', { ':two': 2 }),
        'ValidationException',
        'no map',
      )
    },
  },
  {
    id: 'add-text',
    statement: 'ADD of a number to a text is a ValidationException',
    documentation: expressionsPage,
    check: async (aws) => {
      await put(aws, { pk: 'text', a: 'x' })
      await refused(update(aws, 'text', 'ADD a :one', { ':one': 1 }), 'ValidationException', 'ADD to a text')
    },
  },
  {
    id: 'update-key',
    statement: 'UpdateItem cannot change the key: ValidationException',
    documentation: dynamoApi('UpdateItem'),
    check: async (aws) => {
      await refused(update(aws, 'key', 'SET pk = :x', { ':x': 'y' }), 'ValidationException', 'SET of the key')
    },
  },
  {
    id: 'delete',
    statement: 'DeleteItem takes an item away and gives it when asked; of one that is not there it succeeds',
    documentation: dynamoApi('DeleteItem'),
    check: async (aws) => {
      await put(aws, { pk: 'deleted', a: 1 })
      equal(
        (await remove(aws, 'deleted', { ReturnValues: 'ALL_OLD' })).Attributes,
        { pk: 'deleted', a: 1 },
        'ALL_OLD',
      )
      equal(await get(aws, 'deleted'), undefined, 'the item')
      await remove(aws, 'deleted')
    },
  },
  {
    id: 'delete-condition',
    statement: 'DeleteItem with a condition that does not hold is ConditionalCheckFailedException',
    documentation: dynamoApi('DeleteItem'),
    check: async (aws) => {
      await put(aws, { pk: 'guarded', a: 1 })
      await refused(
        remove(aws, 'guarded', { ConditionExpression: 'attribute_not_exists(a)' }),
        ConditionalCheckFailedException,
        'a condition that does not hold',
      )
      equal(await get(aws, 'guarded'), { pk: 'guarded', a: 1 }, 'the item')
    },
  },
  {
    id: 'key-missing',
    statement:
      'An item or a request without the key, or with a key of another type, is a ValidationException',
    documentation: dynamoApi('PutItem'),
    check: async (aws) => {
      await refused(put(aws, { other: 'x' }), 'ValidationException', 'PutItem without the key')
      await refused(put(aws, { pk: 1 }), 'ValidationException', 'PutItem with a number as key')
      await refused(
        aws.dynamo.send(new GetCommand({ TableName: aws.named('Table'), Key: { other: 'x' } })),
        'ValidationException',
        'GetItem by another attribute',
      )
    },
  },
  {
    id: 'reserved-word',
    statement: 'A reserved word as a name in an expression is a ValidationException',
    documentation: dynamoGuide('ReservedWords'),
    check: async (aws) => {
      await refused(
        update(aws, 'word', 'SET status = :x', { ':x': 'y' }),
        'ValidationException',
        'SET status',
      )
    },
  },
  {
    id: 'unused-value',
    statement: 'A placeholder that no expression uses, or that has no value, is a ValidationException',
    documentation: dynamoGuide('Expressions.ExpressionAttributeValues'),
    check: async (aws) => {
      await refused(
        update(aws, 'unused', 'SET a = :x', { ':x': 1, ':y': 2 }),
        'ValidationException',
        'a value that is not used',
      )
      await refused(update(aws, 'unused', 'SET a = :x', { ':y': 2 }), 'ValidationException', 'no value')
    },
  },
  {
    id: 'missing-table',
    statement: 'A table that is not there is ResourceNotFoundException',
    documentation: dynamoApi('GetItem'),
    check: async (aws) => {
      const TableName = `${aws.named('Table')}-not`
      await refused(
        aws.dynamo.send(new GetCommand({ TableName, Key: { pk: 'x' } })),
        ResourceNotFoundException,
        'a name without a table',
      )
    },
  },
])
