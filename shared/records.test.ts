import {
  ProvisionedThroughputExceededException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb'
import { describe, expect, it } from 'vitest'
import { deskOf, steppingClock } from './orders.testing.ts'
import { TableUnavailable } from './patience.ts'
import { load, save, type TransactItem } from './records.ts'
import { cancelled, fakeTable } from './tables.testing.ts'

const first = { pk: 'o-1', version: 1, facts: [] }
const take = (quantity: number): TransactItem => ({
  Update: {
    TableName: 'table',
    Key: { pk: 'sku#s' },
    UpdateExpression: 'SET available = available - :quantity',
    ConditionExpression: 'available >= :quantity',
    ExpressionAttributeValues: { ':quantity': quantity },
  },
})

/** A table that fails with these errors, one a call, before it works. */
const failingWith = (...errors: readonly Error[]) => {
  const left = [...errors]
  return fakeTable((_command, when) => {
    const error = when === 'before' ? left.shift() : undefined
    if (error !== undefined) throw error
  })
}

const aws = { message: '', $metadata: {} }
const conflict = () => cancelled(['None', 'TransactionConflict'])

describe('a record', () => {
  it('that was never saved has version 0', async () => {
    expect(await load(deskOf({ table: fakeTable() }), 'o-1')).toEqual({ pk: 'o-1', version: 0, facts: [] })
  })

  it('is saved as the next version of what was read, or not at all', async () => {
    const desk = deskOf({ table: fakeTable() })
    expect(await save(desk, first, [])).toBe('saved')
    expect(await save(desk, first, [])).toBe('overtaken')
    expect(await save(desk, { ...first, version: 2 }, [])).toBe('saved')
    expect(await save(desk, { ...first, version: 2 }, [])).toBe('overtaken')
    expect((await load(desk, 'o-1')).version).toBe(2)
  })

  it('is saved together with what is beside it, or neither is', async () => {
    const table = fakeTable()
    table.put({ pk: 'sku#s', available: 3 })
    const desk = deskOf({ table })
    expect(await save(desk, first, [take(4)])).toBe('refused')
    expect(table.items.has('o-1')).toBe(false)
    expect(await save(desk, first, [take(3)])).toBe('saved')
    expect(table.items.get('sku#s')?.['available']).toBe(0)
    expect(await save(desk, first, [take(0)])).toBe('overtaken')
  })

  it('counts as overtaken, not refused, when both conditions fail', async () => {
    const desk = deskOf({
      table: failingWith(cancelled(['ConditionalCheckFailed', 'ConditionalCheckFailed'])),
    })
    expect(await save(desk, first, [take(1)])).toBe('overtaken')
  })
})

describe('a conflict with another write', () => {
  it.each([
    { name: 'of a transaction', error: conflict() },
    { name: 'of a single write', error: new TransactionConflictException(aws) },
  ])('$name is tried again after a while', async ({ error }) => {
    const table = failingWith(error, error)
    table.put({ pk: 'sku#s', available: 3 })
    const clock = steppingClock()
    const startMs = clock.nowMs()
    expect(await save(deskOf({ table, clock }), first, [take(1)])).toBe('saved')
    expect(table.sent).toHaveLength(3)
    expect(clock.nowMs() - startMs).toBeGreaterThan(0)
    expect(clock.nowMs() - startMs).toBeLessThan(20 + 40)
  })

  it('that does not end becomes an outage after 9 attempts', async () => {
    const table = failingWith(...Array.from({ length: 20 }, conflict))
    await expect(save(deskOf({ table }), first, [take(1)])).rejects.toThrow(TableUnavailable)
    expect(table.sent).toHaveLength(9)
  })

  it('is an answer when a condition failed beside it', async () => {
    const table = failingWith(cancelled(['None', 'TransactionConflict', 'ConditionalCheckFailed']))
    expect(await save(deskOf({ table }), first, [take(1)])).toBe('refused')
  })
})

describe('trouble of the table', () => {
  it.each([
    { name: 'a throttled write', error: new ProvisionedThroughputExceededException(aws) },
    { name: 'a throttled transaction', error: cancelled(['None', 'ThrottlingError']) },
  ])('is an outage: $name', async ({ error }) => {
    await expect(save(deskOf({ table: failingWith(error) }), first, [take(1)])).rejects.toThrow(
      TableUnavailable,
    )
  })

  it('is thrown as it is when it is a defect', async () => {
    const defect = cancelled(['None', 'ValidationError'])
    await expect(save(deskOf({ table: failingWith(defect) }), first, [take(1)])).rejects.toBe(defect)
  })
})
