import { describe, expect, it } from 'vitest'
import { type SmallWorld, smallWorld } from '../small-world.ts'
import {
  errorOf,
  fresh,
  get,
  type Input,
  messageOf,
  put,
  reasonsOf,
  tableOf,
  transact,
  update,
} from './table.testing.ts'
import { transactionHoldMs } from './table.ts'

describe('a table', () => {
  it('gives back what was put, and nobody can change it there', async () => {
    const world = fresh()
    const item = { pk: 'a', facts: [{ type: 'Made', lines: [1, 2] }], note: null, open: true }
    await put(world, item)
    item.facts.push({ type: 'Changed', lines: [] })
    const stored = (await get(world, 'a')) as typeof item
    expect(stored).toEqual({ pk: 'a', facts: [{ type: 'Made', lines: [1, 2] }], note: null, open: true })
    expect(() => stored.facts.push({ type: 'Changed', lines: [] })).toThrow(TypeError)
    expect(await get(world, 'absent')).toBeUndefined()
  })

  it.each([
    { name: 'no key', item: { a: 1 }, error: 'ValidationException' },
    { name: 'an empty key', item: { pk: '' }, error: 'ValidationException' },
    { name: 'a number as key', item: { pk: 1 }, error: 'ValidationException' },
    { name: 'exactly 400 KB', item: { pk: 'a', b: 'x'.repeat(409_600 - 4) }, error: undefined },
    { name: 'a byte more', item: { pk: 'a', b: 'x'.repeat(409_600 - 3) }, error: 'ValidationException' },
    { name: 'an undefined value', item: { pk: 'a', b: undefined }, error: 'Error' },
    { name: 'a number that is none', item: { pk: 'a', b: Number.NaN }, error: 'Error' },
  ])('answers a put with $name with $error', async ({ item, error }) => {
    expect(errorOf(await put(fresh(), item))).toBe(error)
  })

  it('gives up what is deleted, once, and only under its condition', async () => {
    const world = fresh({ pk: 'a', n: 1 })
    const remove = (more: Input) =>
      world.call('dynamodb', 'DeleteItem', { TableName: 'T', Key: { pk: 'a' }, ...more })
    expect(errorOf(await remove({ ConditionExpression: 'attribute_not_exists(n)' }))).toBe(
      'ConditionalCheckFailedException',
    )
    const removed = await remove({ ReturnValues: 'ALL_OLD' })
    expect(removed).toEqual({ ok: true, output: { Attributes: { pk: 'a', n: 1 } } })
    expect(await get(world, 'a')).toBeUndefined()
    expect(await remove({ ReturnValues: 'ALL_OLD' })).toEqual({ ok: true, output: {} })
  })

  it('names a table that does not exist', async () => {
    const answer = await fresh().call('dynamodb', 'GetItem', { TableName: 'Nowhere', Key: { pk: 'a' } })
    expect(errorOf(answer)).toBe('ResourceNotFoundException')
  })
})

/** Against `{ pk: 'a', version: 3, state: 'open', order: { amount: 10 } }`. */
const conditions: readonly { readonly expression: string; readonly holds: boolean }[] = [
  { expression: 'attribute_exists(pk)', holds: true },
  { expression: 'attribute_not_exists(pk)', holds: false },
  { expression: 'attribute_not_exists(absent)', holds: true },
  { expression: 'attribute_exists(#o.amount)', holds: true },
  { expression: '#o.amount = :ten', holds: true },
  { expression: '#o.absent = :ten', holds: false },
  { expression: 'version = :three', holds: true },
  { expression: 'version <> :three', holds: false },
  { expression: 'absent <> :three', holds: true },
  { expression: 'version < :ten', holds: true },
  { expression: 'version <= :three', holds: true },
  { expression: 'version > :three', holds: false },
  { expression: 'version >= :three', holds: true },
  { expression: ':ten > version', holds: true },
  { expression: 'version < :text', holds: false },
  { expression: '#s < :text', holds: true },
  { expression: 'NOT version = :three', holds: false },
  { expression: 'not version = :three OR version = :three', holds: true },
  { expression: 'version = :ten OR version = :three AND #s = :text', holds: false },
  { expression: '(version = :ten OR version = :three) AND #s <> :text', holds: true },
  { expression: 'attribute_not_exists(pk) OR version = :three', holds: true },
]

describe('a condition', () => {
  const item = { pk: 'a', version: 3, state: 'open', order: { amount: 10 } }
  const all: Input = { ':three': 3, ':ten': 10, ':text': 'shut' }
  const names: Input = { '#o': 'order', '#s': 'state' }
  const used = (from: Input, text: string): Input | undefined => {
    const entries = Object.entries(from).filter(([name]) => text.includes(name))
    return entries.length === 0 ? undefined : Object.fromEntries(entries)
  }

  it.each(conditions)('$expression: $holds', async ({ expression, holds }) => {
    const world = fresh(item)
    const answer = await put(
      world,
      { pk: 'a' },
      {
        ConditionExpression: expression,
        ExpressionAttributeNames: used(names, expression),
        ExpressionAttributeValues: used(all, expression),
      },
    )
    expect(errorOf(answer)).toBe(holds ? undefined : 'ConditionalCheckFailedException')
    expect(await get(world, 'a')).toEqual(holds ? { pk: 'a' } : item)
  })

  it.each(['constructor', 'toString', '__proto__'])(
    'does not find an attribute %s that is not there',
    async (name) => {
      const input = {
        ConditionExpression: 'attribute_not_exists(#n) AND attribute_not_exists(m.#n)',
        ExpressionAttributeNames: { '#n': name },
      }
      expect(await put(fresh({ pk: 'a', m: {} }), { pk: 'a' }, input)).toMatchObject({ ok: true })
    },
  )

  it.each([
    { expression: 'begins_with(pk, :v)', message: 'begins_with is not modelled' },
    { expression: 'version BETWEEN :v AND :v', message: 'BETWEEN is not modelled' },
    { expression: 'version IN (:v)', message: 'IN is not modelled' },
  ])('$expression is refused by name', async ({ expression, message }) => {
    const input = { ConditionExpression: expression, ExpressionAttributeValues: { ':v': 1 } }
    await expect(put(fresh(), { pk: 'a' }, input)).rejects.toThrow(message)
  })

  it.each([
    { expression: '', message: 'can not be empty' },
    { expression: 'version =', message: 'Syntax error' },
    { expression: 'version = :v)', message: 'Syntax error' },
    { expression: 'version ! :v', message: 'Syntax error' },
    { expression: 'version = :absent', message: 'is not defined; attribute value: :absent' },
    { expression: 'attribute_exists(pk)', message: 'unused in expressions: keys: {:v}' },
  ])('"$expression" is not valid: $message', async ({ expression, message }) => {
    const answer = await put(
      fresh(),
      { pk: 'a' },
      { ConditionExpression: expression, ExpressionAttributeValues: { ':v': 1 } },
    )
    expect(errorOf(answer)).toBe('ValidationException')
    expect(messageOf(answer)).toContain(message)
  })
})

describe('an update', () => {
  const item = { pk: 'a', n: 3, order: { amount: 10, deep: { x: 1 } }, gone: true }

  it.each([
    { expression: 'SET n = :one', result: { ...item, n: 1 } },
    { expression: 'SET n = n + :one', result: { ...item, n: 4 } },
    { expression: 'SET n = n - :one, gone = :one', result: { ...item, n: 2, gone: 1 } },
    { expression: 'SET n = gone, gone = n', result: { ...item, n: true, gone: 3 } },
    { expression: 'SET m = if_not_exists(m, :one) + :one', result: { ...item, m: 2 } },
    { expression: 'SET n = if_not_exists(n, :one) + :one', result: { ...item, n: 4 } },
    { expression: 'ADD n :one', result: { ...item, n: 4 } },
    { expression: 'ADD m :one', result: { ...item, m: 1 } },
    { expression: 'REMOVE gone', result: { pk: 'a', n: 3, order: item.order } },
    { expression: 'SET n = :one REMOVE gone, absent', result: { pk: 'a', n: 1, order: item.order } },
    {
      expression: 'SET #o.deep.x = :one + :one',
      result: { ...item, order: { amount: 10, deep: { x: 2 } } },
    },
  ])('$expression', async ({ expression, result }) => {
    const world = fresh(item)
    const answer = await update(world, 'a', expression, {
      ReturnValues: 'ALL_NEW',
      ...(expression.includes(':one') && { ExpressionAttributeValues: { ':one': 1 } }),
      ...(expression.includes('#o') && { ExpressionAttributeNames: { '#o': 'order' } }),
    })
    expect(answer).toEqual({ ok: true, output: { Attributes: result } })
    expect(await get(world, 'a')).toEqual(result)
  })

  it.each([
    { was: { n: 3 }, by: 1n, n: 4 },
    { was: {}, by: 1n, n: 1 },
    { was: { n: 2n ** 60n }, by: 1, n: 2n ** 60n + 1n },
    { was: { n: 2n ** 53n }, by: -1n, n: 2 ** 53 - 1 },
  ])('of $was by $by is $n, since a table has one kind of number', async ({ was, by, n }) => {
    const world = fresh()
    await put(world, { pk: 'a', ...was })
    const values = { ExpressionAttributeValues: { ':by': by } }
    expect(await update(world, 'a', 'ADD n :by', values)).toMatchObject({ ok: true })
    expect(await get(world, 'a')).toEqual({ pk: 'a', n })
    const same = { ConditionExpression: 'n = :n', ExpressionAttributeValues: { ':n': BigInt(n), ':one': 1 } }
    expect(await update(world, 'a', 'SET m = :one', same)).toMatchObject({ ok: true })
  })

  it('of an absent item makes it', async () => {
    const world = fresh()
    await update(world, 'new', 'SET n = :v', { ExpressionAttributeValues: { ':v': 1 } })
    expect(await get(world, 'new')).toEqual({ pk: 'new', n: 1 })
  })

  it.each([
    { expression: 'SET n = absent + :v', message: 'does not exist in the item' },
    { expression: 'SET n = pk + :v', message: 'incorrect data type' },
    { expression: 'SET pk = :v', message: 'part of the key' },
    { expression: 'SET absent.x = :v', message: 'document path' },
    { expression: 'SET n = :v, n = :v', message: 'overlap' },
    { expression: 'SET n = :v SET m = :v', message: 'only be used once' },
    { expression: 'PUT n = :v', message: 'Syntax error' },
  ])('$expression is not valid: $message', async ({ expression, message }) => {
    const answer = await update(fresh(item), 'a', expression, { ExpressionAttributeValues: { ':v': 1 } })
    expect(errorOf(answer)).toBe('ValidationException')
    expect(messageOf(answer)).toContain(message)
  })
})

describe('a transaction', () => {
  const take = (pk: string, n: number): Input => ({
    Update: {
      TableName: 'T',
      Key: { pk },
      UpdateExpression: 'SET n = n - :n',
      ConditionExpression: 'n >= :n',
      ExpressionAttributeValues: { ':n': n },
    },
  })
  const record = (pk: string): Input => ({
    Put: { TableName: 'T', Item: { pk }, ConditionExpression: 'attribute_not_exists(pk)' },
  })

  it('does all or nothing, and says why for each action', async () => {
    const world = fresh({ pk: 'x', n: 5 }, { pk: 'y', n: 1 })
    const refused = await transact(world, record('r'), take('x', 2), take('y', 2))
    expect(errorOf(refused)).toBe('TransactionCanceledException')
    expect(reasonsOf(refused)).toEqual(['None', 'None', 'ConditionalCheckFailed'])
    expect([await get(world, 'r'), await get(world, 'x')]).toEqual([undefined, { pk: 'x', n: 5 }])
    expect(errorOf(await transact(world, record('r'), take('x', 2), take('y', 1)))).toBeUndefined()
    expect(await get(world, 'x')).toEqual({ pk: 'x', n: 3 })
  })

  it('holds its items against other writers for a while', async () => {
    const world = fresh({ pk: 'x', n: 5 }, { pk: 'z', n: 5 })
    await transact(world, take('x', 1))
    expect(errorOf(await put(world, { pk: 'x' }))).toBe('TransactionConflictException')
    const conflict = await transact(world, take('z', 1), take('x', 1))
    expect(reasonsOf(conflict)).toEqual(['None', 'TransactionConflict'])
    expect(await get(world, 'x')).toEqual({ pk: 'x', n: 4 })
    await world.pass(transactionHoldMs)
    expect(errorOf(await transact(world, take('z', 1), take('x', 1)))).toBeUndefined()
  })

  it.each([
    { name: 'no action', items: [], error: 'ValidationException' },
    {
      name: '100 actions',
      items: Array.from({ length: 100 }, (_, index) => record(`r${index}`)),
      error: undefined,
    },
    {
      name: '101 actions',
      items: Array.from({ length: 101 }, (_, index) => record(`r${index}`)),
      error: 'ValidationException',
    },
    { name: 'one item twice', items: [record('r'), record('r')], error: 'ValidationException' },
    {
      name: 'a check and a deletion',
      items: [
        { ConditionCheck: { TableName: 'T', Key: { pk: 'a' }, ConditionExpression: 'attribute_exists(pk)' } },
        { Delete: { TableName: 'T', Key: { pk: 'b' } } },
      ],
      error: undefined,
    },
  ])('with $name answers $error', async ({ items, error }) => {
    const world = fresh({ pk: 'a' }, { pk: 'b' })
    expect(errorOf(await transact(world, ...items))).toBe(error)
  })
})

describe('a request is billed', () => {
  const sized = (pk: string, bytes: number): Input => ({ pk, b: 'x'.repeat(bytes - pk.length - 3) })
  const billed = (world: SmallWorld) => {
    const { meter, units } = world.calls.at(-1) ?? {}
    return [meter, units]
  }

  it.each([
    { bytes: 1024, units: 1 },
    { bytes: 1025, units: 2 },
  ])('a put of $bytes bytes: $units WRU, in a transaction twice', async ({ bytes, units }) => {
    const world = fresh()
    await put(world, sized('a', bytes))
    expect(billed(world)).toEqual(['dynamodb.wru', units])
    await transact(world, { Put: { TableName: 'T', Item: sized('b', bytes) } })
    expect(billed(world)).toEqual(['dynamodb.wru', 2 * units])
  })

  it('a write by the larger of the item before and after, and when its condition fails', async () => {
    const world = fresh(sized('a', 3000))
    await put(world, { pk: 'a' }, { ConditionExpression: 'attribute_not_exists(pk)' })
    expect(billed(world)).toEqual(['dynamodb.wru', 3])
    await put(world, { pk: 'a' })
    expect(billed(world)).toEqual(['dynamodb.wru', 3])
  })

  it('a cancelled transaction as one that was done, and one that makes no sense not at all', async () => {
    const world = fresh(sized('a', 3000))
    const isNew = 'attribute_not_exists(pk)'
    const clash = { Put: { TableName: 'T', Item: { pk: 'a' }, ConditionExpression: isNew } }
    const other = { Put: { TableName: 'T', Item: sized('b', 2000) } }
    expect(reasonsOf(await transact(world, clash, other))).toEqual(['ConditionalCheckFailed', 'None'])
    expect(billed(world)).toEqual(['dynamodb.wru', 2 * (3 + 2)])
    expect(errorOf(await transact(world, other, other))).toBe('ValidationException')
    expect(billed(world)).toEqual([undefined, 0])
  })

  it('a read by started 4 KB, half of it when eventually consistent', async () => {
    const world = fresh(sized('a', 4097))
    await get(world, 'a')
    expect(billed(world)).toEqual(['dynamodb.rru', 1])
    await get(world, 'a', { ConsistentRead: true })
    expect(billed(world)).toEqual(['dynamodb.rru', 2])
    await get(world, 'absent')
    expect(billed(world)).toEqual(['dynamodb.rru', 0.5])
  })
})

describe('a template', () => {
  it.each([
    { properties: { BillingMode: 'PROVISIONED' }, message: 'BillingMode "PROVISIONED" is not modelled' },
    { properties: { GlobalSecondaryIndexes: [] }, message: 'GlobalSecondaryIndexes is not modelled' },
    { properties: { StreamSpecification: {} }, message: 'StreamSpecification is not modelled' },
    {
      properties: { KeySchema: [{ AttributeName: 'pk' }, { AttributeName: 'sk' }] },
      message: 'a sort key is not modelled',
    },
  ])('with $properties is refused: $message', ({ properties, message }) => {
    expect(() => smallWorld(tableOf(properties))).toThrow(message)
  })

  it('may declare a global table of one replica', () => {
    const { T } = tableOf()
    const Properties = { ...T?.Properties, Replicas: [{ Region: 'us-east-1' }] }
    expect(() => smallWorld({ T: { Type: 'AWS::DynamoDB::GlobalTable', Properties } })).not.toThrow()
  })
})
