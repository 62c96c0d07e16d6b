import { describe, expect, it } from 'vitest'
import { type StackName, synth } from '../infra/synth.ts'
import { type Contestant, contestants } from './contestants.ts'
import { epochMs, runOrders } from './run.ts'
import { refusals } from './scenarios/refusals.ts'
import type { Fault } from './scenarios/scenario.ts'
import type { ApiCall, Observer } from './virtual-aws/observer.ts'
import { builtInWorkload } from './workload/built-in.ts'

const templates = synth()
const [tokens, direct, events] = contestants as readonly [Contestant, Contestant, Contestant]
const spell = { fromMs: 5_000, forMs: 10_000 }

/** What the operator does, and what quotas do, in a run of a few orders under one fault. */
const runUnder = async (contestant: Contestant, ...faults: readonly Fault[]) => {
  const calls: ApiCall[] = []
  const others: ApiCall[] = []
  const throttles = new Map<string, number[]>()
  const observer: Observer = {
    call: (call) => {
      if (call.by === 'operator') calls.push(call)
      else others.push(call)
    },
    throttled: ({ quota, atMs }) => {
      throttles.set(quota, [...(throttles.get(quota) ?? []), atMs - epochMs])
    },
  }
  await runOrders(
    {
      contestant,
      template: templates[contestant.stack as StackName],
      scenario: { ...refusals, faults },
      workload: builtInWorkload({ count: 60, ratePerSecond: 5, seed: 1 }),
      seed: 1,
      region: 'us-east-1',
    },
    { observers: [observer] },
  )
  const told = calls.map(({ action, input, startedMs }) => ({ action, input, atMs: startedMs - epochMs }))
  return { calls, others, told, throttles }
}

describe('what the operator does', () => {
  it.each([tokens, direct])(
    'shifts nothing of the flow of $id where the new definition does the same',
    async (contestant) => {
      const updated = await runUnder(contestant, { kind: 'definition-update', fromMs: 5_000 })
      expect(updated.calls).toHaveLength(2)
      expect(updated.others).toEqual((await runUnder(contestant)).others)
    },
  )
})

describe('a rule', () => {
  it('is disabled and enabled again, on its bus, at no cost', async () => {
    const { told, calls } = await runUnder(events, {
      kind: 'rule-disabled',
      step: 'ProcessPayment',
      ...spell,
    })
    const input = { Name: 'PaymentOnInventoryReserved', EventBusName: expect.stringContaining('Bus') }
    expect(told).toEqual([
      { action: 'DisableRule', input, atMs: 5_000 },
      { action: 'EnableRule', input, atMs: 15_000 },
    ])
    expect(calls.map(({ meter, error }) => [meter, error])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ])
  })

  it('gets a wrong pattern, and that of the template again', async () => {
    const { told } = await runUnder(events, { kind: 'wrong-pattern', step: 'ReleaseInventory', ...spell })
    const patterns = told.map(({ input }) => (input as { EventPattern: string }).EventPattern)
    expect(told.map(({ action }) => action)).toEqual(new Array(4).fill('PutRule'))
    expect(patterns.slice(0, 2)).toEqual(new Array(2).fill('{"source":["nobody"]}'))
    expect(
      patterns.slice(2).map((text) => (JSON.parse(text) as { 'detail-type': unknown })['detail-type']),
    ).toEqual(expect.arrayContaining([['PaymentRefunded'], ['PaymentDeclined']]))
  })

  it('is nothing that a conductor has', async () => {
    for (const contestant of [tokens, direct])
      expect(
        (await runUnder(contestant, { kind: 'rule-disabled', step: 'ProcessPayment', ...spell })).told,
      ).toEqual([])
  })
})

describe('the queues of a service', () => {
  const fault: Fault = {
    kind: 'queue-changed',
    service: 'payment',
    setting: 'VisibilityTimeout',
    seconds: 1,
    ...spell,
  }

  it('get another setting, and that of the template again', async () => {
    for (const contestant of [tokens, events]) {
      const { told } = await runUnder(contestant, fault)
      const settings = told.map(({ input }) => (input as { Attributes: unknown }).Attributes)
      expect(settings).toEqual([
        { VisibilityTimeout: '1' },
        { VisibilityTimeout: '1' },
        { VisibilityTimeout: '60' },
        { VisibilityTimeout: '60' },
      ])
    }
  })

  it('are none where functions are invoked directly', async () => {
    expect((await runUnder(direct, fault)).told).toEqual([])
  })
})

describe('the definition of a state machine', () => {
  it('is replaced by one that says the same but for its comment', async () => {
    const { told } = await runUnder(tokens, { kind: 'definition-update', fromMs: 5_000 })
    expect(told.map(({ action }) => action)).toEqual(['DescribeStateMachine', 'UpdateStateMachine'])
    const definitions = told.flatMap(({ input }) => Reflect.get(input as object, 'definition') ?? [])
    expect(definitions.map((text) => JSON.parse(String(text)) as object)).toMatchObject([
      { Comment: 'Deployed again.', StartAt: 'CreateOrder' },
    ])
    expect((await runUnder(events, { kind: 'definition-update', fromMs: 5_000 })).told).toEqual([])
  })
})

describe('neighbours in the account', () => {
  it.each([
    { contestant: tokens, quota: 'states.StateTransition' },
    { contestant: direct, quota: 'states.StateTransition' },
    { contestant: events, quota: 'events.Invocations' },
  ])('leave little of what coordinates, for a while: $quota', async ({ contestant, quota }) => {
    const { throttles } = await runUnder(contestant, {
      kind: 'coordination-throttled',
      perSecond: 2,
      ...spell,
    })
    expect([...throttles.keys()]).toEqual([quota])
    const times = throttles.get(quota) ?? []
    expect(times.length).toBeGreaterThan(10)
    expect(times.every((atMs) => atMs >= 5_000 && atMs < 15_000)).toBe(true)
  })

  it.each([tokens, direct, events])('leave $id no function to run, for a while', async (contestant) => {
    const { throttles } = await runUnder(contestant, {
      kind: 'concurrency-taken',
      executions: 1_000,
      ...spell,
    })
    const times = throttles.get('lambda.ConcurrentExecutions') ?? []
    expect(times.length).toBeGreaterThan(10)
    expect(times.every((atMs) => atMs >= 5_000 && atMs < 15_000)).toBe(true)
  })
})
