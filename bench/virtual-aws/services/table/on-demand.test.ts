import { ProvisionedThroughputExceededException, ThrottlingException } from '@aws-sdk/client-dynamodb'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../../world.ts'
import { onDemand, Throughput } from './on-demand.ts'
import { cancellationsOf, fresh, type Input, put, transact } from './table.testing.ts'

const minuteMs = 60_000
const startMs = Date.UTC(2026, 0, 5)

/** Asks for one unit for each of so many items, all at once; how many were let in. */
const letIn = (throughput: Throughput, count: number, atMs: number): number =>
  Array.from({ length: count }, (_, item) => throughput.take(`item-${item}`, 1, atMs)).filter(
    (limit) => limit === undefined,
  ).length

/** Asks for so many units in every second of a time. */
const sustain = (throughput: Throughput, perSecond: number, fromMs: number, seconds: number): number => {
  let throttled = 0
  for (let second = 0; second < seconds; second += 1)
    throttled += perSecond - letIn(throughput, perSecond, fromMs + second * 1000)
  return throttled
}

describe('a table on demand', () => {
  it.each([
    { kind: 'write' as const, perSecond: 4_000 },
    { kind: 'read' as const, perSecond: 12_000 },
  ])('takes $perSecond $kind units a second when it is new, and no more', ({ kind, perSecond }) => {
    const throughput = new Throughput(onDemand[kind])
    expect(letIn(throughput, perSecond + 1, startMs)).toBe(perSecond)
    expect(letIn(throughput, 1, startMs + 999)).toBe(0)
    expect(letIn(throughput, perSecond + 1, startMs + 1000)).toBe(perSecond)
  })

  it('takes twice its busiest minute when that is 30 minutes past, and not before', () => {
    const throughput = new Throughput(onDemand.write)
    expect(sustain(throughput, 3_000, startMs, 60)).toBe(0)
    expect(letIn(throughput, 6_001, startMs + 30 * minuteMs - 1)).toBe(4_000)
    expect(letIn(throughput, 6_001, startMs + 30 * minuteMs)).toBe(6_000)
    expect(letIn(throughput, 6_001, startMs + 90 * minuteMs)).toBe(6_000)
  })

  it('takes no more than the quota of the account for a table, and says so', () => {
    const throughput = new Throughput({ ...onDemand.write, account: 4_000 })
    letIn(throughput, 4_000, startMs)
    expect(throughput.take('more', 1, startMs)).toBe('AccountLimitExceeded')
  })

  it('lets in a request that is larger than what is left, and takes it from what comes', () => {
    const throughput = new Throughput(onDemand.write)
    expect(throughput.take('large', 9_000, startMs)).toBeUndefined()
    expect(letIn(throughput, 1, startMs + 1000)).toBe(0)
    expect(letIn(throughput, 4_000, startMs + 2000)).toBe(3_000)
  })

  it('takes 1,000 writes a second of one item, once that item has made it busy', () => {
    const throughput = new Throughput(onDemand.write)
    const hot = (count: number, atMs: number): number =>
      Array.from({ length: count }, () => throughput.take('hot', 1, atMs)).filter(
        (limit) => limit === undefined,
      ).length
    expect(hot(2_000, startMs)).toBe(1_500)
    expect(hot(2_000, startMs + 1000)).toBe(1_000)
    expect(throughput.take('cold', 1, startMs + 1000)).toBeUndefined()
    expect(hot(2_000, startMs + 2000)).toBe(1_000)
  })

  it('lets in no more than its limit for any number of seconds, but for one request', () => {
    const asked = fc.array(
      fc.record({ afterMs: fc.integer({ min: 0, max: 1500 }), units: fc.integer({ min: 1, max: 3000 }) }),
      { maxLength: 200 },
    )
    fc.assert(
      fc.property(asked, (requests) => {
        const throughput = new Throughput(onDemand.write)
        const granted: { readonly second: number; readonly units: number }[] = []
        let nowMs = startMs
        for (const [index, { afterMs, units }] of requests.entries()) {
          nowMs += afterMs
          if (throughput.take(`item-${index}`, units, nowMs) === undefined)
            granted.push({ second: Math.floor(nowMs / 1000), units })
        }
        granted.forEach((first, from) => {
          let sum = 0
          for (const { second, units } of granted.slice(from)) {
            sum += units
            expect(sum).toBeLessThan(4_000 * (second - first.second + 1) + 3_000)
          }
        })
      }),
      { seed: 1, numRuns: 100 },
    )
  })

  it('throttles nothing of a flow that stays within what it takes', () => {
    const throughput = new Throughput(onDemand.write)
    expect(sustain(throughput, 4_000, startMs, 300)).toBe(0)
    expect(sustain(throughput, 1, startMs + minuteMs * 10, 300)).toBe(0)
  })
})

describe('a request that a table does not take now', () => {
  const busy = async (action: string, input: (index: number) => Input, count: number) => {
    const world = fresh()
    const answers: Answer[] = []
    for (let index = 0; index < count; index += 1)
      world.world.call(
        { by: 'caller', principal: { kind: 'outside' }, service: 'dynamodb', action, input: input(index) },
        (answer) => answers.push(answer),
      )
    await world.pass(0)
    return { world, refused: answers.flatMap((answer) => (answer.ok ? [] : [answer.error])) }
  }
  const resource = 'arn:aws:dynamodb:us-east-1:123456789012:table/T'
  const asPut = (index: number) => ({ TableName: 'T', Item: { pk: `${index}` } })

  it('is refused as writes are, and the observer is told', async () => {
    const { world, refused } = await busy('PutItem', asPut, 4_001)
    expect(refused).toHaveLength(1)
    expect(refused[0]).toBeInstanceOf(ThrottlingException)
    expect(refused[0]?.message).toMatch(
      /^Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling/,
    )
    expect(refused[0]).toMatchObject({
      throttlingReasons: [{ reason: 'TableWriteKeyRangeThroughputExceeded', resource }],
    })
    expect(world.throttles).toMatchObject([{ quota: 'dynamodb.Write', effect: 'rejected' }])
    expect(world.calls.at(-1)).toMatchObject({ error: 'ThrottlingException', units: 0 })
  })

  it('is refused as reads are: with another error', async () => {
    const asGet = (index: number) => ({ TableName: 'T', Key: { pk: `${index}` }, ConsistentRead: true })
    const { refused } = await busy('GetItem', asGet, 12_001)
    expect(refused).toHaveLength(1)
    expect(refused[0]).toBeInstanceOf(ProvisionedThroughputExceededException)
    expect(refused[0]).toMatchObject({
      ThrottlingReasons: [{ reason: 'TableReadKeyRangeThroughputExceeded', resource }],
    })
  })

  it('cancels a transaction, and is a reason of its own', async () => {
    const { world } = await busy('PutItem', asPut, 3_999)
    const action = (pk: string) => ({ Put: { TableName: 'T', Item: { pk } } })
    const answer = await transact(world, action('a'), action('b'))
    expect(cancellationsOf(answer)).toEqual([
      { Code: 'None' },
      { Code: 'ThrottlingError', Message: expect.stringMatching(/^Throughput exceeds/) },
    ])
    expect(world.calls.at(-1)).toMatchObject({ error: 'TransactionCanceledException', units: 2 })
    await world.pass(1000)
    expect((await put(world, { pk: 'a' })).ok).toBe(true)
  })
})
