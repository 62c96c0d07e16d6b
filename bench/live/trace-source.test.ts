import type { FilteredLogEvent, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { describe, expect, it } from 'vitest'
import { createTracer, logLinesOf } from '../../infra/trace.ts'
import { testClock } from './clock.testing.ts'
import type { LiveClients } from './target.ts'
import { logSource } from './trace-source.ts'

const functions = ['f', 'g'].map((name) => ({
  logicalId: `${name}-id`,
  name,
  logGroup: `${name}-logs`,
}))
const beganMs = 1_000_000

/** The lines that an invocation of a function leaves, in the format of the log. */
const invocation = async (
  requestId: string,
  { order = 'ours-1', run = 'this-run', body = '' } = {},
): Promise<readonly string[]> => {
  const lines: string[] = []
  const tracer = createTracer(testClock(beganMs), { TRACE: `log ${run}` }, (line) => lines.push(line))
  await tracer.handler(async () => undefined)({ order, body }, { awsRequestId: requestId })
  return lines
    .flatMap((line) => logLinesOf(line, requestId))
    .map((message) => JSON.stringify({ timestamp: 't', level: 'INFO', requestId, message }))
}

const report = (requestId: string, status = 'success'): string =>
  JSON.stringify({
    time: 't',
    type: 'platform.report',
    record: { requestId, status, metrics: { durationMs: 3, billedDurationMs: 4 } },
  })

/** CloudWatch Logs with pages of two events; it may be written to between reads. */
const fakeLogs = () => {
  const events: (FilteredLogEvent & { readonly group: string })[] = []
  const asked: FilterLogEventsCommand['input'][] = []
  let refusals = 0
  const send = async ({ input }: FilterLogEventsCommand) => {
    asked.push(input)
    if (refusals > 0) {
      refusals -= 1
      throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })
    }
    const { startTime = 0, nextToken = '0' } = input
    const from = Number(nextToken)
    const found = events.filter(
      ({ group, timestamp = 0 }) => group === input.logGroupName && timestamp >= startTime,
    )
    // The first page of a busy group is often empty: it says only that there is more.
    if (input.nextToken === undefined) return { events: [], nextToken: '0' }
    return {
      events: found.slice(from, from + 2),
      ...(found.length > from + 2 ? { nextToken: String(from + 2) } : {}),
    }
  }
  return {
    clients: { logs: { send } } as unknown as LiveClients,
    asked,
    refuse: (times: number) => {
      refusals = times
    },
    write: (group: string, timestamp: number, messages: readonly string[], hasIds = true) => {
      for (const message of messages)
        events.push({
          group,
          timestamp,
          message,
          logStreamName: 's',
          ...(hasIds ? { eventId: `e-${events.length}` } : {}),
        })
      events.sort((a, b) => (a.timestamp ?? 0) - (b.timestamp ?? 0))
    },
  }
}

const isOurs = (event: unknown): boolean => String(Reflect.get(Object(event), 'order')).startsWith('ours')

const reading = (logs: ReturnType<typeof fakeLogs>, signal = new AbortController().signal) => {
  const clock = testClock(beganMs)
  return { clock, source: logSource(logs.clients, functions, { id: 'this-run', isOurs, signal }, clock) }
}

const requestsOf = ({ source }: ReturnType<typeof reading>) =>
  source.invocations.map(({ functionId, line }) => `${functionId} ${line.requestId}`)

describe('the functions’ logs', () => {
  it('are read page by page, behind empty pages too, each line once however often it is given', async () => {
    const logs = fakeLogs()
    for (const id of ['r-1', 'r-2', 'r-3'])
      logs.write('f-logs', beganMs + 5, [...(await invocation(id)), report(id)])
    logs.write('g-logs', beganMs + 9, [...(await invocation('r-4')), report('r-4')])
    const read = reading(logs)
    expect(await read.source.read()).toBe(8)
    expect(await read.source.read()).toBe(0)
    expect(requestsOf(read)).toEqual(['f-id r-1', 'f-id r-2', 'f-id r-3', 'g-id r-4'])
    expect([...read.source.reports.keys()]).toEqual(['r-1', 'r-2', 'r-3', 'r-4'])
  })

  it('give a line that turned up after younger ones, up to a minute late', async () => {
    const logs = fakeLogs()
    logs.write('f-logs', beganMs + 100_000, await invocation('young'))
    const read = reading(logs)
    await read.source.read()
    logs.write('f-logs', beganMs + 40_000, await invocation('late'))
    expect(await read.source.read()).toBe(1)
    expect(requestsOf(read)).toEqual(['f-id young', 'f-id late'])
  })

  it('give a line that turned up later still when they are read from their beginning, and none twice', async () => {
    const logs = fakeLogs()
    logs.write('f-logs', beganMs + 100_000, await invocation('young'))
    const read = reading(logs)
    await read.source.read()
    logs.write('f-logs', beganMs + 39_999, await invocation('late'))
    expect(await read.source.read()).toBe(0)
    expect(await read.source.read('beginning')).toBe(1)
    expect(requestsOf(read)).toEqual(['f-id young', 'f-id late'])
  })

  it('give no line twice where events have no id', async () => {
    const logs = fakeLogs()
    logs.write('f-logs', beganMs, await invocation('r-1'), false)
    const read = reading(logs)
    await read.source.read()
    expect(await read.source.read()).toBe(0)
  })

  it('are asked four times a second at most, and again when that was too often', async () => {
    const logs = fakeLogs()
    logs.write('g-logs', beganMs, await invocation('r-1'))
    logs.refuse(3)
    const read = reading(logs)
    await read.source.read()
    expect(requestsOf(read)).toEqual(['g-id r-1'])
    expect(logs.asked).toHaveLength(7)
    expect(read.clock.nowMs() - beganMs).toBeGreaterThanOrEqual(3_000)
  })

  it('are read no further once the run is over', async () => {
    const stopped = new Error('stopped')
    const { source } = reading(fakeLogs(), AbortSignal.abort(stopped))
    await expect(source.read()).rejects.toBe(stopped)
  })

  it('give a line that was too long for them when its last part is there', async () => {
    const logs = fakeLogs()
    const [first = '', ...others] = await invocation('r-1', { body: 'x'.repeat(300_000) })
    expect(others).toHaveLength(3)
    const read = reading(logs)
    logs.write('f-logs', beganMs, others)
    await read.source.read()
    expect(requestsOf(read)).toEqual([])
    logs.write('f-logs', beganMs, [first])
    await read.source.read()
    expect(requestsOf(read)).toEqual(['f-id r-1'])
  })
})

describe('what a log lacks', () => {
  const gapsOf = async (...messages: readonly string[]) => {
    const logs = fakeLogs()
    logs.write('f-logs', beganMs, messages)
    const { source } = reading(logs)
    await source.read()
    return { gaps: source.gaps(), invocations: source.invocations }
  }
  const none = { untold: 0, timedOut: 0, unreported: 0, astray: 0, endsUntold: 0 }

  it('is nothing where each report has its line and each line its report', async () => {
    const { gaps } = await gapsOf(...(await invocation('r-1')), report('r-1'))
    expect(gaps).toEqual(none)
  })

  it('is each invocation that was reported and not told, those that timed out among them', async () => {
    const { gaps } = await gapsOf(report('r-1'), report('r-2', 'timeout'), report('r-3', 'error'))
    expect(gaps).toEqual({ ...none, untold: 3, timedOut: 1 })
  })

  it.each([
    { name: 'was cut', damaged: (line: string) => line.slice(0, -40) },
    { name: 'is not as a function writes it', damaged: (line: string) => line.replace('requestId', 'id') },
  ])('is a line that $name', async ({ damaged }) => {
    const [line = ''] = await invocation('r-1')
    const { message, ...around } = JSON.parse(line)
    const text = JSON.stringify({ ...around, message: damaged(message) })
    expect((await gapsOf(text, report('r-1'))).gaps).toEqual({ ...none, untold: 1 })
  })

  it('is a line of which a part is missing', async () => {
    const [, ...others] = await invocation('r-1', { body: 'x'.repeat(300_000) })
    expect((await gapsOf(...others, report('r-1'))).gaps).toEqual({ ...none, untold: 1 })
  })

  it('is a report that did not come', async () => {
    const { gaps, invocations } = await gapsOf(...(await invocation('r-1')))
    expect(gaps).toEqual({ ...none, unreported: 1 })
    expect(invocations).toHaveLength(1)
  })

  it('is an invocation that an environment from before the run served: it counts nowhere', async () => {
    const { gaps, invocations } = await gapsOf(
      ...(await invocation('r-1', { run: 'last-run' })),
      report('r-1'),
    )
    expect(gaps).toEqual({ ...none, astray: 1 })
    expect(invocations).toEqual([])
  })

  it('is no order of another run, whoever served it', async () => {
    const strangers = [
      ...(await invocation('r-1', { order: 'theirs-1' })),
      ...(await invocation('r-2', { order: 'theirs-2', run: 'last-run' })),
    ]
    const { gaps, invocations } = await gapsOf(...strangers, report('r-1'), report('r-2'))
    expect(gaps).toEqual(none)
    expect(invocations).toEqual([])
  })
})
