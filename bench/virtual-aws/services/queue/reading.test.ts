import { describe, expect, it } from 'vitest'
import { queueArn, type SmallWorld, smallStart, smallWorld } from '../small-world.ts'
import { fifo, one, outputOf, send, sendTo, take, withDlq } from './queue.testing.ts'

const reading = ({ queues }: SmallWorld, afterMs: number, name = 'Q') =>
  queues.watched(name).readingAt(smallStart + afterMs)

describe('a reading of a queue', () => {
  it('of an empty queue tells of nothing', () => {
    expect(reading(smallWorld(one()), 60_000)).toEqual({ visible: 0, oldestAgeMs: undefined, newest: 0 })
  })

  it('counts what lies in it, and how old the oldest is', async () => {
    const world = smallWorld(one())
    await send(world, 'a')
    await world.pass(20_000)
    await send(world, 'b')
    expect(reading(world, 60_000)).toEqual({ visible: 2, oldestAgeMs: 60_000, newest: 2 })
  })

  it.each([
    { name: 'until it is due', afterMs: 30_000, visible: 0 },
    { name: 'and is visible from just after that', afterMs: 30_001, visible: 1 },
  ])('sees what is delayed lie hidden $name', async ({ afterMs, visible }) => {
    const world = smallWorld(one())
    await send(world, 'a', { DelaySeconds: 30 })
    expect(reading(world, afterMs)).toMatchObject({ visible, oldestAgeMs: afterMs })
  })

  it('sees what is in flight come back by itself', async () => {
    const world = smallWorld(one({ VisibilityTimeout: 10 }))
    await send(world, 'a')
    take(world)
    expect([9_999, 10_001].map((afterMs) => reading(world, afterMs).visible)).toEqual([0, 1])
  })

  it.each([
    { name: 'still there just before', afterMs: 59_999, visible: 1 },
    { name: 'gone when it is', afterMs: 60_000, visible: 0 },
  ])('sees what is as old as its retention: $name', async ({ afterMs, visible }) => {
    const world = smallWorld(one({ MessageRetentionPeriod: 60 }))
    await send(world, 'a')
    expect(reading(world, afterMs).visible).toBe(visible)
  })

  it('leaves the queue as it is: what would have become visible or too old has not', async () => {
    const world = smallWorld(one({ MessageRetentionPeriod: 60 }))
    await send(world, 'a', { DelaySeconds: 10 })
    const { eventsRun } = world.kernel
    reading(world, 3_600_000)
    expect(world.lost).toEqual([])
    expect(world.queues.depths().get('Q')).toBe(1)
    expect(world.kernel.eventsRun).toBe(eventsRun)
  })

  it('gives the bodies of what came after another reading', async () => {
    const world = smallWorld(one())
    await send(world, 'a')
    const { newest } = reading(world, 0)
    await send(world, 'b')
    expect(world.queues.watched('Q').bodiesAfter(0)).toEqual(['a', 'b'])
    expect(world.queues.watched('Q').bodiesAfter(newest)).toEqual(['b'])
  })

  it('is refused of a queue that is not there', () => {
    expect(() => smallWorld(one()).queues.watched('Nope')).toThrow('The stack has no queue Nope')
  })
})

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html (read 2026-11-26)
describe('the age of the oldest message', () => {
  it.each([
    { times: 2, oldestAgeMs: 60_000 },
    { times: 3, oldestAgeMs: 50_000 },
    { times: 4, oldestAgeMs: 50_000 },
  ])('passes over a message received $times times, from three on', async ({ times, oldestAgeMs }) => {
    const world = smallWorld(one({ VisibilityTimeout: 10 }))
    await send(world, 'old')
    for (let time = 0; time < times; time += 1) {
      take(world)
      await world.pass(10_000)
      // It comes after the first one was received, and is taken by nobody.
      if (time === 0) await send(world, 'young', { DelaySeconds: 900 })
    }
    expect(reading(world, 60_000).oldestAgeMs).toBe(oldestAgeMs)
  })

  it('is none when all were received three times, though they are visible', async () => {
    const world = smallWorld(one({ VisibilityTimeout: 10 }))
    await send(world, 'a')
    for (let time = 0; time < 3; time += 1) {
      take(world)
      await world.pass(10_000)
    }
    expect(reading(world, 60_000)).toMatchObject({ visible: 1, oldestAgeMs: undefined })
  })

  it('passes over none in a FIFO queue', async () => {
    const world = smallWorld(fifo('Q', { VisibilityTimeout: 10 }))
    await sendTo(world, 'group', 'a')
    for (let time = 0; time < 3; time += 1) {
      world.queues.receive(queueArn('Q.fifo'), 10, 'mapping')
      await world.pass(10_000)
    }
    expect(reading(world, 60_000)).toMatchObject({ visible: 1, oldestAgeMs: 60_000 })
  })

  it('is counted in a dead-letter queue from the move, and the receives too', async () => {
    const world = smallWorld(withDlq(3))
    await send(world, 'a')
    for (let time = 0; time < 4; time += 1) {
      take(world)
      await world.pass(10_000)
    }
    expect(reading(world, 60_000, 'Q')).toMatchObject({ visible: 0, oldestAgeMs: undefined })
    // Moved by the fourth receive, at 30 s.
    expect(reading(world, 60_000, 'D')).toMatchObject({ visible: 1, oldestAgeMs: 30_000 })
  })

  it('begins anew when a dead letter is moved back', async () => {
    const world = smallWorld(withDlq(1))
    await send(world, 'a')
    take(world)
    await world.pass(10_000)
    take(world)
    outputOf(await world.call('sqs', 'StartMessageMoveTask', { SourceArn: queueArn('D') }))
    await world.pass(10_000)
    expect(reading(world, 60_000, 'D')).toEqual({ visible: 0, oldestAgeMs: undefined, newest: 0 })
    const { oldestAgeMs = 0 } = reading(world, 60_000, 'Q')
    expect(oldestAgeMs).toBeGreaterThan(49_000)
    expect(oldestAgeMs).toBeLessThan(50_001)
  })
})
