import { describe, expect, it } from 'vitest'
import { queueArn, type SmallWorld, smallWorld } from '../small-world.ts'
import { errorOf, fifo, messageOf, on, one, outputOf, queue, send, take, withDlq } from './queue.testing.ts'

/** In one instant, without the way of a call. */
const fill = (world: SmallWorld, name: string, count: number): void => {
  for (let index = 0; index < count; index += 1) {
    const ids = name.endsWith('.fifo')
      ? { MessageGroupId: `g${index}`, MessageDeduplicationId: `d${index}` }
      : {}
    world.queues.act(
      {
        by: 'filler',
        principal: { kind: 'outside' },
        service: 'sqs',
        action: 'SendMessage',
        input: { ...on(name), MessageBody: 'm', ...ids },
      },
      () => undefined,
    )
  }
}

describe('the limit of 120,000 messages in flight', () => {
  const poll = (world: SmallWorld, name: string, WaitTimeSeconds: number) =>
    world.call('sqs', 'ReceiveMessage', { ...on(name), WaitTimeSeconds })

  it('on a standard queue answers OverLimit to a short poll, and lets a long poll wait', async () => {
    const world = smallWorld(one({ VisibilityTimeout: 10 }))
    fill(world, 'Q', 120_001)
    for (let count = 0; count < 12_000; count += 1) take(world)
    const short = await poll(world, 'Q', 0)
    expect([errorOf(short), messageOf(short)]).toEqual([
      'OverLimit',
      'Too many messages in flight; the limit is 120000.',
    ])
    expect(outputOf(await poll(world, 'Q', 1))).toEqual({})
    await world.pass(10_000)
    expect(outputOf(await poll(world, 'Q', 0))['Messages']).toHaveLength(1)
  })

  it('on a FIFO queue gives nothing, and no error', async () => {
    const world = smallWorld(fifo('Q', { VisibilityTimeout: 10 }))
    fill(world, 'Q.fifo', 120_001)
    for (let count = 0; count < 12_000; count += 1) take(world, 'Q.fifo')
    expect(outputOf(await poll(world, 'Q.fifo', 0))).toEqual({})
    await world.pass(10_000)
    expect(outputOf(await poll(world, 'Q.fifo', 0))['Messages']).toHaveLength(1)
  })
})

describe('a receive', () => {
  it.each([
    { name: 'of one message', input: { MaxNumberOfMessages: 1 }, given: 1 },
    { name: 'of ten', input: { MaxNumberOfMessages: 10 }, given: 10 },
    { name: 'of as many as it does not say', input: {}, given: 1 },
  ])('$name gives $given', async ({ input, given }) => {
    const world = smallWorld(one())
    fill(world, 'Q', 11)
    const answer = await world.call('sqs', 'ReceiveMessage', { ...on(), ...input })
    expect(outputOf(answer)['Messages']).toHaveLength(given)
  })

  it.each([
    { MaxNumberOfMessages: 0 },
    { MaxNumberOfMessages: 11 },
    { WaitTimeSeconds: -1 },
    { WaitTimeSeconds: 21 },
    { VisibilityTimeout: -1 },
    { VisibilityTimeout: 43_201 },
  ])(
    'with $MaxNumberOfMessages messages, $WaitTimeSeconds s of waiting, $VisibilityTimeout s hidden answers InvalidParameterValue',
    async (input) => {
      const world = smallWorld(one())
      await send(world, 'm')
      const answer = await world.call('sqs', 'ReceiveMessage', { ...on(), ...input })
      expect(errorOf(answer)).toBe('InvalidParameterValue')
      expect(messageOf(answer)).toMatch(/^Value -?\d+ for parameter \w+ is invalid. Reason: Must be between/)
      expect(take(world)).toHaveLength(1)
    },
  )

  it.each([
    { seconds: 0, hiddenMs: 0 },
    { seconds: 43_200, hiddenMs: 43_200_000 },
  ])('that hides for $seconds s hides for $hiddenMs ms', async ({ seconds, hiddenMs }) => {
    const world = smallWorld(one())
    await send(world, 'm')
    await world.call('sqs', 'ReceiveMessage', { ...on(), VisibilityTimeout: seconds })
    if (hiddenMs > 0) {
      await world.pass(hiddenMs - 1)
      expect(take(world)).toEqual([])
      await world.pass(1)
    }
    expect(take(world)[0]?.attributes['ApproximateReceiveCount']).toBe('2')
  })

  it('waits as long as the queue says when it does not say itself', async () => {
    const world = smallWorld(one({ ReceiveMessageWaitTimeSeconds: 20 }))
    const beforeMs = world.kernel.nowMs
    expect(outputOf(await world.call('sqs', 'ReceiveMessage', on()))).toEqual({})
    expect(world.calls.at(-1)?.endedMs).toBe(beforeMs + 20_000)
    expect(outputOf(await world.call('sqs', 'ReceiveMessage', { ...on(), WaitTimeSeconds: 0 }))).toEqual({})
    expect(world.calls.at(-1)?.endedMs).toBe(world.calls.at(-1)?.startedMs)
  })
})

describe('a template', () => {
  it.each([1, 1000])('may let a message be received %d times', async (maxReceiveCount) => {
    const world = smallWorld(withDlq(maxReceiveCount))
    await send(world, 'm')
    for (let count = 0; count < maxReceiveCount; count += 1) {
      expect(take(world)).toHaveLength(1)
      await world.pass(10_000)
    }
    expect(take(world)).toEqual([])
    expect(take(world, 'D')).toHaveLength(1)
  })

  it.each([
    { RedrivePolicy: { deadLetterTargetArn: queueArn('D'), maxReceiveCount: 0 } },
    { RedrivePolicy: { deadLetterTargetArn: queueArn('D'), maxReceiveCount: 1001 } },
    { VisibilityTimeout: 43_201 },
    { MessageRetentionPeriod: 59 },
    { MessageRetentionPeriod: 1_209_601 },
    { DelaySeconds: 901 },
    { ReceiveMessageWaitTimeSeconds: 21 },
    { MaximumMessageSize: 1023 },
    { MaximumMessageSize: 1_048_577 },
    { QueueName: 'x'.repeat(81) },
    { QueueName: 'a b' },
  ])('with %o is refused', (properties) => {
    const resources = { ...one(properties), D: queue({ QueueName: 'D' }) }
    expect(() => smallWorld(resources)).toThrow(/expected an integer|1 to 80 in length/)
  })

  it('may encrypt with keys of SQS and tag: nothing changes', async () => {
    const world = smallWorld(one({ SqsManagedSseEnabled: true, Tags: [{ Key: 'a', Value: 'b' }] }))
    await send(world, 'm')
    expect(take(world)).toHaveLength(1)
  })
})

describe('a receipt handle of a standard queue', () => {
  it('that is over is not in flight: neither again visible, nor received again', async () => {
    const world = smallWorld(one({ VisibilityTimeout: 10 }))
    await send(world, 'm')
    const [first] = take(world)
    const extend = () =>
      world.call('sqs', 'ChangeMessageVisibility', {
        ...on(),
        ReceiptHandle: first?.receiptHandle,
        VisibilityTimeout: 10,
      })
    await world.pass(10_000)
    expect(messageOf(await extend())).toBe('The specified message is not in flight.')
    take(world)
    expect(errorOf(await extend())).toBe('MessageNotInflight')
  })
})
