import { describe, expect, it } from 'vitest'
import { crash } from './crash.ts'
import { duplicates } from './duplicates.ts'
import { faultHooks } from './faults.ts'
import type { Fault } from './scenario.ts'
import type { Site } from './site.ts'
import { steady } from './steady.ts'

const envelope = (orderId: string, type = 'ReserveInventory') => ({
  specversion: '1.0',
  id: `${orderId}/${type}`,
  type,
  subject: orderId,
  data: {},
})
const record = (body: object, receive = 1) => ({
  messageId: 'm',
  body: JSON.stringify(body),
  attributes: { ApproximateReceiveCount: String(receive) },
})
/** What the worker of a queue is given: a command with the token of its task. */
const commanded = (orderId: string, { receive = 1, attempt = 1 } = {}) => ({
  Records: [record({ taskToken: `token of ${orderId}`, attempt, command: envelope(orderId) }, receive)],
})
/** What a reaction is given: an event of the bus in a queue. */
const told = (orderId: string, receive = 1) => ({
  Records: [
    record(
      { version: '0', 'detail-type': 'OrderCreated', detail: envelope(orderId, 'OrderCreated') },
      receive,
    ),
  ],
})
/** What the front door of choreography gives: the command alone. */
const atTheDoor = (orderId: string) => ({ Records: [record(envelope(orderId, 'CreateOrder'))] })
/** What a directly invoked function is given. */
const invoked = (orderId: string, attempt = 1) => ({ command: envelope(orderId), attempt })

const functionId = 'ReserveInventoryFunction'
const atMs = 0
const site: Site = {
  startMs: 0,
  functions: { ReserveInventoryFunction: 'inventory' },
  steps: { ReserveInventoryFunction: 'ReserveInventory' },
}
const answer = (event: object, orderId: string, action = 'SendTaskSuccess') => ({
  functionId,
  service: 'states',
  action,
  input: { taskToken: `token of ${orderId}`, output: '{}' },
  event,
  atMs,
})
const publication = (event: object, orderId: string) => ({
  functionId,
  service: 'events',
  action: 'PutEvents',
  input: { Entries: [{ Detail: JSON.stringify(envelope(orderId, 'InventoryReserved')) }] },
  event,
  atMs,
})
const save = (event: object) => ({
  functionId,
  service: 'dynamodb',
  action: 'PutItem',
  input: {},
  event,
  atMs,
})

const crashing = (at: 'before-answer' | 'after-answer' | 'before-return', probability: number) =>
  faultHooks({ faults: [{ kind: 'crash', at, probability }] }, 1, site)
const orders = Array.from({ length: 10_000 }, (_, index) => `order-${index}`)
const share = (isHit: (orderId: string) => boolean) => orders.filter(isHit).length / orders.length

describe('a scenario without faults', () => {
  it('has no hooks, so that they cost nothing', () => {
    expect(faultHooks(steady, 1, site)).toEqual({})
  })

  it('has none for an outage either, which belongs to the provider', () => {
    const outage: Fault = { kind: 'provider-outage', provider: 'carrier', fromMs: 0, forMs: 1 }
    expect(faultHooks({ faults: [outage] }, 1, site)).toEqual({})
  })
})

describe('a crash before the answer', () => {
  const always = crashing('before-answer', 1)

  it.each([
    { name: 'answers its task with success', call: answer(commanded('a'), 'a') },
    { name: 'answers its task with a failure', call: answer(commanded('a'), 'a', 'SendTaskFailure') },
    { name: 'publishes what it heard', call: publication(told('a'), 'a') },
    { name: 'publishes at the front door', call: publication(atTheDoor('a'), 'a') },
    { name: 'publishes as a worker', call: publication(commanded('a'), 'a') },
    { name: 'publishes when invoked directly', call: publication(invoked('a'), 'a') },
  ])('kills a handler that $name', ({ call }) => {
    expect(always.beforeCall?.(call)).toBe('crash')
    expect(always.afterCall?.(call)).toBeUndefined()
  })

  it('lets it save first, and read, and send what is no answer', () => {
    expect(always.beforeCall?.(save(commanded('a')))).toBeUndefined()
    expect(always.beforeCall?.({ ...save(told('a')), service: 'sqs', action: 'SendMessage' })).toBeUndefined()
  })

  it('strikes before the return where the return is the answer, and only there', () => {
    expect(always.beforeReturn?.({ functionId, event: invoked('a') })).toBe('crash')
    expect(always.beforeReturn?.({ functionId, event: commanded('a') })).toBeUndefined()
  })

  it('strikes the same message at its publication and at its return alike, so once a receive', () => {
    const hooks = crashing('before-answer', 0.5)
    for (const orderId of orders.slice(0, 200)) {
      const event = invoked(orderId)
      expect(hooks.beforeReturn?.({ functionId, event })).toBe(
        hooks.beforeCall?.(publication(event, orderId)),
      )
    }
  })

  it('leaves alone what is about no order', () => {
    for (const event of [
      { Records: [record({ hello: 1 })] },
      { Records: [{ body: 'no JSON' }] },
      'text',
      null,
    ]) {
      expect(always.beforeReturn?.({ functionId, event })).toBeUndefined()
      expect(always.beforeCall?.({ ...publication({}, 'a'), event })).toBeUndefined()
    }
  })
})

describe('a crash after the answer', () => {
  it('kills a handler whose answer took effect, before it hears of it', () => {
    const always = crashing('after-answer', 1)
    expect(always.afterCall?.(answer(commanded('a'), 'a'))).toBe('crash')
    expect(always.beforeCall?.(answer(commanded('a'), 'a'))).toBeUndefined()
    expect(always.beforeReturn?.({ functionId, event: commanded('a') })).toBeUndefined()
  })
})

describe('a crash before the return', () => {
  it.each([
    { name: 'commanded', event: commanded('a') },
    { name: 'told', event: told('a') },
    { name: 'invoked', event: invoked('a') },
  ])('kills a handler that was $name', ({ event }) => {
    expect(crashing('before-return', 1).beforeReturn?.({ functionId, event })).toBe('crash')
  })

  it('kills a batch by the fate of its first message, so that large batches die no more often', () => {
    const hooks = crashing('before-return', 0.1)
    const isFated = (event: object) => hooks.beforeReturn?.({ functionId, event }) === 'crash'
    const fated = orders.find((orderId) => isFated(told(orderId))) ?? ''
    const spared = orders.find((orderId) => !isFated(told(orderId))) ?? ''
    const [living, dying] = [told(spared), told(fated)].map(({ Records }) => Records[0])
    expect(isFated({ Records: [living, dying] })).toBe(false)
    expect(isFated({ Records: [dying, living] })).toBe(true)
  })
})

describe('the fate of a message', () => {
  const hooks = faultHooks(crash, 1, site)
  const dies = (orderId: string, count: { receive?: number; attempt?: number } = {}, of = hooks) =>
    of.beforeCall?.(answer(commanded(orderId, count), orderId)) === 'crash'

  it('is to crash as often as stated', () => {
    expect(share((orderId) => dies(orderId))).toBeCloseTo(0.1, 1)
    expect(Math.abs(share((orderId) => dies(orderId)) - 0.1)).toBeLessThan(0.01)
  })

  it('is the same whenever it is asked for, and another with another seed', () => {
    const other = faultHooks(crash, 2, site)
    expect(orders.map((orderId) => dies(orderId))).toEqual(orders.map((orderId) => dies(orderId)))
    expect(orders.some((orderId) => dies(orderId) !== dies(orderId, {}, other))).toBe(true)
  })

  it('is another at each receive and each attempt, so that every message comes through', () => {
    expect(share((orderId) => dies(orderId) && dies(orderId, { receive: 2 }))).toBeLessThan(0.02)
    expect(share((orderId) => dies(orderId) && dies(orderId, { attempt: 2 }))).toBeLessThan(0.02)
    expect(share((orderId) => dies(orderId, { receive: 100 }))).toBeGreaterThan(0.08)
  })

  it('in a batch is that of its first message, whichever is answered first', () => {
    const [a, b] = ['a', 'b'].map((orderId) => commanded(orderId).Records[0])
    const batch = { Records: [a, b] }
    for (const seed of orders.keys()) {
      if (seed > 100) break
      const of = faultHooks(crash, seed, site)
      expect(of.beforeCall?.(answer(batch, 'b'))).toBe(of.beforeCall?.(answer(commanded('a'), 'a')))
    }
  })
})

describe('a duplicate', () => {
  const hooks = faultHooks(duplicates, 1, site)
  const copies = (orderId: string, resource = 'ReserveInventoryQueue', of = hooks) =>
    of.copies?.({ resource, body: JSON.stringify({ taskToken: 't', command: envelope(orderId) }) }) ?? []

  it('is made of one message in ten', () => {
    expect(Math.abs(share((orderId) => copies(orderId).length === 1) - 0.1)).toBeLessThan(0.01)
  })

  it('comes between 1 s and 15 min later, anywhere in between', () => {
    const delays = orders.flatMap((orderId) => copies(orderId)).toSorted((a, b) => a - b)
    expect(delays[0]).toBeGreaterThanOrEqual(1_000)
    expect(delays[0]).toBeLessThan(10_000)
    expect(delays.at(-1)).toBeLessThanOrEqual(900_000)
    expect(delays.at(-1)).toBeGreaterThan(890_000)
  })

  it('is decided for each queue and rule apart, and the same whenever it is asked for', () => {
    const here = orders.map((orderId) => copies(orderId))
    expect(orders.map((orderId) => copies(orderId))).toEqual(here)
    expect(orders.map((orderId) => copies(orderId, 'InventoryOnOrderCreatedRule'))).not.toEqual(here)
    expect(orders.map((orderId) => copies(orderId, undefined, faultHooks(duplicates, 2, site)))).not.toEqual(
      here,
    )
  })

  it('is made of events as of commands, parsed or not', () => {
    const resource = 'InventoryOnOrderCreatedQueue'
    const isCopied = (body: unknown) => hooks.copies?.({ resource, body })?.length === 1
    const event = (orderId: string) => ({ detail: envelope(orderId, 'OrderCreated') })
    expect(share((orderId) => isCopied(event(orderId)))).toBeGreaterThan(0.08)
    for (const orderId of orders.slice(0, 100)) {
      expect(isCopied(JSON.stringify(event(orderId)))).toBe(isCopied(event(orderId)))
    }
  })

  it.each([
    { at: 'queue', copied: ['InventoryOnOrderCreatedQueue'] },
    { at: 'rule', copied: ['InventoryOnOrderCreatedRule'] },
  ] as const)('at a $at is made by $copied alone', ({ at, copied }) => {
    const always = faultHooks(
      { faults: [{ kind: 'duplicate', at, probability: 1, delayMs: [1, 2] }] },
      1,
      site,
    )
    const body = { detail: envelope('order-1', 'OrderCreated') }
    const resources = ['InventoryOnOrderCreatedQueue', 'InventoryOnOrderCreatedRule']
    expect(resources.filter((resource) => always.copies?.({ resource, body })?.length === 1)).toEqual(copied)
  })

  it('is not made of what is about no order', () => {
    const always = faultHooks(
      { faults: [{ kind: 'duplicate', at: 'queue', probability: 1, delayMs: [1, 2] }] },
      1,
      site,
    )
    expect(always.copies?.({ resource: 'q', body: 'no JSON' })).toEqual([])
    expect(always.copies?.({ resource: 'q', body: { hello: 1 } })).toEqual([])
  })
})

describe('a crash or a hang before the effect', () => {
  it.each([
    { kind: 'crash', struck: 'crash' },
    { kind: 'hang', struck: 'hang' },
  ] as const)('strikes as the handler starts, by the $kind of its first message', ({ kind, struck }) => {
    const hooks = faultHooks({ faults: [{ kind, at: 'before-effect', probability: 0.1 }] }, 1, site)
    const fate = (event: object) => hooks.beforeStart?.({ functionId, event, atMs })
    expect(share((orderId) => fate(commanded(orderId)) === struck)).toBeCloseTo(0.1, 1)
    expect(share((orderId) => fate(invoked(orderId)) === struck)).toBeCloseTo(0.1, 1)
    const [doomed] = orders.filter((orderId) => fate(commanded(orderId)) === struck)
    const receives = [1, 2, 3, 4, 5, 6].map((receive) => fate(commanded(String(doomed), { receive })))
    expect(receives).toContain(undefined)
    expect(fate({ Records: [record({ hello: 1 })] })).toBeUndefined()
  })

  it('leaves the other points alone', () => {
    const hooks = faultHooks({ faults: [{ kind: 'hang', at: 'before-effect', probability: 1 }] }, 1, site)
    expect(Object.keys(hooks)).toEqual(['beforeStart'])
  })
})

describe('a hang before the answer', () => {
  it('strikes the call that answers, and no other', () => {
    const hooks = faultHooks({ faults: [{ kind: 'hang', at: 'before-answer', probability: 1 }] }, 1, site)
    expect(hooks.beforeCall?.(answer(commanded('a'), 'a'))).toBe('hang')
    expect(hooks.beforeCall?.(save(commanded('a')))).toBeUndefined()
  })
})

const spell = { fromMs: 1_000, forMs: 500 }
const later: Site = { ...site, startMs: 10_000 }
/** Before, at both ends, and after a spell of a run that began at 10 s. */
const around = [10_999, 11_000, 11_499, 11_500]

describe('a service that is down', () => {
  const hooks = faultHooks({ faults: [{ kind: 'service-outage', service: 'inventory', ...spell }] }, 1, later)
  it('loses every handler as it starts, as long as it is', () => {
    const fates = around.map((at) => hooks.beforeStart?.({ functionId, event: {}, atMs: at }))
    expect(fates).toEqual([undefined, 'crash', 'crash', undefined])
  })
  it('may be so in one step alone', () => {
    const fateOf = (step: 'ReserveInventory' | 'ReleaseInventory') =>
      faultHooks(
        { faults: [{ kind: 'service-outage', service: 'inventory', step, ...spell }] },
        1,
        later,
      ).beforeStart?.({ functionId, event: {}, atMs: 11_000 })
    expect([fateOf('ReserveInventory'), fateOf('ReleaseInventory')]).toEqual(['crash', undefined])
  })
  it('takes no other with it', () => {
    expect(
      hooks.beforeStart?.({ functionId: 'ProcessPaymentFunction', event: {}, atMs: 11_000 }),
    ).toBeUndefined()
  })
})

describe('a delivery that is late', () => {
  const body = JSON.stringify(envelope('order-1'))
  const held = (fault: Partial<Extract<Fault, { kind: 'delay' }>>, resource: string) =>
    faultHooks(
      { faults: [{ kind: 'delay', at: 'queue', probability: 1, delayMs: [5, 10], ...fault }] },
      1,
      site,
    ).held?.({ resource, body, atMs })

  it.each([
    { name: 'in every queue', fault: {}, resource: 'AnyQueue', isLate: true },
    { name: 'not at a rule', fault: {}, resource: 'AnyRule', isLate: false },
    { name: 'at a rule', fault: { at: 'rule' }, resource: 'AnyRule', isLate: true },
    {
      name: 'in the queue of its step',
      fault: { step: 'ReserveInventory' },
      resource: 'ReserveInventoryQueue',
      isLate: true,
    },
    {
      name: 'in no other',
      fault: { step: 'ProcessPayment' },
      resource: 'ReserveInventoryQueue',
      isLate: false,
    },
    { name: 'never', fault: { probability: 0 }, resource: 'AnyQueue', isLate: false },
  ] as const)('is so $name', ({ fault, resource, isLate }) => {
    const ms = held(fault, resource) ?? 0
    if (isLate) expect(ms >= 5 && ms < 10).toBe(true)
    else expect(ms).toBe(0)
  })

  it('is late by the sum of two faults', () => {
    const twice = faultHooks(
      {
        faults: [
          { kind: 'delay', at: 'rule', probability: 1, delayMs: [100, 100] },
          { kind: 'delay', at: 'rule', probability: 1, delayMs: [30, 30] },
        ],
      },
      1,
      later,
    )
    expect(twice.held?.({ resource: 'AnyRule', body, atMs })).toBe(130)
  })
})

describe('a bus that stands still', () => {
  it('does so until the spell is over, and until the longer of two is', () => {
    const still = (faults: readonly Fault[]) => {
      const hooks = faultHooks({ faults }, 1, later)
      return around.map((ms) => hooks.stalled?.({ resource: 'AnyRule', atMs: ms }))
    }
    const stall = { kind: 'bus-stall', ...spell } as const
    expect(still([stall])).toEqual([0, 500, 1, 0])
    expect(still([stall, { ...stall, forMs: spell.forMs + 200 }])).toEqual([0, 700, 201, 200])
  })
})

describe('a poison message', () => {
  const hooks = faultHooks(
    { faults: [{ kind: 'poison', step: 'ReserveInventory', probability: 0.1 }] },
    1,
    site,
  )
  const told = (orderId: string, resource = 'ReserveInventoryQueue', attempt = 1) =>
    hooks.rewritten?.({
      resource,
      body: JSON.stringify({ attempt, command: envelope(orderId) }),
      atMs,
    })

  it('is JSON and no message, and stays so however often it is sent', () => {
    expect(share((orderId) => told(orderId) !== undefined)).toBeCloseTo(0.1, 1)
    for (const orderId of orders.slice(0, 200)) {
      expect(told(orderId, 'ReserveInventoryQueue', 7)).toBe(told(orderId))
      expect(JSON.parse(told(orderId) ?? '""')).toBeTypeOf('string')
    }
  })

  it('is one for its step alone, and not for what is about no order', () => {
    expect(share((orderId) => told(orderId, 'ProcessPaymentQueue') !== undefined)).toBe(0)
    expect(hooks.rewritten?.({ resource: 'ReserveInventoryQueue', body: '{}', atMs })).toBeUndefined()
  })
})

describe('a schema that changes', () => {
  const sent = (ms: number) =>
    JSON.stringify({
      ...envelope('a'),
      time: new Date(ms).toISOString(),
      dataschema: 'ReserveInventory/1',
    })
  const readable = (producer: 'ahead' | 'behind', sentMs: number, ms: number) =>
    faultHooks(
      { faults: [{ kind: 'schema', step: 'ReserveInventory', producer, ...spell }] },
      1,
      later,
    ).rewritten?.({ resource: 'ReserveInventoryQueue', body: sent(sentMs), atMs: ms }) === undefined

  it.each([
    { name: 'sent before, is read', sentMs: 10_999, ms: 11_000, ahead: true, behind: true },
    { name: 'sent and received meanwhile, is not', sentMs: 11_000, ms: 11_499, ahead: false, behind: false },
    { name: 'sent meanwhile and received after', sentMs: 11_000, ms: 11_500, ahead: true, behind: false },
    { name: 'sent after it, is read', sentMs: 11_500, ms: 11_500, ahead: true, behind: true },
  ])('a message, $name', ({ sentMs, ms, ahead, behind }) => {
    expect([readable('ahead', sentMs, ms), readable('behind', sentMs, ms)]).toEqual([ahead, behind])
  })
})

describe('a call that is refused', () => {
  const call = (given: object) => ({
    by: 'F',
    service: 'events' as const,
    action: 'PutEvents',
    input: {},
    resource: 'Bus',
    atMs: 11_000,
    ...given,
  })
  const answerOf = { service: 'states', action: 'SendTaskSuccess' }
  const sent = { service: 'sqs', action: 'SendMessage', resource: 'ReserveInventoryQueue' }
  const invoking = { service: 'lambda', action: 'Invoke', resource: functionId }
  it.each([
    { kind: 'door-refusal', given: { by: 'caller' }, name: 'InternalException' },
    { kind: 'door-refusal', given: {}, name: undefined },
    { kind: 'bus-refusal', given: {}, name: 'InternalException' },
    { kind: 'bus-refusal', given: answerOf, name: undefined },
    { kind: 'orchestrator-refusal', given: answerOf, name: 'ServiceUnavailable' },
    { kind: 'orchestrator-refusal', given: {}, name: undefined },
    { kind: 'orchestrator-refusal', given: { ...answerOf, by: 'operator' }, name: undefined },
    { kind: 'permission-lost', given: sent, name: 'AccessDenied' },
    { kind: 'permission-lost', given: invoking, name: 'AccessDeniedException' },
    { kind: 'permission-lost', given: { ...sent, resource: 'ReserveInventoryDlq' }, name: undefined },
    { kind: 'permission-lost', given: { ...sent, by: 'caller' }, name: undefined },
    { kind: 'permission-lost', given: { ...sent, action: 'DeleteMessage' }, name: undefined },
  ] as const)('by $kind: $given gets $name, and only meanwhile', ({ kind, given, name }) => {
    const fault: Fault =
      kind === 'permission-lost' ? { kind, service: 'inventory', ...spell } : { kind, ...spell }
    const hooks = faultHooks({ faults: [fault] }, 1, later)
    const names = around.map((ms) => hooks.refusal?.(call({ ...given, atMs: ms }))?.name)
    expect(names).toEqual([undefined, name, name, undefined])
  })
})

describe('a call that takes longer', () => {
  const slowed = (given: object) => {
    const hooks = faultHooks({ faults: [{ kind: 'bus-slow', extraMs: 4_000, ...spell }] }, 1, later)
    const call = { by: 'F', service: 'events' as const, action: 'PutEvents', input: {}, resource: 'Bus' }
    return around.map((ms) => hooks.slowed?.({ ...call, ...given, atMs: ms }))
  }

  it('is one of PutEvents, by whomever, and only meanwhile', () => {
    expect(slowed({})).toEqual([0, 4_000, 4_000, 0])
    expect(slowed({ by: 'caller' })).toEqual([0, 4_000, 4_000, 0])
    expect(slowed({ action: 'PutRule' })).toEqual([0, 0, 0, 0])
  })
})
