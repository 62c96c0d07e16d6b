import { describe, expect, it } from 'vitest'
import type { ApiCall } from '../virtual-aws/observer.ts'
import { compilePattern } from '../virtual-aws/services/event-bus/pattern/pattern.ts'
import { createLostEvents } from './lost-events.ts'

const rule = (id: string, eventPattern: object, bus = 'Bus', targets: readonly string[] = ['Queue']) => ({
  id,
  bus,
  targets,
  name: id,
  eventPattern,
  pattern: compilePattern(eventPattern),
})

const call = (given: Partial<ApiCall>): ApiCall => ({
  service: 'events',
  action: 'PutEvents',
  by: 'Function',
  resource: 'Bus',
  input: {},
  output: {},
  startedMs: 0,
  endedMs: 1,
  error: undefined,
  meter: undefined,
  units: 0,
  ...given,
})

const put = (eventId: string, type: string, startedMs: number, detail = '{}'): ApiCall =>
  call({
    input: { Entries: [{ Source: 'order', DetailType: type, Detail: detail }] },
    output: { Entries: [{ EventId: eventId }] },
    startedMs,
  })

const text = (eventId: string): string =>
  `{"version":"0","id":"${eventId}","detail-type":"Made","time":"1970-01-01T00:00:09Z"}`

const sent = (by: string, eventId: string, resource = 'Queue'): ApiCall =>
  call({ service: 'sqs', action: 'SendMessage', by, resource, input: { MessageBody: text(eventId) } })

describe('events that are missing', () => {
  const rules = [rule('Made', { 'detail-type': ['Made'] }), rule('Every', { source: ['order'] })]

  it('are those that a rule was to hear and did not hand on, though another rule did', () => {
    const { observer, missing } = createLostEvents(rules)
    for (const each of [put('a', 'Made', 5), put('b', 'Made', 7), sent('Every', 'a'), sent('Every', 'b')])
      observer.call?.(each)
    expect(missing()).toEqual([{ resource: 'Made', bus: 'Bus', events: 2, fromMs: 5, toMs: 7 }])
  })

  it('are found in the end, were it in a dead-letter queue', () => {
    const { observer, missing } = createLostEvents(rules)
    observer.call?.(put('a', 'Made', 5))
    observer.call?.(sent('Made', 'a', 'DeadLetters'))
    observer.call?.(sent('Every', 'a'))
    expect(missing()).toEqual([])
  })

  it('are not those that no declared rule wants, nor those that the bus refused', () => {
    const { observer, missing } = createLostEvents([rule('Made', { 'detail-type': ['Made'] })])
    observer.call?.(put('a', 'Other', 5))
    observer.call?.(call({ ...put('b', 'Made', 5), output: { Entries: [{ ErrorCode: 'InternalFailure' }] } }))
    observer.call?.(call({ ...put('c', 'Made', 5), error: 'ThrottlingException' }))
    expect(missing()).toEqual([])
  })

  it('are told by what they say, where a rule looks at that', () => {
    const { observer, missing } = createLostEvents([
      rule('Dear', { detail: { amount: [{ numeric: ['>', 9] }] } }),
    ])
    observer.call?.(put('a', 'Made', 5, '{"amount":10}'))
    observer.call?.(put('b', 'Made', 6, '{"amount":9}'))
    expect(missing()).toMatchObject([{ resource: 'Dear', events: 1, fromMs: 5, toMs: 5 }])
  })

  it.each(['expired', 'dropped'] as const)(
    'are those that %s in a queue, until they come to it again',
    (how) => {
      const { observer, missing } = createLostEvents(rules)
      observer.lost?.({ how, resource: 'Queue', body: text('a'), atMs: 99, reason: 'retention' })
      expect(missing()).toEqual([{ resource: 'Queue', bus: 'Bus', events: 1, fromMs: 9_000, toMs: 9_000 }])
      observer.call?.(sent('Made', 'a'))
      expect(missing()).toEqual([])
    },
  )

  it('are of the bus whose rule feeds the queue in which they expired', () => {
    const other = rule('Other', { source: ['order'] }, 'OtherBus', ['OtherQueue'])
    const { observer, missing } = createLostEvents([...rules, other])
    const body = text('a')
    observer.lost?.({ how: 'expired', resource: 'OtherQueue', body, atMs: 99, reason: 'retention' })
    expect(missing()).toMatchObject([{ resource: 'OtherQueue', bus: 'OtherBus' }])
  })
})
