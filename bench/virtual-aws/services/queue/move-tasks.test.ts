import { describe, expect, it } from 'vitest'
import { queueArn, type Resources, type SmallWorld, smallStart, smallWorld } from '../small-world.ts'
import {
  bodies,
  errorOf,
  fifoWithDlq,
  messageOf,
  on,
  outputOf,
  queue,
  send,
  sendTo,
  take,
  withDlq,
} from './queue.testing.ts'

/** Lets every message of Q become a dead letter; D is Q's own, or both share it. */
const bury = async (world: SmallWorld, name = 'Q', receives = 1) => {
  for (let count = 0; count < receives; count += 1) {
    while (take(world, name).length > 0);
    await world.pass(10_000)
  }
  while (take(world, name).length > 0);
}
const start = (world: SmallWorld, more: Readonly<Record<string, unknown>> = {}) =>
  world.call('sqs', 'StartMessageMoveTask', { SourceArn: queueArn('D'), ...more })
const tasks = async (world: SmallWorld, more: Readonly<Record<string, unknown>> = {}) =>
  outputOf(await world.call('sqs', 'ListMessageMoveTasks', { SourceArn: queueArn('D'), ...more }))[
    'Results'
  ] as readonly Readonly<Record<string, unknown>>[]

const buried = async (count: number): Promise<SmallWorld> => {
  const world = smallWorld(withDlq(1))
  for (let index = 0; index < count; index += 1) await send(world, `m${index}`)
  await bury(world)
  return world
}

describe('a move out of a dead-letter queue', () => {
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html (read 2026-11-25)
  it('brings messages back to their source as new ones, the oldest first', async () => {
    const world = smallWorld(withDlq(1))
    const sent = [outputOf(await send(world, 'a')), outputOf(await send(world, 'b'))]
    await bury(world)
    const { TaskHandle } = outputOf(await start(world))
    expect(await tasks(world)).toEqual([
      {
        TaskHandle,
        Status: 'RUNNING',
        SourceArn: queueArn('D'),
        ApproximateNumberOfMessagesMoved: 0,
        ApproximateNumberOfMessagesToMove: 2,
        StartedTimestamp: smallStart + 10_000,
      },
    ])
    await world.pass(1_000)
    const back = take(world)
    expect(bodies(back)).toEqual(['a', 'b'])
    expect(sent.map(({ MessageId }) => MessageId)).not.toContain(back[0]?.messageId)
    expect(back[0]?.attributes).toMatchObject({
      ApproximateReceiveCount: '1',
      SentTimestamp: String(smallStart + 10_002),
    })
    expect(back[0]?.attributes['DeadLetterQueueSourceArn']).toBeUndefined()
    expect((await tasks(world))[0]).toMatchObject({
      Status: 'COMPLETED',
      ApproximateNumberOfMessagesMoved: 2,
    })
    expect((await tasks(world))[0]?.['TaskHandle']).toBeUndefined()
  })

  it('brings each message to its own source', async () => {
    const toD = { RedrivePolicy: { deadLetterTargetArn: queueArn('D'), maxReceiveCount: 1 } }
    const world = smallWorld({
      Q: queue({ QueueName: 'Q', VisibilityTimeout: 10, ...toD }),
      R: queue({ QueueName: 'R', VisibilityTimeout: 10, ...toD }),
      D: queue({ QueueName: 'D' }),
    })
    await send(world, 'of Q')
    await world.call('sqs', 'SendMessage', { ...on('R'), MessageBody: 'of R' })
    await bury(world, 'Q')
    await bury(world, 'R')
    await start(world)
    await world.pass(1_000)
    expect(bodies(take(world, 'Q'))).toEqual(['of Q'])
    expect(bodies(take(world, 'R'))).toEqual(['of R'])
  })

  it('goes to another queue when one is named', async () => {
    const resources: Resources = { ...withDlq(1), E: queue({ QueueName: 'E', DelaySeconds: 1 }) }
    const world = smallWorld(resources)
    await send(world, 'a')
    await bury(world)
    await start(world, { DestinationArn: queueArn('E') })
    await world.pass(500)
    expect(world.queues.depths().get('E')).toBe(1)
    expect(take(world, 'E')).toEqual([])
    await world.pass(1_000)
    expect(bodies(take(world, 'E'))).toEqual(['a'])
  })

  it.each([
    { perSecond: 1, afterMs: 999, moved: 0 },
    { perSecond: 1, afterMs: 1_000, moved: 1 },
    { perSecond: 2, afterMs: 1_000, moved: 2 },
    { perSecond: 500, afterMs: 6, moved: 3 },
  ])('at $perSecond a second has moved $moved after $afterMs ms', async ({ perSecond, afterMs, moved }) => {
    const world = await buried(5)
    await start(world, { MaxNumberOfMessagesPerSecond: perSecond })
    await world.pass(afterMs)
    expect((await tasks(world))[0]).toMatchObject({
      MaxNumberOfMessagesPerSecond: perSecond,
      ApproximateNumberOfMessagesMoved: moved,
    })
  })

  it('ends when it has moved as many as were there, whatever comes meanwhile', async () => {
    const world = smallWorld(withDlq(1))
    await send(world, 'a')
    await bury(world)
    await start(world, { MaxNumberOfMessagesPerSecond: 1 })
    await world.pass(1_000)
    expect(bodies(take(world))).toEqual(['a'])
    await world.pass(10_000)
    take(world)
    expect(world.queues.depths().get('D')).toBe(1)
    expect((await tasks(world))[0]?.['Status']).toBe('COMPLETED')
  })

  it('stops when it is cancelled, and leaves the rest', async () => {
    const world = await buried(5)
    const { TaskHandle } = outputOf(await start(world, { MaxNumberOfMessagesPerSecond: 1 }))
    await world.pass(2_500)
    const cancel = () => world.call('sqs', 'CancelMessageMoveTask', { TaskHandle })
    expect(outputOf(await cancel())).toEqual({ ApproximateNumberOfMessagesMoved: 2 })
    expect((await tasks(world))[0]?.['Status']).toBe('CANCELLING')
    expect(errorOf(await start(world))).toBe('UnsupportedOperation')
    await world.pass(1_000)
    expect((await tasks(world))[0]?.['Status']).toBe('CANCELLED')
    expect(errorOf(await cancel())).toBe('UnsupportedOperation')
    await world.pass(10_000)
    expect(world.queues.depths().get('D')).toBe(3)
    expect(errorOf(await start(world))).toBeUndefined()
  })

  it('fails at a message that did not come from a queue, and leaves it there', async () => {
    const world = smallWorld(withDlq(1))
    await world.call('sqs', 'SendMessage', { ...on('D'), MessageBody: 'stray' })
    await start(world)
    await world.pass(1_000)
    expect((await tasks(world))[0]).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'CouldNotDetermineMessageSource',
    })
    expect(world.queues.depths().get('D')).toBe(1)
  })

  it('keeps group and order in FIFO queues', async () => {
    const world = smallWorld(fifoWithDlq(1))
    for (const [group, body] of [
      ['g', 'a'],
      ['h', 'x'],
      ['g', 'b'],
    ] as const)
      await sendTo(world, group, body)
    await bury(world, 'Q.fifo')
    await start(world, { SourceArn: queueArn('D.fifo') })
    await world.pass(1_000)
    const back = take(world, 'Q.fifo')
    expect(back.map(({ body, attributes }) => [attributes['MessageGroupId'], body])).toEqual([
      ['g', 'a'],
      ['g', 'b'],
      ['h', 'x'],
    ])
    const numbers = back.map(({ attributes }) => attributes['SequenceNumber'])
    expect(numbers).toEqual(numbers.toSorted())
  })

  it('is listed among the latest, one unless more are asked for', async () => {
    const world = await buried(1)
    for (let count = 0; count < 12; count += 1) {
      await start(world)
      await world.pass(1_000)
    }
    expect(await tasks(world)).toHaveLength(1)
    expect(await tasks(world, { MaxResults: 10 })).toHaveLength(10)
    const answer = await world.call('sqs', 'ListMessageMoveTasks', {
      SourceArn: queueArn('D'),
      MaxResults: 11,
    })
    expect(errorOf(answer)).toBe('InvalidParameterValue')
  })

  it.each([
    {
      name: 'no source',
      input: { SourceArn: undefined },
      error: 'MissingParameter',
      message: 'The request must contain the parameter SourceArn.',
    },
    {
      name: 'a source that does not exist',
      input: { SourceArn: queueArn('Nowhere') },
      error: 'ResourceNotFoundException',
      message: "The resource that you specified for the SourceArn parameter doesn't exist.",
    },
    {
      name: 'a source that is no dead-letter queue',
      input: { SourceArn: queueArn('Q') },
      error: 'InvalidParameterValue',
      message: 'Source queue must be configured as a Dead Letter Queue.',
    },
    {
      name: 'no ARN',
      input: { DestinationArn: 'Q' },
      error: 'InvalidParameterValue',
      message:
        'You must use this format to specify the DestinationArn: arn:<partition>:<service>:<region>:<account-id>:<resource-id>',
    },
    {
      name: 'itself as destination',
      input: { DestinationArn: queueArn('D') },
      error: 'InvalidParameterValue',
      message: 'Source queue arn and destination queue arn cannot be the same.',
    },
    {
      name: 'a destination of the other kind',
      input: { DestinationArn: queueArn('F.fifo') },
      error: 'InvalidParameterValue',
      message: 'The source queue and destination queue must be of the same queue type.',
    },
    ...[0, 501, 1.5].map((rate) => ({
      name: `${rate} messages a second`,
      input: { MaxNumberOfMessagesPerSecond: rate },
      error: 'InvalidParameterValue',
      message:
        "Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a number that's between 1 and 500.",
    })),
  ])('with $name answers $error', async ({ input, error, message }) => {
    const world = smallWorld({ ...withDlq(1), F: queue({ QueueName: 'F.fifo', FifoQueue: true }) })
    const answer = await start(world, input)
    expect(errorOf(answer)).toBe(error)
    expect(messageOf(answer)).toBe(message)
  })

  it('is cancelled by its own handle only', async () => {
    const world = await buried(1)
    const cancel = (TaskHandle: unknown) => world.call('sqs', 'CancelMessageMoveTask', { TaskHandle })
    expect(errorOf(await cancel(undefined))).toBe('MissingParameter')
    expect(errorOf(await cancel('nonsense'))).toBe('InvalidParameterValue')
    const { TaskHandle } = outputOf(await start(world))
    expect(errorOf(await cancel(String(TaskHandle).replace('AQEM.1', 'AQEM.2')))).toBe(
      'ResourceNotFoundException',
    )
  })

  it('needs the permission to receive, to delete, and to send to where the messages go', () => {
    const world = smallWorld(withDlq(1))
    const target = world.queues.target({
      by: 'F',
      principal: { kind: 'outside' },
      service: 'sqs',
      action: 'StartMessageMoveTask',
      input: { SourceArn: queueArn('D') },
    })
    expect(target).toEqual({
      iamAction: 'sqs:StartMessageMoveTask',
      arn: queueArn('D'),
      logicalId: 'D',
      further: [
        { iamAction: 'sqs:ReceiveMessage', arn: queueArn('D') },
        { iamAction: 'sqs:DeleteMessage', arn: queueArn('D') },
        { iamAction: 'sqs:GetQueueAttributes', arn: queueArn('D') },
        { iamAction: 'sqs:SendMessage', arn: queueArn('Q') },
      ],
    })
  })
})

describe('the permission to be a dead-letter queue', () => {
  const allowing = (policy: unknown): Resources => withDlq(3, { RedriveAllowPolicy: policy })

  it.each([
    { name: 'all', policy: { redrivePermission: 'allowAll' } },
    { name: 'this queue', policy: { redrivePermission: 'byQueue', sourceQueueArns: [queueArn('Q')] } },
    {
      name: 'this queue, as text',
      policy: JSON.stringify({ redrivePermission: 'byQueue', sourceQueueArns: [queueArn('Q')] }),
    },
  ])('may be given to $name', ({ policy }) => {
    expect(() => smallWorld(allowing(policy))).not.toThrow()
  })

  it.each([
    { name: 'nobody', policy: { redrivePermission: 'denyAll' }, message: 'does not allow it' },
    {
      name: 'others',
      policy: { redrivePermission: 'byQueue', sourceQueueArns: [queueArn('R')] },
      message: 'does not allow it',
    },
    {
      name: 'eleven queues',
      policy: {
        redrivePermission: 'byQueue',
        sourceQueueArns: Array.from({ length: 11 }, (_, index) => queueArn(`Q${index}`)),
      },
      message: 'expected 1 to 10 ARNs',
    },
    { name: 'queues without names', policy: { redrivePermission: 'byQueue' }, message: 'only with it' },
    {
      name: 'all, with names',
      policy: { redrivePermission: 'allowAll', sourceQueueArns: [queueArn('Q')] },
      message: 'only with it',
    },
    {
      name: 'an unknown word',
      policy: { redrivePermission: 'some' },
      message: 'allowAll, denyAll or byQueue',
    },
  ])('given to $name refuses the template', ({ policy, message }) => {
    expect(() => smallWorld(allowing(policy))).toThrow(message)
  })

  it('a queue cannot be its own dead-letter queue here', () => {
    const RedrivePolicy = { deadLetterTargetArn: queueArn('Q'), maxReceiveCount: 1 }
    expect(() => smallWorld({ Q: queue({ QueueName: 'Q', RedrivePolicy }) })).toThrow(
      'as its own dead-letter queue is not modelled',
    )
  })
})

describe('the sources of a dead-letter queue', () => {
  const RedrivePolicy = { deadLetterTargetArn: queueArn('D'), maxReceiveCount: 1 }
  const names = ['A', 'B', 'C']
  const world = smallWorld({
    D: queue({ QueueName: 'D' }),
    ...Object.fromEntries(names.map((name) => [name, queue({ QueueName: name, RedrivePolicy })])),
  })
  const list = (more: Readonly<Record<string, unknown>>) =>
    world.call('sqs', 'ListDeadLetterSourceQueues', { ...on('D'), ...more })

  it('are all that name it', async () => {
    expect(outputOf(await list({}))).toEqual({ queueUrls: names.map((name) => on(name).QueueUrl) })
  })

  it('come page by page', async () => {
    const first = outputOf(await list({ MaxResults: 2 }))
    expect(first['queueUrls']).toHaveLength(2)
    const second = outputOf(await list({ MaxResults: 2, NextToken: first['NextToken'] }))
    expect(second).toEqual({ queueUrls: [on('C').QueueUrl] })
    expect(errorOf(await list({ MaxResults: 1001 }))).toBe('InvalidParameterValue')
    expect(errorOf(await list({ NextToken: 'nonsense' }))).toBe('InvalidParameterValue')
  })
})
