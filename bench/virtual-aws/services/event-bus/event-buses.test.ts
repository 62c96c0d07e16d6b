import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FaultHooks } from '../../faults.ts'
import { unavailable } from '../../refusals.ts'
import { tell } from '../../tell.ts'
import type { Answer } from '../../world.ts'
import {
  queueArn,
  type Resources,
  type SmallWorld,
  smallAccount,
  smallStart,
  smallWorld,
} from '../small-world.ts'
import { retryWaitMs } from './delivery.ts'

type Input = Readonly<Record<string, unknown>>
const ruleArn = `arn:aws:events:us-east-1:${smallAccount}:rule/Bus/R`
const allow = (queue: string): Resources[string] => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [`https://sqs.us-east-1.amazonaws.com/${smallAccount}/${queue}`],
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: queueArn(queue),
          Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
        },
      ],
    },
  },
})
const target: Input = { Id: 't', Arn: queueArn('Q'), DeadLetterConfig: { Arn: queueArn('D') } }
const rule = (more: Input = {}): Resources[string] => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    Name: 'R',
    EventBusName: 'Bus',
    EventPattern: { source: ['shop'], 'detail-type': ['Made'] },
    Targets: [target],
    ...more,
  },
})
const stack = (more: Resources = {}): Resources => ({
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'Bus' } },
  Q: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'Q' } },
  D: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'D' } },
  QPolicy: allow('Q'),
  DPolicy: allow('D'),
  R: rule(),
  ...more,
})
const entry = (more: Input = {}): Input => ({
  EventBusName: 'Bus',
  Source: 'shop',
  DetailType: 'Made',
  Detail: '{"n":1}',
  ...more,
})
const put = (world: SmallWorld, ...Entries: readonly Input[]) =>
  world.call('events', 'PutEvents', { Entries })
const outputOf = (answer: Answer): Record<string, unknown> => {
  if (!answer.ok) throw answer.error
  return answer.output as Record<string, unknown>
}
const taken = (world: SmallWorld, name: string) => world.queues.receive(queueArn(name), 10, 'test')

describe('an event that a rule matches', () => {
  it('arrives at the target as the whole event', async () => {
    const world = smallWorld(stack(), { latencyMs: (hop) => (hop === 'events.route' ? 80 : 0) })
    const output = outputOf(await put(world, entry({ Resources: ['arn:x'] })))
    expect(output).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] })
    await world.pass(79)
    expect(taken(world, 'Q')).toEqual([])
    await world.pass(1)
    const [message] = taken(world, 'Q')
    expect(JSON.parse(message?.body ?? '')).toEqual({
      version: '0',
      id: (output['Entries'] as { readonly EventId: string }[])[0]?.EventId,
      'detail-type': 'Made',
      source: 'shop',
      account: smallAccount,
      time: '2026-01-05T00:00:00Z',
      region: 'us-east-1',
      resources: ['arn:x'],
      detail: { n: 1 },
    })
    expect(world.calls.slice(0, 2)).toMatchObject([
      { action: 'PutEvents', by: 'caller', resource: 'Bus', meter: 'events.put', units: 1 },
      { action: 'SendMessage', by: 'R', resource: 'Q', meter: 'sqs.request', units: 1 },
    ])
  })

  it('arrives again when a fault copies it, and the observer is told', async () => {
    const faults: FaultHooks = { copies: ({ resource }) => (resource === 'R' ? [1000] : []) }
    const world = smallWorld(stack(), { faults })
    await put(world, entry())
    await world.pass(1000)
    const bodies = taken(world, 'Q').map(({ body }) => body)
    expect(bodies).toHaveLength(2)
    expect(new Set(bodies).size).toBe(1)
    expect(world.duplicates).toEqual([bodies[0]])
  })

  it('arrives later when a fault holds it, by as much', async () => {
    const faults: FaultHooks = { held: ({ resource }) => (resource === 'R' ? 1000 : 0) }
    const world = smallWorld(stack(), { faults, latencyMs: (hop) => (hop === 'events.route' ? 80 : 0) })
    await put(world, entry())
    await world.pass(1079)
    expect(taken(world, 'Q')).toEqual([])
    await world.pass(1)
    expect(taken(world, 'Q')).toHaveLength(1)
  })

  describe('while the bus stands still', () => {
    const [from, until] = [smallStart + 100, smallStart + 60_000]
    const stalled: FaultHooks['stalled'] = ({ resource, atMs }) =>
      resource === 'R' && from <= atMs && atMs < until ? until - atMs : 0
    const arriving = async (world: SmallWorld) => {
      await world.pass(until - 1 - world.kernel.nowMs)
      const before = taken(world, 'Q').length
      await world.pass(1)
      return [before, taken(world, 'Q').length]
    }

    it.each([
      { name: 'taken before and on its way', afterMs: 50 },
      { name: 'taken meanwhile', afterMs: 5000 },
    ])('arrives when that is over: $name', async ({ afterMs }) => {
      const world = smallWorld(stack(), {
        faults: { stalled },
        latencyMs: (hop) => (hop === 'events.route' ? 80 : 0),
      })
      await world.pass(afterMs)
      await put(world, entry())
      expect(await arriving(world)).toEqual([0, 1])
    })

    it('is not tried again either, and no attempt is counted', async () => {
      const refusal: FaultHooks['refusal'] = ({ action, atMs }) =>
        action === 'SendMessage' && atMs < until ? unavailable('sqs') : undefined
      const world = smallWorld(stack(), { faults: { stalled, refusal } })
      await put(world, entry())
      expect(await arriving(world)).toEqual([0, 1])
      const sent = world.calls.filter(({ action }) => action === 'SendMessage')
      expect(sent.map(({ startedMs }) => startedMs)).toEqual([smallStart, until])
    })

    it('arrives as ever by another rule', async () => {
      const world = smallWorld(stack(), {
        faults: { stalled: (at) => stalled({ ...at, resource: 'Other' }) },
      })
      await world.pass(5000)
      await put(world, entry())
      await world.pass(0)
      expect(taken(world, 'Q')).toHaveLength(1)
    })
  })

  it('goes straight to the dead-letter queue when the target may not be sent to', async () => {
    const { QPolicy: _, ...resources } = stack()
    const world = smallWorld(resources)
    await put(world, entry())
    await world.pass(0)
    const [dead] = taken(world, 'D')
    expect(dead?.messageAttributes).toMatchObject({
      RULE_ARN: { StringValue: ruleArn },
      TARGET_ARN: { StringValue: queueArn('Q') },
      ERROR_CODE: { StringValue: 'NO_PERMISSIONS' },
      ERROR_MESSAGE: { StringValue: expect.stringContaining('is not authorized to perform') },
    })
    expect(dead?.messageAttributes).not.toHaveProperty('RETRY_ATTEMPTS')
    expect(JSON.parse(dead?.body ?? '')).toMatchObject({ source: 'shop', detail: { n: 1 } })
    expect(world.lost).toMatchObject([{ how: 'dead-lettered', resource: 'R' }])
  })

  it('goes straight to the dead-letter queue when the target does not exist', async () => {
    const Targets = [{ ...target, Arn: queueArn('Gone') }]
    const world = smallWorld(stack({ R: rule({ Targets }) }))
    await put(world, entry())
    await world.pass(0)
    const [dead] = taken(world, 'D')
    expect(dead?.messageAttributes).toMatchObject({ ERROR_CODE: { StringValue: 'NO_RESOURCE' } })
  })

  it('is dropped, and the observer told, when there is no dead-letter queue', async () => {
    const { QPolicy: _, ...resources } = stack({ R: rule({ Targets: [{ Id: 't', Arn: queueArn('Q') }] }) })
    const world = smallWorld(resources)
    await put(world, entry())
    await world.pass(0)
    expect(world.lost).toMatchObject([{ how: 'dropped', resource: 'R' }])
  })
})

describe('a target that fails for a while', () => {
  /** The queue answers with an outage until that time. */
  const failing = (untilMs: number, Targets: readonly Input[] = [target]) => {
    const world = smallWorld(stack({ R: rule({ Targets }) }))
    const act = world.queues.act.bind(world.queues)
    world.world.services.set('sqs', {
      ...world.queues,
      id: 'sqs',
      resourceTypes: [],
      create: world.queues.create.bind(world.queues),
      wire: world.queues.wire.bind(world.queues),
      target: world.queues.target.bind(world.queues),
      bill: world.queues.bill.bind(world.queues),
      hop: world.queues.hop.bind(world.queues),
      act: (request, done) => {
        const isTarget = String(request.input['QueueUrl']).endsWith('/Q')
        if (isTarget && world.kernel.nowMs < smallStart + untilMs)
          tell(done, { ok: false, error: Object.assign(new Error('down'), { name: 'ServiceUnavailable' }) })
        else act(request, done)
      },
    })
    return world
  }

  it('is tried again until it takes the event', async () => {
    const world = failing(60_000)
    await put(world, entry())
    await world.pass(180_000)
    expect(taken(world, 'Q')).toHaveLength(1)
    expect(world.lost).toEqual([])
  })

  it.each([
    {
      name: 'the retries are used up',
      policy: { MaximumRetryAttempts: 3 },
      condition: 'MaximumRetryAttempts',
      retries: '3',
    },
    {
      name: 'no retry is allowed',
      policy: { MaximumRetryAttempts: 0 },
      condition: 'MaximumRetryAttempts',
      retries: '0',
    },
    {
      name: 'the event is too old',
      policy: { MaximumEventAgeInSeconds: 60 },
      condition: 'MaximumEventAgeInSeconds',
      retries: expect.any(String),
    },
  ])('loses it to the dead-letter queue when $name', async ({ policy, condition, retries }) => {
    const world = failing(Number.MAX_SAFE_INTEGER, [{ ...target, RetryPolicy: policy }])
    await put(world, entry())
    await world.pass(120_000)
    expect(taken(world, 'D')[0]?.messageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'ERROR_FROM_TARGET' },
      EXHAUSTED_RETRY_CONDITION: { StringValue: condition },
      RETRY_ATTEMPTS: { StringValue: retries },
    })
  })

  it.each([
    { retry: 1, from: 500, to: 1000 },
    { retry: 2, from: 1000, to: 2000 },
    { retry: 10, from: 256_000, to: 512_000 },
    { retry: 11, from: 300_000, to: 600_000 },
    { retry: 185, from: 300_000, to: 600_000 },
  ])('waits from $from to $to ms before retry $retry, by chance', ({ retry, from, to }) => {
    expect([0, 0.5, 1].map((uniform) => retryWaitMs(retry, uniform))).toEqual([from, (from + to) / 2, to])
  })

  it('has 185 retries within a day', () => {
    const waits = (uniform: number) =>
      Array.from({ length: 185 }, (_, index) => retryWaitMs(index + 1, uniform)).reduce((a, b) => a + b, 0)
    expect(waits(0.5)).toBeGreaterThan(20 * 3_600_000)
    expect(waits(0.5)).toBeLessThan(24 * 3_600_000)
  })
})

describe('an event that nobody listens to', () => {
  const archive: Resources = {
    A: {
      Type: 'AWS::Events::Archive',
      Properties: { SourceArn: `arn:aws:events:us-east-1:${smallAccount}:event-bus/Bus`, RetentionDays: 7 },
    },
  }

  it.each([
    { name: 'no rule matches it', more: {}, input: { DetailType: 'Unheard' } },
    { name: 'only an archive takes it', more: archive, input: { DetailType: 'Unheard' } },
    { name: 'the rule is disabled', more: { R: rule({ State: 'DISABLED' }) }, input: {} },
    { name: 'the rule has no target', more: { R: rule({ Targets: [] }) }, input: {} },
  ])('is observed as unmatched when $name', async ({ more, input }) => {
    const world = smallWorld(stack(more))
    await put(world, entry(input))
    await world.pass(0)
    expect(world.lost).toMatchObject([{ how: 'unmatched', resource: 'Bus' }])
    expect(taken(world, 'Q')).toEqual([])
  })

  it('is metered by its archive in bytes', async () => {
    const world = smallWorld(stack(archive))
    await put(world, entry())
    await world.pass(0)
    const [message] = taken(world, 'Q')
    expect(world.metered).toEqual([{ meter: 'events.archive.bytes', units: message?.body.length }])
  })

  it('is observed as dropped when its bus does not exist', async () => {
    const world = smallWorld(stack())
    await put(world, entry({ EventBusName: 'Nowhere' }))
    expect(world.lost).toMatchObject([{ how: 'dropped', resource: 'Nowhere' }])
  })
})

describe('PutEvents', () => {
  it.each([
    { name: 'no source', input: { Source: undefined }, code: 'InvalidArgument' },
    { name: 'an empty detail type', input: { DetailType: '' }, code: 'InvalidArgument' },
    {
      name: 'a detail type of 129 characters',
      input: { DetailType: 'a'.repeat(129) },
      code: 'InvalidArgument',
    },
    { name: 'no detail', input: { Detail: undefined }, code: 'InvalidArgument' },
    { name: 'a detail that is no JSON', input: { Detail: '{"n":' }, code: 'MalformedDetail' },
    { name: 'a detail that is no object', input: { Detail: '[1]' }, code: 'MalformedDetail' },
    { name: 'a source of AWS', input: { Source: 'aws.shop' }, code: 'NotAuthorizedForSourceException' },
  ])('fails an entry with $name and takes the others', async ({ input, code }) => {
    const world = smallWorld(stack())
    const output = outputOf(await put(world, entry(), entry(input)))
    expect(output).toMatchObject({
      FailedEntryCount: 1,
      Entries: [{ EventId: expect.any(String) }, { ErrorCode: code, ErrorMessage: expect.any(String) }],
    })
    expect(world.calls.find(({ action }) => action === 'PutEvents')?.units).toBe(1)
  })

  it('takes a trace header, which nobody looks at', async () => {
    const output = outputOf(await put(smallWorld(stack()), entry({ TraceHeader: 'Root=1' })))
    expect(output).toMatchObject({ FailedEntryCount: 0 })
  })

  it('takes a detail type of 128 characters', async () => {
    const output = outputOf(await put(smallWorld(stack()), entry({ DetailType: 'a'.repeat(128) })))
    expect(output).toMatchObject({ FailedEntryCount: 0 })
  })

  it('sizes an entry by its time, source, detail type, detail and resources, in UTF-8', async () => {
    const world = smallWorld(stack())
    const rest = 14 + 'shop'.length + 'Made'.length + 'arn:ä'.length + 1
    const full = (bytes: number) =>
      entry({ Time: new Date(smallStart), Resources: ['arn:ä'], ...detailOf(bytes - rest) })
    outputOf(await put(world, full(65_536)))
    outputOf(await put(world, full(65_537)))
    const puts = world.calls.filter(({ action }) => action === 'PutEvents')
    expect(puts.map(({ units }) => units)).toEqual([1, 2])
  })

  it.each([
    { count: 0, error: 'ValidationException' },
    { count: 10, error: undefined },
    { count: 11, error: 'ValidationException' },
  ])('of $count entries answers $error', async ({ count, error }) => {
    const answer = await put(smallWorld(stack()), ...Array.from({ length: count }, () => entry()))
    expect(answer.ok ? undefined : answer.error.name).toBe(error)
  })

  const detailOf = (bytes: number): Input => ({ Detail: JSON.stringify({ x: 'x'.repeat(bytes - 8) }) })
  const rest = 'shop'.length + 'Made'.length

  it.each([
    { bytes: 65_536, units: 1, error: undefined },
    { bytes: 65_537, units: 2, error: undefined },
    { bytes: 1_048_576, units: 16, error: undefined },
    { bytes: 1_048_577, units: 0, error: 'ValidationException' },
  ])('of $bytes bytes costs $units and answers $error', async ({ bytes, units, error }) => {
    const world = smallWorld(stack())
    const answer = await put(world, entry(detailOf(bytes - rest)))
    expect(answer.ok ? undefined : answer.error.name).toBe(error)
    expect(world.calls[0]).toMatchObject({ meter: 'events.put', units })
  })
})

describe('a rule that is switched', () => {
  const names = { Name: 'R', EventBusName: 'Bus' }

  it('off hears of no event, and on again of those after', async () => {
    const world = smallWorld(stack())
    outputOf(await world.call('events', 'DisableRule', names))
    await put(world, entry())
    outputOf(await world.call('events', 'EnableRule', names))
    await put(world, entry())
    await world.pass(0)
    expect(taken(world, 'Q')).toHaveLength(1)
    expect(world.lost.map(({ how }) => how)).toEqual(['unmatched'])
  })

  it('still gets what it had matched before', async () => {
    const world = smallWorld(stack(), { latencyMs: (hop) => (hop === 'events.route' ? 80 : 0) })
    await put(world, entry())
    outputOf(await world.call('events', 'DisableRule', names))
    await world.pass(80)
    expect(taken(world, 'Q')).toHaveLength(1)
  })

  it.each([{ Name: 'S', EventBusName: 'Bus' }, { Name: 'R' }, { Name: 'R', EventBusName: 'Nowhere' }])(
    'must be there: $Name on $EventBusName',
    async (input) => {
      const answer = await world().call('events', 'DisableRule', input)
      expect(answer.ok ? undefined : answer.error.name).toBe('ResourceNotFoundException')
    },
  )
  const world = () => smallWorld(stack())
})

describe('PutRule', () => {
  const names = { Name: 'R', EventBusName: 'Bus' }
  const pattern = (source: string) => ({ ...names, EventPattern: JSON.stringify({ source: [source] }) })

  it('gives a rule another pattern for the events that come after, and leaves its targets', async () => {
    const world = smallWorld(stack())
    await put(world, entry())
    expect(outputOf(await world.call('events', 'PutRule', pattern('nobody')))).toEqual({ RuleArn: ruleArn })
    await put(world, entry())
    outputOf(await world.call('events', 'PutRule', pattern('shop')))
    await put(world, entry())
    await world.pass(0)
    expect(taken(world, 'Q')).toHaveLength(2)
    expect(world.lost.map(({ how }) => how)).toEqual(['unmatched'])
  })

  it('enables the rule unless it says otherwise', async () => {
    const world = smallWorld(stack())
    outputOf(await world.call('events', 'PutRule', { ...pattern('shop'), State: 'DISABLED' }))
    await put(world, entry())
    outputOf(await world.call('events', 'PutRule', pattern('shop')))
    await put(world, entry())
    await world.pass(0)
    expect(taken(world, 'Q')).toHaveLength(1)
  })

  it('refuses a pattern that is none, and a bus that is not there', async () => {
    const world = smallWorld(stack())
    const bad = await world.call('events', 'PutRule', { ...names, EventPattern: '{"source": []}' })
    expect(bad.ok ? undefined : bad.error.name).toBe('InvalidEventPatternException')
    const nowhere = await world.call('events', 'PutRule', { ...pattern('shop'), EventBusName: 'Nowhere' })
    expect(nowhere.ok ? undefined : nowhere.error.name).toBe('ResourceNotFoundException')
  })

  it('refuses by name what is not modelled: a new rule, and other parameters', async () => {
    const world = smallWorld(stack())
    await expect(world.call('events', 'PutRule', { ...pattern('shop'), Name: 'S' })).rejects.toThrow(
      'PutRule that makes a new rule is not modelled',
    )
    await expect(
      world.call('events', 'PutRule', { ...pattern('shop'), ScheduleExpression: 'rate(1 day)' }),
    ).rejects.toThrow('ScheduleExpression')
  })
})

describe('a template', () => {
  it.each([
    { name: 'a schedule', more: { ScheduleExpression: 'rate(1 day)' }, message: 'ScheduleExpression is not' },
    { name: 'a pattern that AWS refuses', more: { EventPattern: { source: [] } }, message: 'Empty arrays' },
    {
      name: 'a long pattern',
      more: { EventPattern: { source: ['a'.repeat(2034)] } },
      message: 'at most 2048 characters, got 2049',
    },
    { name: 'a bus that is not there', more: { EventBusName: 'Nowhere' }, message: 'the template lacks' },
  ])('with $name is refused by name', ({ more, message }) => {
    expect(() => smallWorld(stack({ R: rule(more) }))).toThrow(message)
  })
})

interface Course {
  readonly events: readonly { readonly source: string; readonly type: string }[]
  readonly permitted: boolean
  readonly copied: boolean
}

const anyCourse: fc.Arbitrary<Course> = fc.record({
  events: fc.array(
    fc.record({
      source: fc.constantFrom('shop', 'depot', 'bank'),
      type: fc.constantFrom('Made', 'Sent', 'Paid'),
    }),
    { maxLength: 40 },
  ),
  permitted: fc.boolean(),
  copied: fc.boolean(),
})

const run = async ({ events, permitted, copied }: Course): Promise<SmallWorld> => {
  const { QPolicy, ...others } = stack()
  const world = smallWorld(permitted && QPolicy !== undefined ? { ...others, QPolicy } : others, {
    faults: { copies: ({ resource }) => (copied && resource === 'R' ? [500] : []) },
  })
  for (const { source, type } of events) await put(world, entry({ Source: source, DetailType: type }))
  await world.pass(10_000)
  return world
}

describe('whatever is put on a bus', () => {
  it('is delivered to every rule that matches, or dead-lettered, as often as it was put or copied', async () => {
    await fc.assert(
      fc.asyncProperty(anyCourse, async (course) => {
        const { events, permitted, copied } = course
        const world = await run(course)
        const matching = events.filter(({ source, type }) => source === 'shop' && type === 'Made').length
        const arrivals = copied ? 2 * matching : matching
        const depths = world.queues.depths()
        expect([depths.get('Q'), depths.get('D')]).toEqual(permitted ? [arrivals, 0] : [0, arrivals])
        expect(world.lost.filter(({ how }) => how === 'unmatched')).toHaveLength(events.length - matching)
      }),
      { seed: 20260105, numRuns: 50 },
    )
  })
})
