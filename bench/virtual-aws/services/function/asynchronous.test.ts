import { RequestTooLargeException, ResourceNotFoundException } from '@aws-sdk/client-lambda'
import { describe, expect, it } from 'vitest'
import type { Resources } from '../small-world.ts'
import type { FunctionCode } from './environment.ts'
import {
  busArn,
  type FunctionWorld,
  functionArn,
  functionF,
  functionWorld,
  queueArn,
  roleArn,
  startMs,
} from './function-world.testing.ts'

const minuteMs = 60_000
const queue = (name: string): Resources => ({
  [name]: { Type: 'AWS::SQS::Queue', Properties: { QueueName: name } },
})
const config = (properties: Readonly<Record<string, unknown>>): Resources => ({
  Config: {
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: { FunctionName: 'F', Qualifier: '$LATEST', ...properties },
  },
})
const fails: FunctionCode = () => async () => {
  throw new TypeError('no')
}
const hand = (test: FunctionWorld, Payload: unknown = { order: 7 }) =>
  test.invoke({ InvocationType: 'Event', Payload })
/** Seconds from the start at which the function was run. */
const attempts = (test: FunctionWorld): number[] =>
  test.invocations.map(({ startedMs, initMs }) => Math.round((startedMs + initMs - startMs) / 1000))

describe('an event that is handed over', () => {
  it('is answered at once with 202, and run later with a copy of its payload', async () => {
    const events: unknown[] = []
    const test = functionWorld(functionF(), () => async (event) => {
      events.push(event)
    })
    const payload = { order: 7 }
    expect(await hand(test, payload)).toEqual({ ok: true, output: { StatusCode: 202 } })
    expect(test.calls.map(({ endedMs, startedMs }) => endedMs - startedMs < 50)).toEqual([true])
    payload.order = 8
    await test.pass(minuteMs)
    expect(events).toEqual([{ order: 7 }])
  })

  it('waits in the queue of Lambda before the invocation itself', async () => {
    const test = functionWorld(functionF(), () => async () => undefined)
    for (let event = 0; event < 50; event += 1) {
      test.kernel.at(startMs + event * 1000, () => test.start({ InvocationType: 'Event', Payload: event }))
    }
    await test.pass(2 * minuteMs)
    const [, ...warm] = test.invocations.map(
      ({ event, startedMs }) => startedMs - startMs - Number(event) * 1000,
    )
    expect(Math.min(...warm)).toBeGreaterThan(25)
    expect(Math.max(...warm)).toBeLessThan(400)
  })

  it.each([
    {
      name: 'a function that does not exist',
      input: { FunctionName: 'G' },
      error: ResourceNotFoundException,
    },
    {
      name: 'a payload of more than 1 MB',
      input: { Payload: 'x'.repeat(1_048_575) },
      error: RequestTooLargeException,
    },
  ])('is refused for $name', async ({ input, error }) => {
    const test = functionWorld(functionF(), fails)
    const answer = await test.invoke({ InvocationType: 'Event', ...input })
    expect(answer.ok || answer.error).toBeInstanceOf(error)
    await test.pass(minuteMs)
    expect(test.invocations).toEqual([])
  })

  it('may be of 1 MB, counted as JSON in UTF-8, and not of a byte more', async () => {
    const test = functionWorld(functionF(), () => async () => undefined)
    expect(await hand(test, 'x'.repeat(1_048_574))).toMatchObject({ ok: true })
    expect(await hand(test, `${'x'.repeat(1_048_572)}é`)).toMatchObject({ ok: true })
    const answer = await hand(test, `${'x'.repeat(1_048_573)}é`)
    expect(answer.ok || answer.error.message).toBe(
      '1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)',
    )
  })

  it('needs the permission of the role, or of the policy of the function', async () => {
    const permission: Resources = {
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          FunctionName: 'F',
          Action: 'lambda:InvokeFunction',
          Principal: 'events.amazonaws.com',
          SourceArn: 'arn:aws:events:eu-west-1:123456789012:rule/r',
        },
      },
    }
    const test = functionWorld({ ...functionF(), ...permission }, () => async () => undefined)
    const rule = (name: string) =>
      ({
        kind: 'service',
        name: 'events.amazonaws.com',
        sourceArn: `arn:aws:events:eu-west-1:123456789012:rule/${name}`,
      }) as const
    expect(await test.invoke({ InvocationType: 'Event' }, rule('r'))).toMatchObject({ ok: true })
    const refused = await test.invoke({ InvocationType: 'Event' }, rule('s'))
    expect(refused.ok || refused.error.name).toBe('AccessDeniedException')
  })

  it.each([
    { what: 'a dry run', input: { InvocationType: 'DryRun' }, says: 'InvocationType DryRun is not modelled' },
    { what: 'a qualifier', input: { Qualifier: '1' }, says: 'Qualifier is not modelled' },
    { what: 'logs', input: { LogType: 'Tail' }, says: 'LogType is not modelled' },
  ])('is refused by name when the call asks for $what', async ({ input, says }) => {
    const test = functionWorld(functionF(), fails)
    await expect(test.invoke(input)).rejects.toThrow(says)
  })

  it('that is delivered twice runs twice, under one request id', async () => {
    const ids: unknown[] = []
    const test = functionWorld(
      {
        ...functionF(),
        ...queue('Done'),
        ...config({ DestinationConfig: { OnSuccess: { Destination: queueArn('Done') } } }),
      },
      () => async () => undefined,
      { faults: { copies: ({ resource }) => (resource === 'F' ? [5000] : []) } },
    )
    await hand(test)
    await test.pass(minuteMs)
    for (const { body } of test.messages('Done')) {
      ids.push((body as { requestContext: { requestId: string } }).requestContext.requestId)
    }
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
    expect(test.duplicates).toEqual(['{"order":7}'])
  })
})

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html (read 2026-11-25) */
describe('a function that fails an event', () => {
  it.each([
    { name: 'twice more by default, after one minute and two', given: {}, expected: [0, 60, 180] },
    { name: 'as often as MaximumRetryAttempts says', given: { MaximumRetryAttempts: 1 }, expected: [0, 60] },
    { name: 'not at all with 0 of them', given: { MaximumRetryAttempts: 0 }, expected: [0] },
    {
      name: 'only while the event is young enough',
      given: { MaximumEventAgeInSeconds: 100 },
      expected: [0, 60],
    },
  ])('is tried $name', async ({ given, expected }) => {
    const test = functionWorld({ ...functionF(), ...config(given) }, fails)
    await hand(test)
    await test.pass(30 * minuteMs)
    expect(attempts(test)).toEqual(expected)
    expect(test.lost.map(({ how, resource }) => [how, resource])).toEqual([['dropped', 'F']])
  })

  it('gets a fresh copy of the event for each attempt, under one request id', async () => {
    const seen: unknown[] = []
    const test = functionWorld(functionF(), () => async (event) => {
      seen.push(structuredClone(event))
      ;(event as { order: number }).order = 0
      throw new Error('no')
    })
    await hand(test)
    await test.pass(10 * minuteMs)
    expect(seen).toEqual([{ order: 7 }, { order: 7 }, { order: 7 }])
  })

  it('is given up when the event reaches its age, not at the attempt that comes too late', async () => {
    const test = functionWorld({ ...functionF(), ...config({ MaximumEventAgeInSeconds: 100 }) }, fails)
    await hand(test)
    await test.pass(30 * minuteMs)
    const [loss] = test.lost
    expect(loss).toMatchObject({ atMs: startMs + 100_000, reason: 'EventAgeExceeded: TypeError: no' })
  })

  it('that times out is tried again as well', async () => {
    const test = functionWorld(functionF({ Timeout: 1 }), ({ clock }) => async () => {
      await clock.sleep(5000)
    })
    await hand(test)
    await test.pass(30 * minuteMs)
    expect(attempts(test)).toEqual([0, 62, 183])
    expect(test.invocations.map(({ end }) => end)).toEqual(['timed out', 'timed out', 'timed out'])
  })
})

describe('a function that is throttled', () => {
  const busy: FunctionCode =
    ({ clock }) =>
    async (event) => {
      if (event === 'long') await clock.sleep(800_000)
    }

  it('is tried again for an event after 1 s, 2 s, 4 s … 5 min, without a limit but its age', async () => {
    const test = functionWorld(functionF({ ReservedConcurrentExecutions: 1, Timeout: 900 }), busy)
    await hand(test, 'long')
    await test.pass(1000)
    await hand(test, 'short')
    await test.pass(30 * minuteMs)
    const waits = test.throttles.map(({ atMs }, index, all) =>
      index === 0 ? 0 : Math.round((atMs - (all[index - 1]?.atMs ?? 0)) / 1000),
    )
    expect(waits).toEqual([0, 1, 2, 4, 8, 16, 32, 64, 128, 256])
    expect(test.invocations.map(({ event, end }) => [event, end])).toEqual([
      ['long', 'returned'],
      ['short', 'returned'],
    ])
    expect(test.lost).toEqual([])
  })

  it('loses an event that grows too old', async () => {
    const test = functionWorld(
      {
        ...functionF({ ReservedConcurrentExecutions: 1, Timeout: 900 }),
        ...queue('Failed'),
        ...config({
          MaximumEventAgeInSeconds: 60,
          DestinationConfig: { OnFailure: { Destination: queueArn('Failed') } },
        }),
      },
      busy,
    )
    await hand(test, 'long')
    await test.pass(1000)
    await hand(test, 'short')
    await test.pass(30 * minuteMs)
    const [record] = test.messages('Failed')
    expect(record?.body).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 },
      requestPayload: 'short',
    })
    expect(record?.body).not.toHaveProperty('responsePayload')
  })

  it('always, by a reservation of 0, gives events up at once', async () => {
    const test = functionWorld(
      {
        ...functionF({
          ReservedConcurrentExecutions: 0,
          DeadLetterConfig: { TargetArn: queueArn('Dead') },
        }),
        ...queue('Dead'),
      },
      busy,
    )
    await hand(test)
    await test.pass(1000)
    expect(test.messages('Dead')).toEqual([
      {
        body: { order: 7 },
        attributes: expect.objectContaining({ ErrorCode: { DataType: 'Number', StringValue: '429' } }),
      },
    ])
  })
})

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html (read 2026-11-25) */
describe('a destination', () => {
  const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/)

  it('that is a queue gets the record of a failure', async () => {
    const test = functionWorld(
      {
        ...functionF(),
        ...queue('Failed'),
        ...config({ DestinationConfig: { OnFailure: { Destination: queueArn('Failed') } } }),
      },
      fails,
    )
    await hand(test)
    await test.pass(10 * minuteMs)
    expect(test.messages('Failed').map(({ body }) => body)).toEqual([
      {
        version: '1.0',
        timestamp: expect.stringMatching(/^2026-01-05T00:03:0\d\.\d{3}Z$/),
        requestContext: {
          requestId,
          functionArn: `${functionArn('F')}:$LATEST`,
          condition: 'RetriesExhausted',
          approximateInvokeCount: 3,
        },
        requestPayload: { order: 7 },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        responsePayload: { errorType: 'TypeError', errorMessage: 'no' },
      },
    ])
    expect(test.lost.map(({ how }) => how)).toEqual(['dead-lettered'])
    expect(test.calls.find(({ service }) => service === 'sqs')?.by).toBe('F')
  })

  it('that is a bus gets the record of a success as the detail of an event', async () => {
    const rule: Resources = {
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'B' } },
      Rule: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventBusName: 'B',
          EventPattern: { source: ['lambda'] },
          Targets: [{ Id: 't', Arn: queueArn('Heard') }],
        },
      },
      Policy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [`https://sqs.eu-west-1.amazonaws.com/123456789012/Heard`],
          PolicyDocument: {
            Statement: [
              { Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: queueArn('Heard') },
            ],
          },
        },
      },
    }
    const test = functionWorld(
      {
        ...functionF(),
        ...queue('Heard'),
        ...rule,
        ...config({ DestinationConfig: { OnSuccess: { Destination: busArn('B') } } }),
      },
      () => async () => ({ done: true }),
    )
    await hand(test)
    await test.pass(minuteMs)
    const [heard] = test.messages('Heard')
    expect(heard?.body).toMatchObject({
      source: 'lambda',
      'detail-type': 'Lambda Function Invocation Result - Success',
      resources: [`${functionArn('F')}:$LATEST`, busArn('B')],
      detail: {
        requestContext: { condition: 'Success', approximateInvokeCount: 1 },
        requestPayload: { order: 7 },
        responseContext: { statusCode: 200, executedVersion: '$LATEST' },
        responsePayload: { done: true },
      },
    })
  })

  it('that is a function is invoked with the record, asynchronously', async () => {
    const events: unknown[] = []
    const test = functionWorld(
      {
        ...functionF(),
        G: {
          Type: 'AWS::Lambda::Function',
          Properties: { FunctionName: 'G', Handler: 'f', Role: roleArn, Code: {} },
        },
        ...config({ DestinationConfig: { OnSuccess: { Destination: functionArn('G') } } }),
      },
      () => async (event) => {
        events.push(event)
      },
    )
    await hand(test)
    await test.pass(minuteMs)
    expect(test.invocations.map(({ functionId }) => functionId)).toEqual(['F', 'G'])
    expect(events[1]).toMatchObject({ requestContext: { condition: 'Success' }, responsePayload: null })
  })

  it('and a dead-letter queue both get what was given up', async () => {
    const test = functionWorld(
      {
        ...functionF({ DeadLetterConfig: { TargetArn: queueArn('Dead') } }),
        ...queue('Dead'),
        ...queue('Failed'),
        ...config({
          MaximumRetryAttempts: 0,
          DestinationConfig: { OnFailure: { Destination: queueArn('Failed') } },
        }),
      },
      fails,
    )
    await hand(test)
    await test.pass(minuteMs)
    expect(test.messages('Failed')).toHaveLength(1)
    expect(test.messages('Dead')).toEqual([
      {
        body: { order: 7 },
        attributes: {
          RequestID: { DataType: 'String', StringValue: requestId },
          ErrorCode: { DataType: 'Number', StringValue: '200' },
          ErrorMessage: { DataType: 'String', StringValue: 'no' },
        },
      },
    ])
  })

  it('that is gone loses the record, and the observer hears of it', async () => {
    const test = functionWorld(
      {
        ...functionF(),
        ...config({ DestinationConfig: { OnSuccess: { Destination: queueArn('Nowhere') } } }),
      },
      () => async () => undefined,
    )
    await hand(test)
    await test.pass(minuteMs)
    expect(test.lost.map(({ how, reason }) => [how, reason])).toEqual([
      ['dropped', 'the record of a success: QueueDoesNotExist'],
    ])
  })
})

describe('a configuration of asynchronous invocations is refused', () => {
  const destination = (arn: string) => ({ DestinationConfig: { OnFailure: { Destination: arn } } })
  it.each([
    { name: 'for a version', given: { Qualifier: '3' }, says: 'Qualifier 3 is not modelled' },
    { name: 'for 3 retries', given: { MaximumRetryAttempts: 3 }, says: 'expected an integer from 0 to 2' },
    {
      name: 'for an age below a minute',
      given: { MaximumEventAgeInSeconds: 59 },
      says: 'expected an integer from 60 to 21600',
    },
    {
      name: 'for a topic as destination',
      given: destination('arn:aws:sns:eu-west-1:123456789012:t'),
      says: 'the destination arn:aws:sns:eu-west-1:123456789012:t is not modelled',
    },
    { name: 'for a function that is not there', given: { FunctionName: 'G' }, says: 'has no function G' },
    { name: 'for a property that is not modelled', given: { Color: 'red' }, says: 'Color is not modelled' },
  ])('$name', ({ given, says }) => {
    expect(() => functionWorld({ ...functionF(), ...config(given) }, fails)).toThrow(says)
  })

  it('when the role may not send to the destination, or to the dead-letter queue', () => {
    const resources = { ...functionF(), ...config(destination(queueArn('Q'))) }
    expect(() => functionWorld(resources, fails, { allowed: [] })).toThrow(
      `The function's execution role does not have permissions to call SendMessage on ${queueArn('Q')}`,
    )
    const deadLetter = functionF({ DeadLetterConfig: { TargetArn: queueArn('Q') } })
    expect(() => functionWorld(deadLetter, fails, { allowed: [] })).toThrow(
      'The provided execution role does not have permissions to call SendMessage on SQS',
    )
  })
})
