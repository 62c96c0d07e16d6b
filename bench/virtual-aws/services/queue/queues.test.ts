import { describe, expect, it } from 'vitest'
import { queueArn, type SmallWorld, smallStart, smallWorld } from '../small-world.ts'
import { errorOf, on, one, outputOf, send, take, withDlq } from './queue.testing.ts'

/** From inside a kernel event, where nobody can wait for the answer. */
const sendWithin = (world: SmallWorld, body: string): void =>
  world.world.call(
    {
      by: 'caller',
      principal: { kind: 'outside' },
      service: 'sqs',
      action: 'SendMessage',
      input: { ...on(), MessageBody: body },
    },
    () => undefined,
  )

describe('a standard queue', () => {
  it('gives a message once within the visibility timeout, and again after it with a higher count', async () => {
    const world = smallWorld(one({ VisibilityTimeout: 10 }))
    await send(world, 'hello')
    const [first] = take(world)
    expect(first?.body).toBe('hello')
    expect(first?.attributes['ApproximateReceiveCount']).toBe('1')
    await world.pass(9_999)
    expect(take(world)).toEqual([])
    await world.pass(1)
    const [second] = take(world)
    expect(second?.messageId).toBe(first?.messageId)
    expect(second?.attributes['ApproximateReceiveCount']).toBe('2')
    expect(second?.receiptHandle).not.toBe(first?.receiptHandle)
  })

  it('needs no kernel event for a message that is received and deleted in time', async () => {
    const world = smallWorld(one())
    for (let round = 0; round < 50; round += 1) {
      world.queues.act(
        {
          by: 'x',
          principal: { kind: 'outside' },
          service: 'sqs',
          action: 'SendMessage',
          input: { ...on(), MessageBody: 'm' },
        },
        () => undefined,
      )
      world.queues.remove(
        queueArn('Q'),
        take(world).map((message) => message.receiptHandle),
        'mapping',
      )
    }
    expect(await world.kernel.run(Number.MAX_SAFE_INTEGER)).toBe('idle')
    expect(world.kernel.eventsRun).toBe(0)
  })

  it('has one timer while somebody listens, and none when nothing is left', async () => {
    const world = smallWorld(one({ VisibilityTimeout: 60 }))
    const handles: string[] = []
    world.queues.onVisible(queueArn('Q'), () =>
      handles.push(...take(world).map((each) => each.receiptHandle)),
    )
    for (let round = 0; round < 20; round += 1) {
      await send(world, `m${round}`)
      world.queues.remove(queueArn('Q'), handles.splice(0), 'mapping')
    }
    const before = world.kernel.eventsRun
    expect(await world.kernel.run(Number.MAX_SAFE_INTEGER)).toBe('idle')
    expect(world.kernel.eventsRun - before).toBeLessThanOrEqual(1)
    expect(world.queues.depths().get('Q')).toBe(0)
  })

  it('does not tell its listener of a message that is still delayed, whatever else is visible', async () => {
    const world = smallWorld(one())
    let told = 0
    world.queues.onVisible(queueArn('Q'), () => {
      told += 1
    })
    await send(world, 'now')
    await send(world, 'later', { DelaySeconds: 5 })
    expect(told).toBe(1)
    await world.pass(5000)
    expect(told).toBe(2)
  })

  it('tells its listener in the event in which a message comes back', async () => {
    const world = smallWorld(one({ VisibilityTimeout: 10 }))
    const seenMs: number[] = []
    world.queues.onVisible(queueArn('Q'), () => {
      seenMs.push(world.kernel.nowMs - smallStart)
      take(world)
    })
    await send(world, 'm')
    await world.pass(25_000)
    expect(seenMs).toEqual([0, 10_000, 20_000])
  })

  it.each([
    { name: 'no delay', properties: {}, input: {}, delayMs: 0 },
    { name: 'the delay of the queue', properties: { DelaySeconds: 5 }, input: {}, delayMs: 5_000 },
    {
      name: 'the delay of the message, which wins',
      properties: { DelaySeconds: 5 },
      input: { DelaySeconds: 0 },
      delayMs: 0,
    },
    { name: 'the longest delay', properties: {}, input: { DelaySeconds: 900 }, delayMs: 900_000 },
  ])('hides a new message for $name', async ({ properties, input, delayMs }) => {
    const world = smallWorld(one(properties))
    await send(world, 'm', input)
    if (delayMs > 0) {
      expect(world.queues.depths().get('Q')).toBe(1)
      await world.pass(delayMs - 1)
      expect(take(world)).toEqual([])
      await world.pass(1)
    }
    expect(take(world)).toHaveLength(1)
  })

  it('does not delete by the handle of an earlier receive, and says nothing', async () => {
    const world = smallWorld(one({ VisibilityTimeout: 10 }))
    await send(world, 'm')
    const [first] = take(world)
    await world.pass(10_000)
    const [second] = take(world)
    const remove = (handle: string | undefined) =>
      world.call('sqs', 'DeleteMessage', { ...on(), ReceiptHandle: handle })
    expect(errorOf(await remove(first?.receiptHandle))).toBeUndefined()
    expect(world.queues.depths().get('Q')).toBe(1)
    expect(errorOf(await remove(second?.receiptHandle))).toBeUndefined()
    expect(world.queues.depths().get('Q')).toBe(0)
    expect(errorOf(await remove(second?.receiptHandle))).toBeUndefined()
    expect(errorOf(await remove('nonsense'))).toBe('ReceiptHandleIsInvalid')
  })

  it('keeps a message until its retention is over, and says when it was lost', async () => {
    const world = smallWorld(one({ MessageRetentionPeriod: 60 }))
    await send(world, 'old')
    await world.pass(59_999)
    expect(world.queues.visibleCount(queueArn('Q'))).toBe(1)
    await world.pass(1)
    expect(take(world)).toEqual([])
    expect(world.lost).toEqual([
      { how: 'expired', resource: 'Q', body: 'old', atMs: smallStart + 60_000, reason: 'older than 60 s' },
    ])
  })

  it('moves a message to its dead-letter queue at the receive after the last one allowed', async () => {
    const world = smallWorld(withDlq(2))
    await send(world, 'poison')
    for (const count of ['1', '2']) {
      expect(take(world)[0]?.attributes['ApproximateReceiveCount']).toBe(count)
      await world.pass(10_000)
    }
    expect(world.queues.depths()).toEqual(
      new Map([
        ['Q', 1],
        ['D', 0],
      ]),
    )
    expect(take(world)).toEqual([])
    expect(world.lost).toMatchObject([{ how: 'dead-lettered', resource: 'Q', body: 'poison' }])
    const [dead] = take(world, 'D')
    expect(dead).toMatchObject({ body: 'poison' })
    expect(dead?.attributes).toMatchObject({
      SentTimestamp: String(smallStart),
      DeadLetterQueueSourceArn: queueArn('Q'),
    })
  })

  it('delivers the copies that a fault asks for, once each, even when the first is deleted', async () => {
    const world = smallWorld(one(), { faults: { copies: () => [1000, 5000] } })
    await send(world, 'm')
    const [first] = take(world)
    world.queues.remove(queueArn('Q'), [first?.receiptHandle ?? ''], 'mapping')
    const seen: string[] = []
    for (const ms of [1000, 4000, 100_000]) {
      await world.pass(ms)
      const messages = take(world)
      seen.push(...messages.map((message) => message.messageId))
      world.queues.remove(
        queueArn('Q'),
        messages.map((message) => message.receiptHandle),
        'mapping',
      )
    }
    expect(seen).toEqual([first?.messageId, first?.messageId])
    expect(world.duplicates).toEqual(['m', 'm'])
  })

  it('keeps a message back as long as a fault asks, as a delayed one', async () => {
    const world = smallWorld(one(), {
      faults: { held: ({ resource, body }) => (resource === 'Q' && body === 'late' ? 5000 : 0) },
    })
    await send(world, 'late')
    await send(world, 'm')
    expect(take(world).map(({ body }) => body)).toEqual(['m'])
    await world.pass(4999)
    expect(take(world)).toEqual([])
    await world.pass(1)
    expect(take(world).map(({ body }) => body)).toEqual(['late'])
  })

  it('tells what a fault puts in place of a message, as long as it does, and keeps what was sent', async () => {
    const world = smallWorld(one({ VisibilityTimeout: 10 }), {
      faults: {
        rewritten: ({ resource, body, atMs }) =>
          resource === 'Q' && atMs < smallStart + 5000 ? `not ${String(body)}` : undefined,
      },
    })
    await send(world, 'm')
    expect(take(world).map(({ body }) => body)).toEqual(['not m'])
    await world.pass(10_000)
    expect(take(world).map(({ body }) => body)).toEqual(['m'])
  })

  it('waits for a message as long as the receive asks, and no longer', async () => {
    const world = smallWorld(one())
    const empty = await world.call('sqs', 'ReceiveMessage', { ...on(), WaitTimeSeconds: 2 })
    expect(outputOf(empty)).toEqual({})
    expect(world.calls.at(-1)).toMatchObject({ units: 1, meter: 'sqs.request' })
    world.kernel.after(1000, () => sendWithin(world, 'late'))
    const startedMs = world.kernel.nowMs
    const found = await world.call('sqs', 'ReceiveMessage', { ...on(), WaitTimeSeconds: 20 })
    expect(outputOf(found)['Messages']).toMatchObject([{ Body: 'late' }])
    expect(world.calls.find((call) => call.output === outputOf(found))?.endedMs).toBe(startedMs + 1000)
  })
})

describe('a change of visibility', () => {
  const received = async () => {
    const world = smallWorld(one({ VisibilityTimeout: 10 }))
    await send(world, 'm')
    const [message] = take(world)
    const change = (VisibilityTimeout: unknown, ReceiptHandle: unknown = message?.receiptHandle) =>
      world.call('sqs', 'ChangeMessageVisibility', { ...on(), ReceiptHandle, VisibilityTimeout })
    return { world, message, change }
  }

  it('counts from now, longer and shorter', async () => {
    const { world, change } = await received()
    await world.pass(5_000)
    expect(errorOf(await change(20))).toBeUndefined()
    await world.pass(19_999)
    expect(take(world)).toEqual([])
    await world.pass(1)
    expect(take(world)).toHaveLength(1)
  })

  it('of zero gives the message back at once', async () => {
    const { world, change } = await received()
    expect(errorOf(await change(0))).toBeUndefined()
    expect(take(world)).toHaveLength(1)
  })

  it.each([
    { seconds: 43_200, error: undefined },
    { seconds: 43_201, error: 'InvalidParameterValue' },
    { seconds: -1, error: 'InvalidParameterValue' },
    { seconds: 1.5, error: 'InvalidParameterValue' },
    { seconds: undefined, error: 'MissingParameter' },
  ])('of $seconds seconds gives $error', async ({ seconds, error }) => {
    const { change } = await received()
    expect(errorOf(await change(seconds))).toBe(error)
  })

  it('may not go beyond twelve hours after the receive', async () => {
    const { world, change } = await received()
    await world.pass(1)
    expect(errorOf(await change(43_200))).toBe('InvalidParameterValue')
  })

  it('is refused when the message is visible again, and when it is gone', async () => {
    const { world, message, change } = await received()
    await world.pass(10_000)
    expect(errorOf(await change(10))).toBe('MessageNotInflight')
    take(world)
    expect(errorOf(await change(10))).toBe('MessageNotInflight')
    expect(errorOf(await change(10, 'nonsense'))).toBe('ReceiptHandleIsInvalid')
    await world.pass(10_000)
    const [again] = take(world)
    world.queues.remove(queueArn('Q'), [again?.receiptHandle ?? ''], 'mapping')
    expect(errorOf(await change(10, again?.receiptHandle))).toBe('InvalidParameterValue')
    expect(message?.messageId).toBe(again?.messageId)
  })
})

describe('a request to SQS', () => {
  it.each([
    {
      name: 'a message of 1 MiB',
      input: { MessageBody: 'x'.repeat(1_048_576) },
      error: undefined,
      units: 16,
    },
    {
      name: 'one byte more',
      input: { MessageBody: 'x'.repeat(1_048_577) },
      error: 'InvalidParameterValue',
      units: 17,
    },
    { name: 'an empty message', input: { MessageBody: '' }, error: 'MissingParameter', units: 1 },
    { name: '64 KB', input: { MessageBody: 'x'.repeat(65_536) }, error: undefined, units: 1 },
    { name: '64 KB and a byte', input: { MessageBody: 'x'.repeat(65_537) }, error: undefined, units: 2 },
    {
      name: 'a delay of 901 s',
      input: { MessageBody: 'm', DelaySeconds: 901 },
      error: 'InvalidParameterValue',
      units: 1,
    },
  ])('with $name answers $error and costs $units', async ({ input, error, units }) => {
    const world = smallWorld(one())
    expect(errorOf(await world.call('sqs', 'SendMessage', { ...on(), ...input }))).toBe(error)
    expect(world.calls).toMatchObject([{ meter: 'sqs.request', units, resource: 'Q' }])
  })

  it('names a queue that does not exist', async () => {
    const world = smallWorld(one())
    const answer = await world.call('sqs', 'SendMessage', { ...on('Nowhere'), MessageBody: 'm' })
    expect(errorOf(answer)).toBe('QueueDoesNotExist')
  })

  it('of ten messages reports what failed beside what succeeded', async () => {
    const world = smallWorld(one())
    const Entries = [
      { Id: 'a', MessageBody: 'm' },
      { Id: 'b', MessageBody: 'm', DelaySeconds: 901 },
    ]
    const output = outputOf(await world.call('sqs', 'SendMessageBatch', { ...on(), Entries }))
    expect(output).toMatchObject({
      Successful: [{ Id: 'a' }],
      Failed: [{ Id: 'b', Code: 'InvalidParameterValue', SenderFault: true }],
    })
  })

  it.each([
    { name: 'no entries', entries: [], error: 'EmptyBatchRequest' },
    {
      name: 'eleven',
      entries: Array.from({ length: 11 }, (_, index) => ({ Id: `e${index}`, MessageBody: 'm' })),
      error: 'TooManyEntriesInBatchRequest',
    },
    {
      name: 'one id twice',
      entries: [
        { Id: 'e', MessageBody: 'm' },
        { Id: 'e', MessageBody: 'm' },
      ],
      error: 'BatchEntryIdsNotDistinct',
    },
    { name: 'an id with a space', entries: [{ Id: 'a b', MessageBody: 'm' }], error: 'InvalidBatchEntryId' },
  ])('of a batch with $name answers $error', async ({ entries, error }) => {
    const world = smallWorld(one())
    expect(errorOf(await world.call('sqs', 'SendMessageBatch', { ...on(), Entries: entries }))).toBe(error)
  })

  it('counts what is visible, in flight and delayed', async () => {
    const world = smallWorld(one())
    await send(world, 'a')
    await send(world, 'b')
    await send(world, 'c', { DelaySeconds: 10 })
    take(world, 'Q', 1)
    const answer = await world.call('sqs', 'GetQueueAttributes', { ...on(), AttributeNames: ['All'] })
    expect(outputOf(answer)['Attributes']).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
      QueueArn: queueArn('Q'),
    })
  })
})

describe('a template', () => {
  it.each([
    {
      name: 'a FIFO queue without the suffix',
      properties: { FifoQueue: true },
      message: 'The name of a FIFO queue can only end with the .fifo suffix',
    },
    {
      name: 'a standard queue with the suffix',
      properties: { QueueName: 'Q.fifo' },
      message: 'Can only include alphanumeric characters, hyphens, or underscores',
    },
    {
      name: 'a setting of FIFO queues on a standard one',
      properties: { DeduplicationScope: 'queue' },
      message: 'Unknown Attribute DeduplicationScope',
    },
    {
      name: 'a customer key',
      properties: { KmsMasterKeyId: 'k' },
      message: 'KmsMasterKeyId is not modelled',
    },
    { name: 'too long a delay', properties: { DelaySeconds: 901 }, message: 'DelaySeconds: expected' },
    {
      name: 'a dead-letter queue that is not there',
      properties: { RedrivePolicy: { deadLetterTargetArn: queueArn('D'), maxReceiveCount: 3 } },
      message: 'Dead letter target does not exist',
    },
  ])('with $name is refused by name', ({ properties, message }) => {
    expect(() => smallWorld(one(properties))).toThrow(message)
  })
})
