import { IdempotentParameterMismatchException } from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { errorOf, fresh, get, type Input } from './table.testing.ts'
import { transactionHoldMs } from './table.ts'

const minuteMs = 60_000

/** Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html (read 2026-11-25). */
describe('a transaction with a client token', () => {
  const add = (world: ReturnType<typeof fresh>, token: string, by: number, more: Input = {}) =>
    world.call('dynamodb', 'TransactWriteItems', {
      ClientRequestToken: token,
      TransactItems: [
        {
          Update: {
            TableName: 'T',
            Key: { pk: 'a' },
            UpdateExpression: 'ADD n :by',
            ExpressionAttributeValues: { ':by': by },
            ...more,
          },
        },
      ],
    })

  it('is done once however often it is sent within ten minutes, and again after them', async () => {
    const world = fresh({ pk: 'a', n: 0 })
    expect((await add(world, 'one', 1)).ok).toBe(true)
    await world.pass(10 * minuteMs - 1)
    expect((await add(world, 'one', 1)).ok).toBe(true)
    expect(await get(world, 'a')).toEqual({ pk: 'a', n: 1 })
    await world.pass(1)
    expect((await add(world, 'one', 1)).ok).toBe(true)
    expect(await get(world, 'a')).toEqual({ pk: 'a', n: 2 })
  })

  it('costs what reading its items costs when it is sent again', async () => {
    const world = fresh({ pk: 'a', n: 0 })
    await add(world, 'one', 1)
    await add(world, 'one', 1)
    expect(world.calls.map(({ meter, units }) => [meter, units])).toEqual([
      ['dynamodb.wru', 2],
      ['dynamodb.rru', 2],
    ])
  })

  it('is refused when it is another one under the same token', async () => {
    const world = fresh({ pk: 'a', n: 0 })
    await add(world, 'one', 1)
    const answer = await add(world, 'one', 2)
    await world.pass(transactionHoldMs)
    expect(answer).toMatchObject({ ok: false, error: expect.any(IdempotentParameterMismatchException) })
    expect((await add(world, 'two', 2)).ok).toBe(true)
  })

  it('may be sent again when it was cancelled', async () => {
    const world = fresh({ pk: 'a', n: 0 })
    const condition = { ConditionExpression: 'n = :by' }
    expect(errorOf(await add(world, 'one', 1, condition))).toBe('TransactionCanceledException')
    await add(world, 'other', 1)
    await world.pass(transactionHoldMs)
    expect((await add(world, 'one', 1, condition)).ok).toBe(true)
  })

  it.each(['', 'x'.repeat(37)])(
    'is refused with a token of another length than 1 to 36: "%s"',
    async (token) => {
      expect(errorOf(await add(fresh(), token, 1))).toBe('ValidationException')
    },
  )
})
