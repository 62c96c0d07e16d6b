import { SendMessageCommand } from '@aws-sdk/client-sqs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deployWorker, recordsOf, startMs, workerTemplate } from '../../stack.testing.ts'

const minuteMs = 60_000
const criteria = (...patterns: readonly unknown[]) => ({
  FilterCriteria: { Filters: patterns.map((pattern) => ({ Pattern: JSON.stringify(pattern) })) },
})

const deployFiltered = (mapping: Readonly<Record<string, unknown>>, bodies: readonly string[]) => {
  const heard: string[] = []
  const watched = deployWorker(workerTemplate({ mapping }), () => async (event) => {
    heard.push(...recordsOf(event).map(({ body }) => body))
  })
  for (const body of bodies) watched.send(body)
  return { ...watched, heard }
}

/** What reaches the function of these bodies, sorted. */
const passed = async (pattern: unknown, bodies: readonly string[]): Promise<readonly string[]> => {
  const { heard, stack } = deployFiltered(criteria(pattern), bodies)
  await stack.kernel.run(startMs + 5 * minuteMs)
  expect(stack.depths().get('JobQueue')).toBe(0)
  return heard.toSorted()
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html (read 2026-11-25): the table of formats. */
describe('FilterCriteria', () => {
  const json = '{"RequestCode":"BBBB"}'
  const text = 'BBBB'
  it.each([
    {
      name: 'JSON for JSON, looked into',
      pattern: { body: { RequestCode: ['BBBB'] } },
      bodies: [json, '{"RequestCode":"AAAA"}'],
      passes: [json],
    },
    { name: 'JSON for a text', pattern: { body: { RequestCode: ['BBBB'] } }, bodies: [text], passes: [] },
    {
      name: 'a text for a text, compared',
      pattern: { body: [{ prefix: 'BB' }] },
      bodies: [text, 'AABB'],
      passes: [text],
    },
    { name: 'a text for JSON', pattern: { body: [{ prefix: '{' }] }, bodies: [json], passes: [] },
    {
      name: 'no body at all for either',
      pattern: { eventSource: ['aws:sqs'] },
      bodies: [json, text],
      passes: [text, json],
    },
    {
      name: 'other keys of the record for neither',
      pattern: { eventSource: ['aws:sns'] },
      bodies: [json, text],
      passes: [],
    },
    {
      name: 'numbers and nesting, as of event patterns',
      pattern: { body: { order: { total: [{ numeric: ['>', 100] }] } } },
      bodies: ['{"order":{"total":101}}', '{"order":{"total":100}}'],
      passes: ['{"order":{"total":101}}'],
    },
    { name: 'null as JSON', pattern: { body: { a: [{ exists: true }] } }, bodies: ['null'], passes: [] },
  ])('lets through by a pattern of $name', async ({ pattern, bodies, passes }) => {
    expect(await passed(pattern, bodies)).toEqual(passes)
  })

  it('lets through what any of its filters matches', async () => {
    const { heard, stack } = deployFiltered(criteria({ body: { a: [1] } }, { body: { b: [2] } }), [
      '{"a":1}',
      '{"b":2}',
      '{"a":2,"b":1}',
    ])
    await stack.kernel.run(startMs + minuteMs)
    expect(heard.toSorted()).toEqual(['{"a":1}', '{"b":2}'])
  })

  it('looks at message attributes as the record holds them', async () => {
    const pattern = { messageAttributes: { kind: { stringValue: ['wanted'] } } }
    const { heard, stack } = deployFiltered(criteria(pattern), [])
    for (const kind of ['wanted', 'other']) {
      const MessageAttributes = { kind: { DataType: 'String', StringValue: kind } }
      const QueueUrl = stack.outputs['QueueUrl']
      void stack.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: kind, MessageAttributes }))
    }
    await stack.kernel.run(startMs + minuteMs)
    expect(heard).toEqual(['wanted'])
    expect(stack.depths().get('JobQueue')).toBe(0)
  })

  it('deletes what it does not let through: received and deleted, never invoked', async () => {
    const { calls, invocations, stack } = deployFiltered(criteria({ body: ['x'] }), ['y'])
    await stack.kernel.run(startMs + minuteMs)
    expect(calls.slice(1).map(({ action, by, meter, units }) => [action, by, meter, units])).toEqual([
      ['ReceiveMessage', 'JobMapping', 'sqs.request', 1],
      ['DeleteMessageBatch', 'JobMapping', 'sqs.request', 1],
    ])
    expect(invocations).toEqual([])
  })

  it('with an empty list filters nothing', async () => {
    const { heard, stack } = deployFiltered({ FilterCriteria: { Filters: [] } }, ['x'])
    await stack.kernel.run(startMs + minuteMs)
    expect(heard).toEqual(['x'])
  })

  it('is applied to each message of a window, so that batches hold only what was let through', async () => {
    const sizes: number[] = []
    const mapping = { ...criteria({ body: [{ prefix: 'a' }] }), MaximumBatchingWindowInSeconds: 5 }
    const watched = deployWorker(workerTemplate({ mapping }), () => async (event) => {
      sizes.push(recordsOf(event).length)
    })
    for (let index = 0; index < 30; index += 1) {
      watched.stack.kernel.at(startMs + index * 10, () => watched.send(index % 3 === 0 ? 'a' : 'b'))
    }
    await watched.stack.kernel.run(startMs + minuteMs)
    expect(sizes).toEqual([10])
  })

  it('parts any messages into those that the function hears once and those that are deleted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('{"a":1}', '{"a":2}', 'a', '[]'), { maxLength: 40 }),
        async (bodies) => {
          expect(await passed({ body: { a: [1] } }, bodies)).toEqual(
            bodies.filter((body) => body === '{"a":1}'),
          )
        },
      ),
      { seed: 20_261_125, numRuns: 40 },
    )
  })

  const six = Array.from({ length: 6 }, () => ({ body: ['x'] }))
  it.each([
    { name: 'more than five filters', mapping: criteria(...six), says: 'expected a list of up to 5 Filters' },
    {
      name: 'a pattern that is none',
      mapping: criteria({ body: 'x' }),
      says: 'Invalid filter pattern definition.',
    },
    {
      name: 'a pattern of more than 4,096 characters',
      mapping: criteria({ body: ['x'.repeat(4096)] }),
      says: 'up to 4096 characters',
    },
    {
      name: 'a body inside of $or',
      mapping: criteria({ $or: [{ body: ['x'] }, { body: ['y'] }] }),
      says: 'body inside of $or at the top is not modelled',
    },
  ])('is refused for $name', ({ mapping, says }) => {
    expect(() => deployFiltered(mapping, [])).toThrow(says)
  })
})
