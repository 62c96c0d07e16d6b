import { describe, expect, it } from 'vitest'
import { observedPaths } from '../measure/hops.ts'
import type { ExecutionTrace } from './histories.ts'
import { hopsOf } from './hops.ts'
import type { LiveTraces } from './observations.ts'
import type { TracedCall, TraceLine } from './trace-line.ts'

const orderId = 'tag-steady-order-000001'

const call = (action: string, startedMs: number, endedMs: number, more: Partial<TracedCall> = {}) => ({
  action,
  input: {},
  output: {},
  attempts: 1,
  startedMs,
  endedMs,
  ...more,
})

const line = (startedMs: number, more: Partial<TraceLine> = {}): TraceLine => ({
  trace: 1,
  functionName: 'f',
  cold: false,
  memoryMiB: 512,
  requestId: `request-${startedMs}`,
  startedMs,
  endedMs: startedMs + 30,
  event: {},
  result: undefined,
  calls: [],
  providers: [],
  ...more,
})

const envelope = { id: 'm', type: 'ReserveInventory', subject: orderId }

const records = (sentMs: number, body: unknown, more: object = {}) => ({
  Records: [
    {
      messageId: `message-${sentMs}`,
      body: JSON.stringify(body),
      attributes: { SentTimestamp: String(sentMs), ApproximateReceiveCount: '1' },
      eventSourceARN: 'arn:aws:sqs:us-east-1:111122223333:Queue',
      ...more,
    },
  ],
})

const task = (token: string) => ({ taskToken: token, command: envelope })

const execution = (startedMs: number, ...enteredMs: readonly number[]): ExecutionTrace => {
  const of = { machineId: 'Machine', executionName: orderId }
  return {
    transitions: enteredMs.map((atMs) => ({ ...of, state: 'S', atMs, retry: 0 })),
    end: { ...of, status: 'SUCCEEDED', startedMs, endedMs: startedMs + 9_000 },
    events: 2,
  }
}

const seen = ({ lines = [], ...more }: Partial<LiveTraces> & { readonly lines?: readonly TraceLine[] }) => {
  const traces = {
    stack: { stackName: 'S', outputs: {}, resources: [] },
    wiring: {
      mappingOf: new Map(),
      queueOf: new Map(),
      ruleOf: new Map(),
      stateMachine: 'Machine',
    },
    submissions: [],
    invocations: lines.map((each) => ({ functionId: 'F', line: each })),
    reports: new Map(),
    executions: [],
    ...more,
  } as LiveTraces
  return Object.fromEntries(observedPaths([hopsOf(traces)]).map(({ path, ...figures }) => [path, figures]))
}

describe('a call of a function', () => {
  it('takes from its start to its answer', () => {
    const found = seen({ lines: [line(1_000, { calls: [call('GetItem', 1_001, 1_006)] })] })
    expect(found['dynamodb.read']).toMatchObject({ n: 1, p50: 5, max: 5 })
  })

  it.each([
    { name: 'by a cold invocation, which opens connections first', cold: true, more: {} },
    { name: 'that the SDK made twice', cold: false, more: { attempts: 2 } },
    { name: 'that was refused', cold: false, more: { error: 'ConditionalCheckFailedException' } },
  ])('$name is left out', ({ cold, more }) => {
    const lines = [line(1_000, { cold, calls: [call('PutItem', 1_001, 1_006, more)] })]
    expect(seen({ lines })).toEqual({})
  })
})

describe('a call at the front door', () => {
  const submission = {
    orderId,
    intendedMs: 900,
    sentMs: 1_000,
    answeredMs: 1_090,
    attempts: 1,
    error: undefined,
  }

  it('counts from when it was made, however late that was', () => {
    expect(seen({ submissions: [submission] })['front door: StartExecution']).toMatchObject({ p50: 90 })
  })

  it('that was refused is left out', () => {
    expect(seen({ submissions: [{ ...submission, error: 'ThrottlingException: no' }] })).toEqual({})
  })

  it('that the SDK made twice is left out: it holds the first one and the wait after it', () => {
    expect(seen({ submissions: [{ ...submission, attempts: 2 }] })).toEqual({})
  })
})

describe('a delivery', () => {
  const event = records(1_000, task('t'))

  it('takes from the timestamp of the message to the start of the handler', () => {
    expect(seen({ lines: [line(1_014, { event })] })['sqs.deliver']).toMatchObject({ n: 1, p50: 14 })
  })

  it('of a FIFO queue is a hop of its own', () => {
    const fifo = records(1_000, task('t'), { eventSourceARN: 'arn:aws:sqs:us-east-1:111122223333:Q.fifo' })
    expect(Object.keys(seen({ lines: [line(1_014, { event: fifo })] }))).toEqual(['sqs.deliverFifo'])
  })

  it('to a cold function is left out', () => {
    expect(seen({ lines: [line(1_400, { event, cold: true })] })).toEqual({})
  })

  it('while another one starts cold is left out: it may have waited for the poller', () => {
    const cold = line(1_300, { event: records(990, task('t0')), cold: true })
    expect(seen({ lines: [cold, line(1_320, { event })] })).toEqual({})
    const later = line(1_514, { event: records(1_500, task('t2')) })
    expect(seen({ lines: [cold, later] })['sqs.deliver']).toMatchObject({ n: 1, p50: 14 })
  })

  it('that is not the first is left out', () => {
    const attributes = { SentTimestamp: '1000', ApproximateReceiveCount: '2' }
    expect(seen({ lines: [line(61_000, { event: records(1_000, task('t'), { attributes }) })] })).toEqual({})
  })

  it('that ends before it begins is counted and is in no quantile', () => {
    expect(seen({ lines: [line(998, { event })] })['sqs.deliver']).toMatchObject({ n: 0, backwards: 1 })
  })
})

describe('the first task of an execution', () => {
  it('is asked for from the start of the execution to the timestamp of its message', () => {
    const found = seen({
      lines: [line(1_100, { event: records(1_085, task('t')) })],
      executions: [execution(1_000, 1_000)],
    })
    expect(found['states.start → queue']).toMatchObject({ n: 1, p50: 85 })
  })

  it('of a function is asked for to the start of the handler', () => {
    const found = seen({ lines: [line(1_090, { event: envelope })], executions: [execution(1_000, 1_000)] })
    expect(found['states.start → function']).toMatchObject({ n: 1, p50: 90 })
  })

  it('of a cold function is left out', () => {
    const lines = [line(1_390, { event: envelope, cold: true })]
    expect(seen({ lines, executions: [execution(1_000, 1_000)] })['states.start → function']).toBeUndefined()
  })
})

describe('a further task', () => {
  const answer = call('SendTaskSuccess', 1_120, 1_132, { input: { taskToken: 't1' } })
  const lines = [
    line(1_100, { event: records(1_085, task('t1')), calls: [answer] }),
    line(1_240, { event: records(1_222, task('t2')) }),
  ]

  it('is asked for from half way through the answer to the timestamp of the next message', () => {
    const found = seen({ lines, executions: [execution(1_000, 1_000, 1_200)] })
    expect(found['states.transition → queue']).toMatchObject({ n: 1, p50: 96 })
  })

  it('of a function is asked for from the end of one handler to the start of the next', () => {
    const direct = [line(1_090, { event: envelope }), line(1_220, { event: envelope })]
    const found = seen({ lines: direct, executions: [execution(1_000, 1_000, 1_200)] })
    expect(found['states.transition → function']).toMatchObject({ n: 1, p50: 100 })
  })

  it('that comes after another state, a Choice, is left out: it holds two transitions', () => {
    const found = seen({ lines, executions: [execution(1_000, 1_000, 1_180, 1_200)] })
    expect(found['states.transition → queue']).toBeUndefined()
  })

  it('that comes after a Retry is left out: it holds the wait before it', () => {
    const whole = execution(1_000, 1_000, 1_200)
    const transitions = whole.transitions.map((each) => (each.atMs === 1_200 ? { ...each, retry: 1 } : each))
    const found = seen({ lines, executions: [{ ...whole, transitions }] })
    expect(found['states.transition → queue']).toBeUndefined()
  })
})

describe('an event', () => {
  const put = call('PutEvents', 1_000, 1_012, { output: { Entries: [{ EventId: 'e1' }] } })
  const event = (id: string) =>
    records(1_090, { version: '0', id, 'detail-type': 'OrderCreated', detail: envelope })

  it('is routed from half way through PutEvents to the timestamp of the message in the queue', () => {
    const found = seen({ lines: [line(990, { calls: [put] }), line(1_100, { event: event('e1') })] })
    expect(found['events.route → queue']).toMatchObject({ n: 1, p50: 84 })
  })

  it('whose PutEvents nobody told of is left out', () => {
    const found = seen({ lines: [line(990, { calls: [put] }), line(1_100, { event: event('e2') })] })
    expect(found['events.route → queue']).toBeUndefined()
  })
})

describe('a cold start', () => {
  const cold = line(1_000, { cold: true })

  it('takes what Lambda reports of it', () => {
    const report = { requestId: cold.requestId, billedMs: 160, initMs: 131.5, isTimeout: false }
    const found = seen({ lines: [cold], reports: new Map([[cold.requestId, report]]) })
    expect(found['lambda.init']).toMatchObject({ n: 1, p50: 131.5 })
  })

  it('that nobody reports is left out', () => {
    expect(seen({ lines: [cold] })).toEqual({})
  })
})
