import { describe, expect, it } from 'vitest'
import type { Answer } from '../../world.ts'
import {
  queueArn,
  queueUrl,
  type Resources,
  type SmallWorld,
  smallAccount,
  smallStart,
  smallWorld,
} from '../small-world.ts'

type Input = Readonly<Record<string, unknown>>
const prefix = `arn:aws:events:us-east-1:${smallAccount}`
const archiveArn = `${prefix}:archive/A`
const busArn = `${prefix}:event-bus/Bus`
const ruleArn = (name: string) => `${prefix}:rule/Bus/${name}`
const minute = 60_000
const at = (ms: number) => new Date(smallStart + ms)

const queue = (name: string): Resources => ({
  [name]: { Type: 'AWS::SQS::Queue', Properties: { QueueName: name } },
  [`${name}Policy`]: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [queueUrl(name)],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: '*',
          },
        ],
      },
    },
  },
})
const rule = (name: string, EventPattern: object, to: string): Resources => ({
  [name]: {
    Type: 'AWS::Events::Rule',
    Properties: { Name: name, EventBusName: 'Bus', EventPattern, Targets: [{ Id: 't', Arn: queueArn(to) }] },
  },
})
const stack = (archive: Input = {}): Resources => ({
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'Bus' } },
  Other: { Type: 'AWS::Events::EventBus', Properties: { Name: 'Other' } },
  ...queue('Q'),
  ...queue('P'),
  ...rule('R', { source: ['shop'] }, 'Q'),
  ...rule('S', { source: ['shop'], 'replay-name': [{ exists: true }] }, 'P'),
  A: {
    Type: 'AWS::Events::Archive',
    Properties: { ArchiveName: 'A', SourceArn: busArn, EventPattern: { source: ['shop'] }, ...archive },
  },
})

/** Events 0, 1 and 2 half a minute apart, then one that the archive does not take. */
const filled = async (archive: Input = {}, keepArchives = true): Promise<SmallWorld> => {
  const world = smallWorld(stack(archive), { keepArchives })
  for (const [n, Source] of ['shop', 'shop', 'shop', 'depot'].entries()) {
    const entry = { EventBusName: 'Bus', Source, DetailType: 'Made', Detail: JSON.stringify({ n }) }
    await world.call('events', 'PutEvents', { Entries: [entry] })
    await world.pass(30_000)
  }
  bodies(world, 'Q')
  return world
}
const order = (more: Input = {}): Input => ({
  ReplayName: 'again',
  EventSourceArn: archiveArn,
  EventStartTime: at(0),
  EventEndTime: at(10 * minute),
  Destination: { Arn: busArn },
  ...more,
})
const start = (world: SmallWorld, more: Input = {}) => world.call('events', 'StartReplay', order(more))
const describeReplay = async (world: SmallWorld, ReplayName = 'again') =>
  outputOf(await world.call('events', 'DescribeReplay', { ReplayName }))
const outputOf = (answer: Answer): Input => {
  if (!answer.ok) throw answer.error
  return answer.output as Input
}
const errorOf = (answer: Answer) =>
  answer.ok ? undefined : { name: answer.error.name, message: answer.error.message }
/** What lies in the queue, taken out of it. */
const bodies = (world: SmallWorld, name: string): readonly Input[] => {
  const messages = world.queues.receive(queueArn(name), 10, 'test')
  const handles = messages.map(({ receiptHandle }) => receiptHandle)
  world.queues.remove(queueArn(name), handles, 'test')
  return messages.map(({ body }) => JSON.parse(body) as Input)
}
const numbers = (events: readonly Input[]) =>
  events.map(({ detail }) => (detail as { readonly n: number }).n).sort()

describe('a replay', () => {
  it('gives what the archive took to the rules again, with its name in each event and nothing else changed', async () => {
    const world = await filled()
    expect(outputOf(await start(world))).toEqual({
      ReplayArn: `${prefix}:replay/again`,
      State: 'STARTING',
      ReplayStartTime: at(2 * minute),
    })
    await world.pass(10 * minute)
    const events = bodies(world, 'Q')
    expect(numbers(events)).toEqual([0, 1, 2])
    expect(events.find(({ detail }) => (detail as Input)['n'] === 1)).toMatchObject({
      time: '2026-01-05T00:00:30Z',
      source: 'shop',
      'replay-name': 'again',
    })
    expect(new Set(events.map(({ id }) => id)).size).toBe(3)
    expect(numbers(bodies(world, 'P'))).toEqual([0, 1, 2])
  })

  it('replays minute by minute, and tells how far it is', async () => {
    const world = await filled()
    await start(world)
    await world.pass(1000)
    expect(numbers(bodies(world, 'Q'))).toEqual([0, 1])
    const running = await describeReplay(world)
    expect(running).toMatchObject({
      ReplayName: 'again',
      State: 'RUNNING',
      EventSourceArn: archiveArn,
      Destination: { Arn: busArn },
      EventStartTime: at(0),
      EventEndTime: at(10 * minute),
      ReplayStartTime: at(2 * minute),
    })
    expect(running).not.toHaveProperty('ReplayEndTime')
    await world.pass(1000)
    expect(numbers(bodies(world, 'Q'))).toEqual([2])
    await world.pass(minute)
    expect(await describeReplay(world)).toMatchObject({
      State: 'COMPLETED',
      EventLastReplayedTime: at(minute),
      ReplayEndTime: expect.any(Date),
    })
  })

  it('is of the events of a window, both ends included', async () => {
    const world = await filled()
    await start(world, { EventStartTime: at(30_000), EventEndTime: at(60_000) })
    await world.pass(minute)
    expect(numbers(bodies(world, 'Q'))).toEqual([1, 2])
  })

  it('reaches only the rules that it names, and loses nothing that they do not match', async () => {
    const world = await filled()
    const lost = world.lost.length
    await start(world, { Destination: { Arn: busArn, FilterArns: [ruleArn('S')] } })
    await world.pass(minute)
    expect(bodies(world, 'Q')).toEqual([])
    expect(numbers(bodies(world, 'P'))).toEqual([0, 1, 2])
    expect(world.lost).toHaveLength(lost)
  })

  it('is billed by the event, and does not fill the archive again', async () => {
    const world = await filled()
    const archived = world.metered.length
    await start(world)
    await world.pass(minute)
    expect(world.metered.slice(archived)).toEqual(
      Array.from({ length: 3 }, () => ({ meter: 'events.replay', units: 1 })),
    )
    bodies(world, 'Q')
    await start(world, { ReplayName: 'once-more' })
    await world.pass(minute)
    expect(numbers(bodies(world, 'Q'))).toEqual([0, 1, 2])
  })

  it('ends when it is cancelled, and what is left stays in the archive', async () => {
    const world = await filled()
    await start(world)
    await world.pass(1000)
    const cancelled = await world.call('events', 'CancelReplay', { ReplayName: 'again' })
    expect(outputOf(cancelled)).toMatchObject({ State: 'CANCELLING' })
    await world.pass(minute)
    expect(numbers(bodies(world, 'Q'))).toEqual([0, 1])
    expect(await describeReplay(world)).toMatchObject({ State: 'CANCELLED', ReplayEndTime: at(122_000) })
  })

  it('finds nothing that is no longer retained', async () => {
    const world = await filled({ RetentionDays: 1 })
    await world.pass(24 * 60 * minute - 75_000)
    await start(world, { EventEndTime: at(100 * minute) })
    await world.pass(minute)
    expect(numbers(bodies(world, 'Q'))).toEqual([2])
  })

  it.each([
    {
      name: 'an archive that is not there',
      more: { EventSourceArn: `${archiveArn}2` },
      error: 'ResourceNotFoundException',
      says: 'Archive A2 does not exist.',
    },
    {
      name: 'another bus',
      more: { Destination: { Arn: `${prefix}:event-bus/Other` } },
      error: 'ValidationException',
      says: 'Cross event bus replay is not permitted.',
    },
    {
      name: 'no destination',
      more: { Destination: undefined },
      error: 'ValidationException',
      says: 'Destination.Arn is not valid',
    },
    {
      name: 'a rule that is not there',
      more: { Destination: { Arn: busArn, FilterArns: [ruleArn('X')] } },
      error: 'ResourceNotFoundException',
      says: 'does not exist.',
    },
    {
      name: 'a window that ends when it starts',
      more: { EventEndTime: at(0) },
      error: 'ValidationException',
      says: 'EventStartTime must be before EventEndTime.',
    },
    {
      name: 'no start',
      more: { EventStartTime: undefined },
      error: 'ValidationException',
      says: 'EventStartTime is a required argument.',
    },
    {
      name: 'a name of other characters',
      more: { ReplayName: 'a b' },
      error: 'ValidationException',
      says: "at 'replayName'",
    },
    {
      name: 'a long name',
      more: { ReplayName: 'a'.repeat(65) },
      error: 'ValidationException',
      says: "at 'replayName'",
    },
  ])('of $name is refused', async ({ more, error, says }) => {
    const world = await filled()
    const answer = errorOf(await start(world, more))
    expect(answer).toEqual({ name: error, message: expect.stringContaining(says) })
  })

  it('has a name of its own, also when it has ended', async () => {
    const world = await filled()
    await start(world)
    await world.pass(minute)
    expect(errorOf(await start(world))).toMatchObject({
      name: 'ResourceAlreadyExistsException',
      message: 'Replay again already exists.',
    })
  })

  it('is one of ten at most that are active', async () => {
    const world = await filled()
    for (let n = 0; n < 10; n += 1) outputOf(await start(world, { ReplayName: `r${n}` }))
    expect(errorOf(await start(world))).toMatchObject({ name: 'LimitExceededException' })
    await world.pass(minute)
    expect(errorOf(await start(world))).toBeUndefined()
  })

  it.each(['DescribeReplay', 'CancelReplay'])('that is not there is told by %s', async (action) => {
    const world = await filled()
    expect(errorOf(await world.call('events', action, { ReplayName: 'none' }))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Replay none does not exist.',
    })
  })

  it('that has ended cannot be cancelled', async () => {
    const world = await filled()
    await start(world)
    await world.pass(minute)
    expect(errorOf(await world.call('events', 'CancelReplay', { ReplayName: 'again' }))).toMatchObject({
      name: 'IllegalStatusException',
    })
  })

  it('is refused by name when the deployment does not keep archives', async () => {
    const world = await filled({}, false)
    await expect(start(world)).rejects.toThrow('the archive A keeps no events: deploy with keepArchives')
  })
})
