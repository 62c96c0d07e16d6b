import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  ResourceNotFoundException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../../world.ts'
import { isReserved } from './expression/reserved-words.ts'
import { cancellationsOf, fresh, type Input, messageOf, put, transact, update } from './table.testing.ts'

const refusalOf = (answer: Answer): Error => (answer.ok ? new Error('It was taken') : answer.error)

describe('a refusal is an exception of the SDK, as the API reference has it:', () => {
  const onTable = { TableName: 'T' }
  const isNew = { ConditionExpression: 'attribute_not_exists(pk)' }
  const absent = { TableName: 'Absent', Key: { pk: 'a' } }
  it.each([
    {
      Class: ConditionalCheckFailedException,
      says: 'The conditional request failed',
      ask: (world: ReturnType<typeof fresh>) => put(world, { pk: 'a' }, isNew),
    },
    {
      Class: ResourceNotFoundException,
      says: 'Requested resource not found',
      ask: (world: ReturnType<typeof fresh>) => world.call('dynamodb', 'GetItem', absent),
    },
    {
      Class: TransactionCanceledException,
      says: 'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
      ask: (world: ReturnType<typeof fresh>) =>
        transact(
          world,
          { Put: { ...onTable, Item: { pk: 'b' } } },
          { Put: { ...onTable, Item: { pk: 'a' }, ...isNew } },
        ),
    },
    {
      Class: TransactionConflictException,
      says: 'Transaction is ongoing for the item',
      ask: async (world: ReturnType<typeof fresh>) => {
        await transact(world, { Put: { ...onTable, Item: { pk: 'a' } } })
        return put(world, { pk: 'a' })
      },
    },
  ])('$Class.name', async ({ Class, says, ask }) => {
    const refusal = refusalOf(await ask(fresh({ pk: 'a' })))
    expect(refusal).toBeInstanceOf(Class)
    expect(refusal).toBeInstanceOf(DynamoDBServiceException)
    expect(refusal).toMatchObject({
      name: Class.name,
      message: says,
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    })
  })
})

/** Sources: the messages of cancellation reasons in the API reference of TransactWriteItems; developer guide, Constraints. */
describe('a ValidationException says', () => {
  const v = { ExpressionAttributeValues: { ':v': 1 } }
  const item: Input = { pk: 'a', n: 1 }

  it.each([
    {
      says: 'One or more parameter values were invalid: Missing the key pk in the item',
      ask: (world: ReturnType<typeof fresh>) => put(world, { n: 1 }),
    },
    {
      says: 'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
      ask: (world: ReturnType<typeof fresh>) => put(world, { pk: 1 }),
    },
    {
      says: 'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
      ask: (world: ReturnType<typeof fresh>) => put(world, { pk: '' }),
    },
    {
      says: 'The provided key element does not match the schema',
      ask: (world: ReturnType<typeof fresh>) =>
        world.call('dynamodb', 'GetItem', { TableName: 'T', Key: { pk: 'a', sk: 'b' } }),
    },
    {
      says: 'Item size has exceeded the maximum allowed size',
      ask: (world: ReturnType<typeof fresh>) => put(world, { pk: 'a', b: 'x'.repeat(409_600) }),
    },
    {
      says: 'Item size to update has exceeded the maximum allowed size',
      ask: (world: ReturnType<typeof fresh>) =>
        update(world, 'a', 'SET b = :v', { ExpressionAttributeValues: { ':v': 'x'.repeat(409_600) } }),
    },
    {
      says: 'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "="',
      ask: (world: ReturnType<typeof fresh>) => update(world, 'a', 'SET n =', v),
    },
    {
      says: 'Invalid ConditionExpression: Syntax error; token: ")", near: ":v )"',
      ask: (world: ReturnType<typeof fresh>) => put(world, item, { ConditionExpression: 'n = :v)', ...v }),
    },
    {
      says: 'Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :w',
      ask: (world: ReturnType<typeof fresh>) => update(world, 'a', 'SET n = :w'),
    },
    {
      says: 'Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #n',
      ask: (world: ReturnType<typeof fresh>) => put(world, item, { ConditionExpression: '#n = :v', ...v }),
    },
    {
      says: 'Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}',
      ask: (world: ReturnType<typeof fresh>) => update(world, 'a', 'REMOVE n', v),
    },
    {
      says: 'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [n], path two: [n, m]',
      ask: (world: ReturnType<typeof fresh>) => update(world, 'a', 'SET n = :v, n.m = :v', v),
    },
    {
      says: 'The provided expression refers to an attribute that does not exist in the item',
      ask: (world: ReturnType<typeof fresh>) => update(world, 'a', 'SET n = gone + :v', v),
    },
    {
      says: 'An operand in the update expression has an incorrect data type',
      ask: (world: ReturnType<typeof fresh>) => update(world, 'a', 'SET n = pk + :v', v),
    },
    {
      says: 'Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: Status',
      ask: (world: ReturnType<typeof fresh>) => update(world, 'a', 'SET Status = :v', v),
    },
    {
      says: 'Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: rank',
      ask: (world: ReturnType<typeof fresh>) =>
        put(world, item, { ConditionExpression: 'n.rank = :v', ...v }),
    },
  ])('$says', async ({ says, ask }) => {
    const refusal = refusalOf(await ask(fresh(item)))
    expect(refusal).toMatchObject({ name: 'ValidationException', message: says, $fault: 'client' })
    expect(refusal).toBeInstanceOf(DynamoDBServiceException)
  })

  it('in a transaction, what is wrong with an item, as the reason of its action', async () => {
    const wrong = { Key: { pk: 'a' }, UpdateExpression: 'SET n = pk + :v', ...v }
    const answer = await transact(
      fresh(item),
      { Put: { TableName: 'T', Item: { pk: 'b' } } },
      { Update: { TableName: 'T', ...wrong } },
    )
    expect(messageOf(answer)).toContain('[None, ValidationError]')
    expect(cancellationsOf(answer)[1]).toEqual({
      Code: 'ValidationError',
      Message: 'An operand in the update expression has an incorrect data type',
    })
  })
})

describe('a reserved word', () => {
  it.each(['ABORT', 'zone', 'Rank', 'ttl'])('%s is one, in whatever case', (word) => {
    expect(isReserved(word)).toBe(true)
  })

  it.each(['version', 'available', 'stage', 'pk'])('%s is none', (word) => {
    expect(isReserved(word)).toBe(false)
  })

  it('may be the name of an attribute that a placeholder stands for', async () => {
    const names = { ExpressionAttributeNames: { '#s': 'status' }, ExpressionAttributeValues: { ':v': 1 } }
    expect((await update(fresh(), 'a', 'SET #s = :v', names)).ok).toBe(true)
  })
})
