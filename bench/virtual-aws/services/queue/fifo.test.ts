import { describe, expect, it } from 'vitest'
import { createQuotas } from '../../quotas.ts'
import { sha256Hex } from '../../sha256.ts'
import { queueArn, type SmallWorld, smallStart, smallWorld } from '../small-world.ts'
import { bodies, errorOf, fifo, fifoWithDlq, messageOf, on, outputOf, sendTo, take } from './queue.testing.ts'

const queueName = 'Q.fifo'
const receive = async (world: SmallWorld, more: Readonly<Record<string, unknown>> = {}) =>
  outputOf(
    await world.call('sqs', 'ReceiveMessage', {
      ...on(queueName),
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
      ...more,
    }),
  )['Messages'] as
    | readonly {
        readonly Body: string
        readonly MessageId: string
        readonly ReceiptHandle: string
        readonly Attributes: Readonly<Record<string, string>>
      }[]
    | undefined
const remove = (world: SmallWorld, handle: string | undefined) =>
  world.call('sqs', 'DeleteMessage', { ...on(queueName), ReceiptHandle: handle })
const show = (world: SmallWorld, handle: string | undefined, VisibilityTimeout: number) =>
  world.call('sqs', 'ChangeMessageVisibility', { ...on(queueName), ReceiptHandle: handle, VisibilityTimeout })

describe('a FIFO queue', () => {
  it('gives the messages of a group in the order of sending', async () => {
    const world = smallWorld(fifo('Q'))
    for (const body of ['a', 'b', 'c']) await sendTo(world, 'g', body)
    expect(bodies(take(world, queueName))).toEqual(['a', 'b', 'c'])
  })

  it('gives nothing more of a group while any message of it is in flight', async () => {
    const world = smallWorld(fifo('Q'))
    for (const body of ['a', 'b', 'c']) await sendTo(world, 'g', body)
    const given = take(world, queueName, 2)
    expect(bodies(given)).toEqual(['a', 'b'])
    expect(take(world, queueName)).toEqual([])
    await remove(world, given[0]?.receiptHandle)
    expect(take(world, queueName)).toEqual([])
    await remove(world, given[1]?.receiptHandle)
    expect(bodies(take(world, queueName))).toEqual(['c'])
  })

  it('gives messages of another group meanwhile', async () => {
    const world = smallWorld(fifo('Q'))
    await sendTo(world, 'g', 'a')
    await sendTo(world, 'g', 'b')
    await sendTo(world, 'h', 'x')
    expect(bodies(take(world, queueName, 1))).toEqual(['a'])
    expect(bodies(take(world, queueName))).toEqual(['x'])
  })

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html (read 2026-11-25)
  it('gives as many messages of one group as it can, before those of the next', async () => {
    const world = smallWorld(fifo('Q'))
    for (const [group, body] of [
      ['g', 'a'],
      ['h', 'x'],
      ['g', 'b'],
      ['h', 'y'],
      ['g', 'c'],
    ] as const)
      await sendTo(world, group, body)
    expect(bodies(take(world, queueName, 4))).toEqual(['a', 'b', 'c', 'x'])
    expect(take(world, queueName)).toEqual([])
  })

  it('keeps the order when a message comes back: it comes before those behind it', async () => {
    const world = smallWorld(fifo('Q', { VisibilityTimeout: 10 }))
    for (const body of ['a', 'b', 'c']) await sendTo(world, 'g', body)
    const given = take(world, queueName, 2)
    await remove(world, given[1]?.receiptHandle)
    await world.pass(9_999)
    expect(take(world, queueName)).toEqual([])
    await world.pass(1)
    const again = take(world, queueName)
    expect(bodies(again)).toEqual(['a', 'c'])
    expect(again.map(({ attributes }) => attributes['ApproximateReceiveCount'])).toEqual(['2', '1'])
  })

  it('stays locked until the message that was hidden longest is visible', async () => {
    const world = smallWorld(fifo('Q', { VisibilityTimeout: 10 }))
    await sendTo(world, 'g', 'a')
    await sendTo(world, 'g', 'b')
    const [, second] = take(world, queueName)
    await show(world, second?.receiptHandle, 30)
    await world.pass(29_999)
    expect(take(world, queueName)).toEqual([])
    await world.pass(1)
    expect(bodies(take(world, queueName))).toEqual(['a', 'b'])
  })

  it('says group, deduplication id and a sequence number of twenty digits that rises', async () => {
    const world = smallWorld(fifo('Q'))
    const sent = [await sendTo(world, 'g', 'a'), await sendTo(world, 'g', 'b')].map(
      (answer) => outputOf(answer)['SequenceNumber'],
    )
    const given = take(world, queueName)
    expect(given[0]?.attributes).toMatchObject({
      MessageGroupId: 'g',
      MessageDeduplicationId: 'a',
      SentTimestamp: String(smallStart),
      SenderId: '123456789012',
    })
    expect(given.map(({ attributes }) => attributes['SequenceNumber'])).toEqual(sent)
    expect(sent.every((number) => /^\d{20}$/.test(String(number)))).toBe(true)
    expect(String(sent[1]) > String(sent[0])).toBe(true)
  })

  it('tells its listener when a group becomes available, not of what waits behind others', async () => {
    const world = smallWorld(fifo('Q', { VisibilityTimeout: 10 }))
    const toldMs: number[] = []
    world.queues.onVisible(queueArn(queueName), () => toldMs.push(world.kernel.nowMs - smallStart))
    await sendTo(world, 'g', 'a')
    await sendTo(world, 'g', 'b')
    const [first] = take(world, queueName, 1)
    await world.pass(1_000)
    world.queues.remove(queueArn(queueName), [first?.receiptHandle ?? ''], 'mapping')
    take(world, queueName, 1)
    await world.pass(20_000)
    expect(toldMs).toEqual([0, 1_000, 11_000])
    expect(world.queues.visibleCount(queueArn(queueName), smallStart + 11_000)).toBe(1)
    expect(world.queues.visibleCount(queueArn(queueName), smallStart)).toBe(0)
    expect(bodies(world.queues.receive(queueArn(queueName), 10, 'm', smallStart))).toEqual([])
    expect(bodies(world.queues.receive(queueArn(queueName), 10, 'm', smallStart + 11_000))).toEqual(['b'])
  })

  it('is told from a standard queue by its kind', () => {
    const world = smallWorld({ ...fifo('Q'), S: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'S' } } })
    expect(world.queues.kind(queueArn(queueName))).toBe('fifo')
    expect(world.queues.kind(queueArn('S'))).toBe('standard')
  })

  it('is billed by a meter of its own', async () => {
    const world = smallWorld({ ...fifo('Q'), S: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'S' } } })
    await sendTo(world, 'g', 'x'.repeat(100))
    await world.call('sqs', 'SendMessage', { ...on('S'), MessageBody: 'm' })
    take(world, queueName)
    expect(world.calls.map(({ meter, units }) => [meter, units])).toEqual([
      ['sqs.fifoRequest', 1],
      ['sqs.request', 1],
      ['sqs.fifoRequest', 1],
    ])
  })

  it('delivers no copies, whatever fault asks for them', async () => {
    const world = smallWorld(fifo('Q'), { faults: { copies: () => [1000] } })
    await sendTo(world, 'g', 'a')
    const [first] = take(world, queueName)
    await remove(world, first?.receiptHandle)
    await world.pass(10_000)
    expect(take(world, queueName)).toEqual([])
  })

  it('lets go of groups that are empty, and takes their next messages', async () => {
    const world = smallWorld(fifo('Q'))
    for (const body of ['a', 'b', 'c']) {
      await sendTo(world, 'g', body)
      const given = take(world, queueName)
      expect(bodies(given)).toEqual([body])
      await remove(world, given[0]?.receiptHandle)
    }
    expect(world.queues.depths().get('Q')).toBe(0)
  })
})

describe('sending to a FIFO queue', () => {
  it.each([
    {
      name: 'without a group',
      input: { MessageGroupId: undefined },
      error: 'MissingParameter',
      message: 'The request must contain the parameter MessageGroupId.',
    },
    {
      name: 'without a deduplication id',
      input: { MessageDeduplicationId: undefined },
      error: 'InvalidParameterValue',
      message:
        'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    },
    {
      name: 'with a delay of its own',
      input: { DelaySeconds: 1 },
      error: 'InvalidParameterValue',
      message:
        'Value 1 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    },
    { name: 'with a delay of 0', input: { DelaySeconds: 0 }, error: undefined, message: undefined },
    {
      name: 'with a group of 129 letters',
      input: { MessageGroupId: 'x'.repeat(129) },
      error: 'InvalidParameterValue',
      message: 'MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    },
    {
      name: 'with a blank in the deduplication id',
      input: { MessageDeduplicationId: 'a b' },
      error: 'InvalidParameterValue',
      message:
        'MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    },
  ])('$name answers $error', async ({ input, error, message }) => {
    const world = smallWorld(fifo('Q'))
    const answer = await sendTo(world, 'g', 'm', input)
    expect(errorOf(answer)).toBe(error)
    expect(messageOf(answer)).toBe(message)
  })

  it('keeps the delay of the queue, whatever a message says', async () => {
    const world = smallWorld(fifo('Q', { DelaySeconds: 5 }))
    await sendTo(world, 'g', 'a', { DelaySeconds: 0 })
    await world.pass(4_999)
    expect(take(world, queueName)).toEqual([])
    await world.pass(1)
    expect(bodies(take(world, queueName))).toEqual(['a'])
  })

  it('in a batch keeps the order, and reports what failed beside what succeeded', async () => {
    const world = smallWorld(fifo('Q', { ContentBasedDeduplication: true }))
    const Entries = [
      { Id: '1', MessageBody: 'a', MessageGroupId: 'g' },
      { Id: '2', MessageBody: 'b' },
      { Id: '3', MessageBody: 'c', MessageGroupId: 'g' },
    ]
    const output = outputOf(await world.call('sqs', 'SendMessageBatch', { ...on(queueName), Entries }))
    expect(output).toMatchObject({
      Successful: [{ Id: '1' }, { Id: '3' }],
      Failed: [{ Id: '2', Code: 'MissingParameter', SenderFault: true }],
    })
    expect(bodies(take(world, queueName))).toEqual(['a', 'c'])
  })
})

describe('deduplication', () => {
  const idOf = async (answer: ReturnType<typeof sendTo>) => outputOf(await answer)['MessageId']

  it('accepts a repeat with the ids of the first message, and delivers it not', async () => {
    const world = smallWorld(fifo('Q'))
    const first = outputOf(await sendTo(world, 'g', 'a'))
    const second = outputOf(await sendTo(world, 'g', 'other', { MessageDeduplicationId: 'a' }))
    expect({ ...second }).toEqual({ ...first })
    expect(bodies(take(world, queueName))).toEqual(['a'])
  })

  it.each([
    { afterMs: 299_999, given: [] },
    { afterMs: 300_000, given: ['a'] },
  ])('ends five minutes after the first sending: after $afterMs ms', async ({ afterMs, given }) => {
    const world = smallWorld(fifo('Q'))
    await sendTo(world, 'g', 'a')
    const [first] = take(world, queueName)
    await remove(world, first?.receiptHandle)
    await world.pass(200_000)
    await sendTo(world, 'g', 'a')
    await world.pass(afterMs - 200_000)
    await sendTo(world, 'g', 'a')
    expect(bodies(take(world, queueName))).toEqual(given)
  })

  it('is of the whole queue, or of the message group, as the queue says', async () => {
    for (const { properties, given } of [
      { properties: {}, given: ['a'] },
      { properties: { DeduplicationScope: 'messageGroup' }, given: ['a', 'a'] },
    ]) {
      const world = smallWorld(fifo('Q', properties))
      await sendTo(world, 'g', 'a')
      await sendTo(world, 'h', 'a')
      expect(bodies(take(world, queueName))).toEqual(given)
    }
  })

  it('by content compares bodies, not attributes; an id that is given wins', async () => {
    const world = smallWorld(fifo('Q', { ContentBasedDeduplication: true }))
    const byContent = { MessageDeduplicationId: undefined }
    const first = await idOf(sendTo(world, 'g', 'a', byContent))
    const MessageAttributes = { kind: { DataType: 'String', StringValue: 'other' } }
    expect(await idOf(sendTo(world, 'g', 'a', { ...byContent, MessageAttributes }))).toBe(first)
    expect(await idOf(sendTo(world, 'g', 'a', { MessageDeduplicationId: 'mine' }))).not.toBe(first)
    // What content makes is the same as the digest when that is given.
    expect(await idOf(sendTo(world, 'g', 'b', { MessageDeduplicationId: sha256Hex('a') }))).toBe(first)
    expect(take(world, queueName)[0]?.attributes['MessageDeduplicationId']).toBe(
      'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
    )
  })
})

describe('a receipt handle of a FIFO queue', () => {
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html, ReceiveRequestAttemptId (read 2026-11-25)
  it('fails when the visibility timeout is over, received again or not', async () => {
    const world = smallWorld(fifo('Q', { VisibilityTimeout: 10 }))
    await sendTo(world, 'g', 'a')
    const [first] = take(world, queueName)
    await world.pass(10_000)
    for (const answer of [
      await remove(world, first?.receiptHandle),
      await show(world, first?.receiptHandle, 10),
    ]) {
      expect(errorOf(answer)).toBe('InvalidParameterValue')
      expect(messageOf(answer)).toBe(
        `Value ${first?.receiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
      )
    }
    const [second] = take(world, queueName)
    expect(errorOf(await remove(world, first?.receiptHandle))).toBe('InvalidParameterValue')
    expect(errorOf(await remove(world, second?.receiptHandle))).toBeUndefined()
    expect(errorOf(await remove(world, second?.receiptHandle))).toBeUndefined()
    expect(errorOf(await show(world, second?.receiptHandle, 10))).toBe('InvalidParameterValue')
    expect(errorOf(await remove(world, 'nonsense'))).toBe('ReceiptHandleIsInvalid')
  })

  it('extends the visibility, up to twelve hours after the receive', async () => {
    const world = smallWorld(fifo('Q', { VisibilityTimeout: 10 }))
    await sendTo(world, 'g', 'a')
    const [first] = take(world, queueName)
    expect(errorOf(await show(world, first?.receiptHandle, 43_200))).toBeUndefined()
    await world.pass(1)
    expect(messageOf(await show(world, first?.receiptHandle, 43_200))).toContain(
      'Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
    )
    expect(errorOf(await show(world, first?.receiptHandle, 0))).toBeUndefined()
    expect(take(world, queueName)).toHaveLength(1)
  })
})

describe('a receive that is repeated with its attempt id', () => {
  const setUp = async () => {
    const world = smallWorld(fifo('Q', { VisibilityTimeout: 10 }))
    await sendTo(world, 'g', 'a')
    await sendTo(world, 'g', 'b')
    const first = await receive(world, { ReceiveRequestAttemptId: 'try' })
    return { world, first, again: () => receive(world, { ReceiveRequestAttemptId: 'try' }) }
  }

  it('gives the same messages and handles, and hides them anew', async () => {
    const { world, first, again } = await setUp()
    await world.pass(6_000)
    expect(await again()).toEqual(first)
    expect(first?.map(({ Attributes }) => Attributes['ApproximateReceiveCount'])).toEqual(['1', '1'])
    await world.pass(6_000)
    expect(await again()).toEqual(first)
    await world.pass(10_000)
    expect((await again())?.map(({ Attributes }) => Attributes['ApproximateReceiveCount'])).toEqual([
      '2',
      '2',
    ])
  })

  it.each([
    {
      name: 'one was deleted',
      meanwhile: (world: SmallWorld, handle: string | undefined) => remove(world, handle),
    },
    {
      name: 'one was hidden otherwise',
      meanwhile: (world: SmallWorld, handle: string | undefined) => show(world, handle, 20),
    },
  ])('gives nothing when $name', async ({ meanwhile }) => {
    const { world, first, again } = await setUp()
    await meanwhile(world, first?.[0]?.ReceiptHandle)
    expect(await again()).toBeUndefined()
  })

  it('is a new receive after five minutes', async () => {
    const world = smallWorld(fifo('Q', { VisibilityTimeout: 600 }))
    await sendTo(world, 'g', 'a')
    const more = { ReceiveRequestAttemptId: 'try' }
    expect(await receive(world, more)).toHaveLength(1)
    await world.pass(299_999)
    expect(await receive(world, more)).toHaveLength(1)
    await world.pass(1)
    expect(await receive(world, more)).toBeUndefined()
  })

  it('is for FIFO queues only', async () => {
    const world = smallWorld({ Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'Q' } } })
    const answer = await world.call('sqs', 'ReceiveMessage', { ...on(), ReceiveRequestAttemptId: 'try' })
    expect(messageOf(answer)).toContain('is not valid for this queue type')
  })
})

describe('a long poll of a FIFO queue', () => {
  it('waits until a group is no longer locked, and no longer', async () => {
    const world = smallWorld(fifo('Q', { VisibilityTimeout: 60 }))
    await sendTo(world, 'g', 'a')
    await sendTo(world, 'g', 'b')
    const [first] = take(world, queueName, 1)
    const beforeMs = world.kernel.nowMs
    world.kernel.after(3_000, () =>
      world.queues.remove(queueArn(queueName), [first?.receiptHandle ?? ''], 'mapping'),
    )
    expect((await receive(world, { WaitTimeSeconds: 20 }))?.map(({ Body }) => Body)).toEqual(['b'])
    expect(world.calls.findLast(({ action }) => action === 'ReceiveMessage')?.endedMs).toBe(beforeMs + 3_000)
  })

  it('of two gives a group to one', async () => {
    const world = smallWorld(fifo('Q'))
    const answers: unknown[] = []
    for (const by of ['one', 'two'])
      world.world.call(
        {
          by,
          principal: { kind: 'outside' },
          service: 'sqs',
          action: 'ReceiveMessage',
          input: { ...on(queueName), WaitTimeSeconds: 5 },
        },
        (answer) => answers.push(outputOf(answer)['Messages']),
      )
    await sendTo(world, 'g', 'a')
    await sendTo(world, 'g', 'b')
    await world.pass(5_000)
    expect(answers).toMatchObject([[{ Body: 'a' }], undefined])
  })
})

describe('the dead-letter queue of a FIFO queue', () => {
  const poisoned = async (ofDeadLetters = {}) => {
    const world = smallWorld(fifoWithDlq(2, ofDeadLetters))
    await sendTo(world, 'g', 'poison')
    await sendTo(world, 'g', 'next')
    for (let count = 0; count < 2; count += 1) {
      take(world, queueName, 1)
      await world.pass(10_000)
    }
    expect(bodies(take(world, queueName, 1))).toEqual(['next'])
    return world
  }

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html (read 2026-11-25)
  it('gets the message with its id as deduplication id, in its group', async () => {
    const world = await poisoned()
    const [dead] = take(world, 'D.fifo')
    expect(dead).toMatchObject({ body: 'poison' })
    expect(dead?.attributes).toMatchObject({
      MessageGroupId: 'g',
      MessageDeduplicationId: dead?.messageId,
      DeadLetterQueueSourceArn: queueArn(queueName),
      ApproximateReceiveCount: '3',
    })
    expect(world.lost).toMatchObject([{ how: 'dead-lettered', resource: 'Q', body: 'poison' }])
  })

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html (read 2026-11-25)
  it('keeps it as long as one that was sent when it came', async () => {
    const world = await poisoned({ MessageRetentionPeriod: 60 })
    await world.pass(59_999)
    expect(take(world, 'D.fifo')[0]?.attributes['SentTimestamp']).toBe(String(smallStart + 20_000))
  })

  it.each([
    {
      name: 'a standard one',
      resources: {
        ...fifo('Q', { RedrivePolicy: { deadLetterTargetArn: queueArn('D'), maxReceiveCount: 1 } }),
        D: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'D' } },
      },
    },
    {
      name: 'that of a standard queue',
      resources: {
        ...fifo('D'),
        Q: {
          Type: 'AWS::SQS::Queue',
          Properties: { RedrivePolicy: { deadLetterTargetArn: queueArn('D.fifo'), maxReceiveCount: 1 } },
        },
      },
    },
  ])('may not be $name', ({ resources }) => {
    expect(() => smallWorld(resources)).toThrow('Dead-letter queue must be same type of queue as the source.')
  })
})

describe('the throughput of a FIFO queue', () => {
  const sendMany = async (world: SmallWorld, count: number): Promise<readonly (string | undefined)[]> => {
    const errors: (string | undefined)[] = []
    for (let index = 0; index < count; index += 1) errors.push(errorOf(await sendTo(world, 'g', `m${index}`)))
    return errors
  }

  it('is 300 calls a second of each action, batches among them; more are throttled', async () => {
    const world = smallWorld(fifo('Q'), { quotas: createQuotas('us-east-1') })
    expect(new Set(await sendMany(world, 300))).toEqual(new Set([undefined]))
    const Entries = [{ Id: 'a', MessageBody: 'm', MessageGroupId: 'g', MessageDeduplicationId: 'x' }]
    const answer = await world.call('sqs', 'SendMessageBatch', { ...on(queueName), Entries })
    expect(errorOf(answer)).toBe('RequestThrottled')
    expect(messageOf(answer)).toBe('Request is throttled.')
    expect(await receive(world)).toHaveLength(10)
    await world.pass(10)
    expect((await sendMany(world, 4)).filter((error) => error === undefined)).toHaveLength(3)
  })

  it('counts receives too, and other queues for themselves', async () => {
    const world = smallWorld({ ...fifo('Q'), ...fifo('R') }, { quotas: createQuotas('us-east-1') })
    const errors = new Set<string | undefined>()
    for (let count = 0; count < 301; count += 1)
      errors.add(errorOf(await world.call('sqs', 'ReceiveMessage', on(queueName))))
    expect(errors).toEqual(new Set([undefined, 'RequestThrottled']))
    expect(errorOf(await world.call('sqs', 'ReceiveMessage', on('R.fifo')))).toBeUndefined()
  })

  it('is high when throughput and deduplication are by message group', async () => {
    const high = { FifoThroughputLimit: 'perMessageGroupId', DeduplicationScope: 'messageGroup' }
    const world = smallWorld(fifo('Q', high), { quotas: createQuotas('us-east-1') })
    expect(new Set(await sendMany(world, 400))).toEqual(new Set([undefined]))
  })
})

describe('a template of a FIFO queue', () => {
  it('gives it a name with the suffix when it has none', async () => {
    const world = smallWorld({ Q: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } })
    expect(world.queues.urlOf(queueArn('Stack-Q.fifo'))).toMatch(/\/Stack-Q\.fifo$/)
  })

  it.each([
    {
      name: 'throughput by group and deduplication by queue',
      properties: { FifoThroughputLimit: 'perMessageGroupId' },
      message: 'perMessageGroupId is allowed only with the DeduplicationScope messageGroup',
    },
    {
      name: 'an unknown scope',
      properties: { DeduplicationScope: 'region' },
      message: 'expected queue or messageGroup',
    },
    {
      name: 'a flag that is none',
      properties: { ContentBasedDeduplication: 'perhaps' },
      message: 'expected true or false',
    },
    { name: 'a name of 81 letters', properties: { QueueName: `${'x'.repeat(76)}.fifo` }, message: '1 to 80' },
  ])('with $name is refused', ({ properties, message }) => {
    expect(() => smallWorld(fifo('Q', properties))).toThrow(message)
  })
})
