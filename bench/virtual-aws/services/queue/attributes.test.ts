import { describe, expect, it } from 'vitest'
import { queueArn, type SmallWorld, smallStart, smallWorld } from '../small-world.ts'
import {
  bodies,
  errorOf,
  fifo,
  messageOf,
  on,
  one,
  outputOf,
  queue,
  send,
  sendTo,
  take,
  withDlq,
} from './queue.testing.ts'

const set = (world: SmallWorld, Attributes: unknown, name = 'Q') =>
  world.call('sqs', 'SetQueueAttributes', { ...on(name), Attributes })
const get = async (world: SmallWorld, names: readonly string[], name = 'Q') =>
  outputOf(await world.call('sqs', 'GetQueueAttributes', { ...on(name), AttributeNames: names }))[
    'Attributes'
  ]

describe('the attributes of a queue', () => {
  it('are all there with All', async () => {
    const world = smallWorld(withDlq(3, { RedriveAllowPolicy: { redrivePermission: 'allowAll' } }))
    expect(await get(world, ['All'])).toEqual({
      QueueArn: queueArn('Q'),
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      CreatedTimestamp: String(smallStart / 1000),
      LastModifiedTimestamp: String(smallStart / 1000),
      VisibilityTimeout: '10',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      DelaySeconds: '0',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn('D'), maxReceiveCount: 3 }),
    })
    expect(await get(world, ['RedriveAllowPolicy'], 'D')).toEqual({
      RedriveAllowPolicy: '{"redrivePermission":"allowAll"}',
    })
  })

  it('of a FIFO queue say how it deduplicates and what limits it', async () => {
    const world = smallWorld(fifo('Q', { ContentBasedDeduplication: 'true' }))
    const names = ['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit']
    expect(await get(world, names, 'Q.fifo')).toEqual({
      FifoQueue: 'true',
      ContentBasedDeduplication: 'true',
      DeduplicationScope: 'queue',
      FifoThroughputLimit: 'perQueue',
    })
  })

  it('of a FIFO queue count messages behind a locked group as visible', async () => {
    const world = smallWorld(fifo('Q'))
    await sendTo(world, 'g', 'a')
    await sendTo(world, 'g', 'b')
    take(world, 'Q.fifo', 1)
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible']
    expect(await get(world, names, 'Q.fifo')).toEqual({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
    })
  })

  it.each([
    { name: 'none asked for', names: [], attributes: undefined },
    { name: 'one that it has not', names: ['RedrivePolicy'], attributes: undefined },
    { name: 'one', names: ['DelaySeconds'], attributes: { DelaySeconds: '0' } },
  ])('with $name are $attributes', async ({ names, attributes }) => {
    expect(await get(smallWorld(one()), names)).toEqual(attributes)
  })

  it('with a name that there is not answer InvalidAttributeName', async () => {
    const input = { ...on(), AttributeNames: ['Colour'] }
    const answer = await smallWorld(one()).call('sqs', 'GetQueueAttributes', input)
    expect([errorOf(answer), messageOf(answer)]).toEqual([
      'InvalidAttributeName',
      'Unknown Attribute Colour.',
    ])
  })

  it.each(['Policy', 'KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds'])('refuse %s by name', async (name) => {
    const world = smallWorld(one())
    await expect(get(world, [name])).rejects.toThrow(`${name} is not modelled`)
    await expect(set(world, { [name]: '' })).rejects.toThrow(`${name} is not modelled`)
  })
})

describe('a change of attributes', () => {
  it('cuts the visibility of receives to come, and leaves those before', async () => {
    const world = smallWorld(one({ VisibilityTimeout: 60 }))
    await send(world, 'a')
    take(world)
    await world.pass(1_000)
    expect(errorOf(await set(world, { VisibilityTimeout: '10' }))).toBeUndefined()
    expect(await get(world, ['VisibilityTimeout', 'LastModifiedTimestamp', 'CreatedTimestamp'])).toEqual({
      VisibilityTimeout: '10',
      CreatedTimestamp: String(smallStart / 1000),
      LastModifiedTimestamp: String(smallStart / 1000 + 1),
    })
    expect(world.queues.visibilityTimeoutMs(queueArn('Q'))).toBe(10_000)
    await send(world, 'b')
    take(world)
    await world.pass(10_000)
    expect(bodies(take(world))).toEqual(['b'])
    await world.pass(49_000)
    expect(bodies(take(world))).toContain('a')
  })

  it('shortens the life of messages that are there', async () => {
    const world = smallWorld(one())
    await send(world, 'a')
    await world.pass(60_000)
    await set(world, { MessageRetentionPeriod: '60' })
    expect(take(world)).toEqual([])
    expect(world.lost).toMatchObject([{ how: 'expired', body: 'a' }])
  })

  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html (read 2026-11-25)
  it.each([
    { name: 'a standard queue leaves messages that are there', properties: {}, queueName: 'Q', shown: 0 },
    {
      name: 'a FIFO queue is for messages that are there too',
      properties: { FifoQueue: true },
      queueName: 'Q.fifo',
      shown: 1,
    },
  ])('of the delay of $name', async ({ properties, queueName, shown }) => {
    const world = smallWorld({
      Q: queue({ QueueName: queueName, DelaySeconds: 100, VisibilityTimeout: 600, ...properties }),
    })
    const ids = queueName === 'Q' ? {} : { MessageGroupId: 'g', MessageDeduplicationId: 'a' }
    await send(world, 'a', { ...on(queueName), ...ids })
    await world.pass(10_000)
    await set(world, { DelaySeconds: '10' }, queueName)
    expect(take(world, queueName)).toHaveLength(shown)
    await world.pass(90_000)
    expect(take(world, queueName)).toHaveLength(1 - shown)
  })

  it('gives a redrive policy, and takes it away', async () => {
    const world = smallWorld({ ...one({ VisibilityTimeout: 0 }), D: queue({ QueueName: 'D' }) })
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: queueArn('D'), maxReceiveCount: '1' })
    expect(errorOf(await set(world, { RedrivePolicy }))).toBeUndefined()
    await send(world, 'a')
    take(world)
    take(world)
    expect(world.queues.depths().get('D')).toBe(1)
    await set(world, { RedrivePolicy: '' })
    await send(world, 'b')
    for (let count = 0; count < 5; count += 1) expect(take(world)).toHaveLength(1)
  })

  it('limits the size of messages', async () => {
    const world = smallWorld(one())
    await set(world, { MaximumMessageSize: '1024' })
    expect(errorOf(await send(world, 'x'.repeat(1024)))).toBeUndefined()
    expect(messageOf(await send(world, 'x'.repeat(1025)))).toBe(
      'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.',
    )
  })

  it('of a FIFO queue turns high throughput on, both attributes at once', async () => {
    const world = smallWorld(fifo('Q'))
    const high = { FifoThroughputLimit: 'perMessageGroupId', DeduplicationScope: 'messageGroup' }
    expect(errorOf(await set(world, high, 'Q.fifo'))).toBeUndefined()
    expect(await get(world, ['FifoThroughputLimit'], 'Q.fifo')).toEqual({
      FifoThroughputLimit: 'perMessageGroupId',
    })
    expect(errorOf(await set(world, { DeduplicationScope: 'queue' }, 'Q.fifo'))).toBe('InvalidAttributeValue')
  })

  it.each([
    { name: 'nothing', attributes: {}, error: 'MissingParameter', message: 'parameter Attributes' },
    {
      name: 'an unknown name',
      attributes: { Colour: 'red' },
      error: 'InvalidAttributeName',
      message: 'Unknown Attribute Colour.',
    },
    {
      name: 'a name that cannot be changed',
      attributes: { FifoQueue: 'true' },
      error: 'InvalidAttributeName',
      message: 'Unknown Attribute FifoQueue.',
    },
    {
      name: 'a setting of FIFO queues',
      attributes: { ContentBasedDeduplication: 'true' },
      error: 'InvalidAttributeName',
      message: 'Unknown Attribute ContentBasedDeduplication.',
    },
    ...(
      [
        ['VisibilityTimeout', '43201'],
        ['VisibilityTimeout', '-1'],
        ['DelaySeconds', '901'],
        ['MessageRetentionPeriod', '59'],
        ['MessageRetentionPeriod', '1209601'],
        ['ReceiveMessageWaitTimeSeconds', '21'],
        ['MaximumMessageSize', '1023'],
        ['MaximumMessageSize', '1048577'],
        ['DelaySeconds', 'soon'],
        ['RedrivePolicy', '{'],
        ['RedrivePolicy', JSON.stringify({ deadLetterTargetArn: queueArn('Q'), maxReceiveCount: 0 })],
        ['RedrivePolicy', JSON.stringify({ deadLetterTargetArn: queueArn('Q'), maxReceiveCount: 1001 })],
        ['RedriveAllowPolicy', JSON.stringify({ redrivePermission: 'byQueue' })],
      ] as const
    ).map(([name, value]) => ({
      name: `${name} ${value}`,
      attributes: { VisibilityTimeout: '1', [name]: value },
      error: 'InvalidAttributeValue',
      message: `Invalid value for the parameter ${name}.`,
    })),
    {
      name: 'a dead-letter queue that is not there',
      attributes: {
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queueArn('D'), maxReceiveCount: 1 }),
      },
      error: 'InvalidParameterValue',
      message: 'for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist',
    },
  ])('with $name answers $error and changes nothing', async ({ attributes, error, message }) => {
    const world = smallWorld(one())
    const before = await get(world, ['All'])
    const answer = await set(world, attributes)
    expect(errorOf(answer)).toBe(error)
    expect(messageOf(answer)).toContain(message)
    expect(await get(world, ['All'])).toEqual(before)
  })
})

describe('a purge', () => {
  it.each(['Q', 'Q.fifo'])('of %s deletes all messages, and says so', async (name) => {
    const world = smallWorld({ ...(name === 'Q' ? one({ VisibilityTimeout: 10 }) : fifo('Q')) })
    const ids = (id: string) => (name === 'Q' ? {} : { MessageGroupId: id, MessageDeduplicationId: id })
    await send(world, 'a', { ...on(name), ...ids('a') })
    await send(world, 'b', { ...on(name), ...ids('b') })
    const [inFlight] = take(world, name, 1)
    const purge = () => world.call('sqs', 'PurgeQueue', on(name))
    expect(errorOf(await purge())).toBeUndefined()
    expect(world.queues.depths().get('Q')).toBe(0)
    expect(world.lost.map(({ how, body, reason }) => [how, body, reason])).toEqual([
      ['dropped', 'a', 'the queue was purged'],
      ['dropped', 'b', 'the queue was purged'],
    ])
    await send(world, 'c', { ...on(name), ...ids('c') })
    await world.pass(20_000)
    expect(bodies(take(world, name))).toEqual(['c'])
    const removed = { ...on(name), ReceiptHandle: inFlight?.receiptHandle }
    expect(errorOf(await world.call('sqs', 'DeleteMessage', removed))).toBeUndefined()
  })

  it('may not come within a minute of another', async () => {
    const world = smallWorld(one())
    const purge = () => world.call('sqs', 'PurgeQueue', on())
    await purge()
    await world.pass(59_999)
    const answer = await purge()
    expect([errorOf(answer), messageOf(answer)]).toEqual([
      'PurgeQueueInProgress',
      'Only one PurgeQueue operation on Q is allowed every 60 seconds.',
    ])
    await world.pass(1)
    expect(errorOf(await purge())).toBeUndefined()
  })
})

describe('the URL of a queue', () => {
  it.each([
    { name: 'its name', input: { QueueName: 'Q' }, error: undefined },
    {
      name: 'this account',
      input: { QueueName: 'Q', QueueOwnerAWSAccountId: '123456789012' },
      error: undefined,
    },
    {
      name: 'another account',
      input: { QueueName: 'Q', QueueOwnerAWSAccountId: '999999999999' },
      error: 'QueueDoesNotExist',
    },
    { name: 'a name that there is not', input: { QueueName: 'R' }, error: 'QueueDoesNotExist' },
    { name: 'an ARN', input: { QueueName: queueArn('Q') }, error: 'QueueDoesNotExist' },
    { name: 'no name', input: {}, error: 'MissingParameter' },
  ])('by $name: $error', async ({ input, error }) => {
    const answer = await smallWorld(one()).call('sqs', 'GetQueueUrl', input)
    expect(errorOf(answer)).toBe(error)
    if (error === undefined) expect(outputOf(answer)).toEqual({ QueueUrl: on().QueueUrl })
  })
})
