import { describe, expect, it } from 'vitest'
import type { TimelineEntry } from '../results.ts'
import type { EntryContext, TraceEntry } from '../trace.ts'
import { clock, duration } from './clock.ts'
import { shortened, timelineOf } from './timeline.ts'

const template = {
  Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: 30 } } },
}

const did = (
  startedMs: number,
  what: string,
  context: EntryContext = {},
  more: Partial<TraceEntry> = {},
): TraceEntry => ({
  startedMs,
  endedMs: startedMs,
  by: 'F',
  what,
  detail: '',
  billed: '',
  error: undefined,
  context,
  ...more,
})
const told = (entries: readonly TraceEntry[]): readonly string[] =>
  timelineOf({ entries, intendedMs: 0, template }).map(({ what, detail, times }) =>
    [times === undefined ? '' : `${times}×`, what, detail].filter(Boolean).join(' '),
  )

const m = { about: ['m'], received: ['m'] }

describe('a wait', () => {
  it.each([
    {
      name: 'for the visibility timeout of the template',
      atMs: 30_205,
      says: 'Q gives the message again after its visibility timeout of 30 s',
    },
    { name: 'of another length than the template says', atMs: 20_000, says: 'the message comes back to Q' },
    { name: 'that a poller alone does not explain', atMs: 32_000, says: 'the message comes back to Q' },
  ])('$name', ({ atMs, says }) => {
    expect(
      told([
        did(0, 'sqs:SendMessage Q', m),
        did(5, 'sqs:ReceiveMessage Q', m),
        did(atMs, 'sqs:ReceiveMessage Q', m),
      ]),
    ).toEqual(['sqs:SendMessage Q', 'sqs:ReceiveMessage Q', `wait ${says}`, 'sqs:ReceiveMessage Q'])
  })

  it('for a message is not for one of the same envelope that was deleted', () => {
    const [first, second] = ['1', '2'].map((id) => ({ about: ['m'], queued: [id] }))
    expect(
      told([
        did(0, 'sqs:SendMessage Q', first),
        did(0, 'sqs:SendMessage Q', second),
        did(5, 'sqs:ReceiveMessage Q', first),
        did(9, 'sqs:DeleteMessageBatch Q', first),
        did(30_005, 'sqs:ReceiveMessage Q', second),
      ]),
    ).toContain('wait a message lies in Q')
  })

  it('that a reader asked for is told as that', () => {
    const lines = told([
      did(0, 'sqs:ReceiveMessage Q', m),
      did(5, 'sqs:ChangeMessageVisibility Q', { ...m, againSeconds: 8 }),
      did(8_100, 'sqs:ReceiveMessage Q', m),
    ])
    expect(lines).toContain('wait Q gives the message again after 8 s, as its reader asked')
  })

  it('of less than a second is none', () => {
    expect(told([did(0, 'a:b C'), did(999, 'a:d E')])).toEqual(['a:b C', 'a:d E'])
  })

  it('of which nothing is known is nothing that happens', () => {
    expect(told([did(0, 'a:b C'), did(1_000, 'a:d E')])[1]).toBe('wait nothing happens')
  })

  it('is over for a task token when it was answered', () => {
    const asks = did(0, 'sqs:SendMessage Q', { ...m, asks: true }, { by: 'Machine', detail: 'Pay' })
    const next = did(9_000, 'states:transition Next', {}, { by: 'Machine' })
    expect(told([asks, next])[1]).toBe('wait Machine gets no answer to its task token of Pay')
    expect(told([asks, did(10, 'states:SendTaskSuccess Machine', m), next])[2]).toBe('wait nothing happens')
  })

  it('for a rule is told when the bus has had the event for a second', () => {
    const put = did(0, 'events:PutEvents Bus', { about: ['e'] })
    const send = (atMs: number) => did(atMs, 'sqs:SendMessage Q', { about: ['e'] }, { by: 'Rule' })
    expect(told([put, send(60_000)])[1]).toBe('wait Bus has the event, Rule not yet')
    const refused = { ...send(10), error: 'AccessDenied' }
    expect(told([put, refused, send(60_000)])[2]).toBe('wait Rule tries again')
  })
})

describe('what repeats', () => {
  const receives = (count: number, id: string, everyMs = 30_000): readonly TraceEntry[] =>
    Array.from({ length: count }, (_, index) =>
      did(
        index * everyMs,
        'sqs:ReceiveMessage Q',
        { about: ['m'], received: [id] },
        index === 0 ? {} : { detail: `receive ${index + 1}` },
      ),
    )

  it('is told once from four times on, with when the last one began', () => {
    expect(timelineOf({ entries: receives(4, 'a'), intendedMs: 0, template })).toEqual([
      expect.objectContaining({
        times: 4,
        atMs: 0,
        untilMs: 90_000,
        detail: 'Q gives the message again after its visibility timeout of 30 s',
      }),
    ])
    expect(told(receives(3, 'a'))).toHaveLength(5)
  })

  it('is of one sending: another one of the same message is told apart', () => {
    const again = receives(4, 'b').map((entry) => ({
      ...entry,
      startedMs: entry.startedMs + 500_000,
      endedMs: entry.endedMs + 500_000,
    }))
    expect(told([...receives(4, 'a'), ...again]).filter((line) => line.startsWith('4×'))).toHaveLength(2)
  })

  it('is not what ended otherwise', () => {
    const entries = [1, 2, 3, 4].map((index) =>
      did(index, 'lambda:invocation crashed', m, { error: 'crashed', endedMs: index }),
    )
    const last = did(5, 'lambda:invocation returned', m)
    expect(told([...entries, last])).toEqual(['4× lambda:invocation crashed', 'lambda:invocation returned'])
  })
})

describe('a timeline that is shortened', () => {
  const entries = (count: number): readonly TimelineEntry[] =>
    Array.from({ length: count }, (_, index) => ({
      atMs: index,
      tookMs: 0,
      by: '',
      what: '',
      detail: String(index),
      billed: '',
    }))

  it.each([
    { count: 60, length: 60, left: undefined },
    { count: 61, length: 60, left: '2 entries' },
    { count: 300, length: 60, left: '241 entries' },
  ])('of $count entries has $length', ({ count, length, left }) => {
    const short = shortened(entries(count))
    expect(short).toHaveLength(length)
    expect(short.find(({ what }) => what === 'left out')?.detail).toEqual(
      left === undefined ? undefined : expect.stringContaining(left),
    )
    expect(short.at(-1)?.detail).toBe(String(count - 1))
  })
})

describe('a timeline that is too long because of what is routine', () => {
  it('is told without it, and says so', () => {
    const entry = (atMs: number, what: string, more: Partial<TimelineEntry> = {}): TimelineEntry => ({
      atMs,
      tookMs: 0,
      by: 'F',
      what,
      detail: '',
      billed: '',
      ...more,
    })
    const entries = Array.from({ length: 30 }, (_, index) => [
      entry(index * 10, 'events:PutEvents Bus'),
      entry(index * 10 + 5, 'dynamodb:GetItem T'),
      entry(index * 10 + 8, 'sqs:DeleteMessageBatch Q', index === 7 ? { error: 'InternalError' } : {}),
    ]).flat()
    const short = shortened(entries)
    expect(short.map(({ what }) => what)).toEqual([
      'events:PutEvents Bus',
      'left out',
      ...Array.from({ length: 29 }, (_, index) =>
        index === 7 ? ['sqs:DeleteMessageBatch Q', 'events:PutEvents Bus'] : ['events:PutEvents Bus'],
      ).flat(),
    ])
    expect(short[1]?.detail).toBe('59 reads and deletions, here and below')
  })
})

describe('times', () => {
  it.each([
    { ms: 0, says: '0.000 s' },
    { ms: 59_999.4, says: '59.999 s' },
    { ms: 59_999.5, says: '1 min 00.000 s' },
    { ms: 43_201_055.3, says: '12 h 00 min 01.055 s' },
    { ms: -250, says: '−0.250 s' },
  ])('of $ms ms read $says', ({ ms, says }) => {
    expect(clock(ms)).toBe(says)
  })

  it('that a call takes are milliseconds up to a minute', () => {
    expect([duration(3.6), duration(1_250), duration(61_000)]).toEqual([
      '3.6 ms',
      '1,250.0 ms',
      '1 min 01.000 s',
    ])
  })
})
