import { describe, expect, it } from 'vitest'
import { archivedOf, sendUnits, tableUnits } from './metering.ts'
import type { TracedCall } from './trace-line.ts'

/*
 * That a whole run is metered as the virtual AWS meters it, the test of the observations says; here is what single
 * answers come to.
 */

const call = (more: Partial<TracedCall>): TracedCall => ({
  action: 'PutItem',
  input: {},
  attempts: 1,
  startedMs: 0,
  endedMs: 10,
  ...more,
})

const put = (letters: number) => ({ TableName: 't', Item: { pk: 'o', text: 'x'.repeat(letters) } })
const update = { TableName: 't', Key: { pk: 's' }, UpdateExpression: 'SET a = a - :n' }
const cancelled = (...codes: readonly string[]) =>
  call({
    action: 'TransactWriteItems',
    input: { TransactItems: [{ Put: put(1_500) }, { Update: update }, { Update: update }] },
    output: { CancellationReasons: codes.map((Code) => ({ Code })) },
    error: 'TransactionCanceledException',
  })

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
describe('a call of a table is billed', () => {
  it.each([
    {
      name: 'what its answer says',
      of: call({ output: { ConsumedCapacity: { CapacityUnits: 3 } } }),
      units: 3,
    },
    {
      name: 'what its answer says of all tables together',
      of: call({ output: { ConsumedCapacity: [{ CapacityUnits: 4 }, { CapacityUnits: 2 }] } }),
      units: 6,
    },
    {
      name: 'by the size of what was to be put when the condition failed',
      of: call({ input: put(2_000), error: 'ConditionalCheckFailedException' }),
      units: 2,
    },
    {
      name: 'one unit of an update whose condition failed',
      of: call({ action: 'UpdateItem', input: update, error: 'ConditionalCheckFailedException' }),
      units: 1,
    },
    {
      name: 'two units for each started KB of each write of a transaction that was cancelled',
      of: cancelled('None', 'ConditionalCheckFailed', 'None'),
      units: 8,
    },
    {
      name: 'and nothing for those of its writes that were throttled',
      of: cancelled('None', 'ThrottlingError', 'None'),
      units: 6,
    },
    { name: 'nothing when it was throttled itself', of: call({ error: 'ThrottlingException' }), units: 0 },
  ])('$name', ({ of, units }) => {
    expect(tableUnits(of)).toBe(units)
  })
})

describe('a message is billed', () => {
  it.each([
    { bytes: 0, units: 1 },
    { bytes: 65_536, units: 1 },
    { bytes: 65_537, units: 2 },
  ])('as $units of $bytes bytes', ({ bytes, units }) => {
    expect(sendUnits('x'.repeat(bytes))).toBe(units)
  })
})

describe('an archive takes', () => {
  const entry = { EventBusName: 'bus', Source: 's', DetailType: 'd', Detail: '{}' }
  const puts = call({
    action: 'PutEvents',
    input: { Entries: [entry, { ...entry, Detail: '{"a":1}' }] },
    output: { Entries: [{ EventId: 'e' }, { ErrorCode: 'InternalFailure' }] },
  })

  it('the events that the bus took, whole, and no other', () => {
    const taken = archivedOf(puts, () => 'Archive', 'us-east-1')
    const event =
      '{"version":"0","id":"6a7e8feb-b491-4cf7-a9f1-bf3703467718","detail-type":"d","source":"s",' +
      '"account":"111122223333","time":"2026-01-05T00:00:00Z","region":"us-east-1","resources":[],"detail":{}}'
    expect(taken).toEqual([
      { atMs: 10, meter: 'events.archive.bytes', resource: 'Archive', units: event.length },
    ])
  })

  it('nothing of a bus that has none', () => {
    expect(archivedOf(puts, () => undefined, 'us-east-1')).toEqual([])
  })
})
