import { PutCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it } from 'vitest'
import type { FunctionCode } from '../../deploy.ts'
import { deployWorker, recordsOf, startMs, workerTemplate } from '../../stack.testing.ts'
import { environmentIdleMsMax } from './function.ts'

const minuteMs = 60_000

/** Sends one message at each of these times, counted from the start. */
const sendAt = (watched: ReturnType<typeof deployWorker>, times: readonly number[]): void => {
  for (const [index, time] of times.entries()) {
    watched.stack.kernel.at(startMs + time, () => watched.send(`${index}`))
  }
}

const idle: FunctionCode = () => async () => undefined

describe('an environment', () => {
  it('is started cold once and used again', async () => {
    let starts = 0
    const watched = deployWorker(workerTemplate(), () => {
      starts += 1
      return async () => undefined
    })
    sendAt(watched, [0, 5_000, 10_000])
    await watched.stack.kernel.run(startMs + minuteMs)
    expect(starts).toBe(1)
    expect(watched.invocations.map(({ initMs }) => initMs > 0)).toEqual([true, false, false])
  })

  it.each([
    { name: 'up to its idle time', idleMs: environmentIdleMsMax - 1000, starts: 1 },
    { name: 'no longer', idleMs: environmentIdleMsMax + 1000, starts: 2 },
  ])('is kept $name: $starts starts', async ({ idleMs, starts }) => {
    const watched = deployWorker(workerTemplate(), idle)
    sendAt(watched, [0, idleMs])
    await watched.stack.kernel.run(startMs + 2 * environmentIdleMsMax)
    expect(watched.invocations.filter(({ initMs }) => initMs > 0)).toHaveLength(starts)
  })

  it('serves one invocation at a time', async () => {
    const running = new Set<object>()
    const watched = deployWorker(workerTemplate({ mapping: { BatchSize: 1 } }), (runtime) => async () => {
      expect(running.has(runtime)).toBe(false)
      running.add(runtime)
      await runtime.clock.sleep(1000)
      running.delete(runtime)
    })
    sendAt(watched, [0, 10, 20, 30])
    await watched.stack.kernel.run(startMs + minuteMs / 2)
    expect(watched.invocations.map(({ end }) => end)).toEqual(new Array(4).fill('returned'))
    expect(watched.invocations.every(({ initMs }) => initMs > 0)).toBe(true)
  })

  it('that crashed is not used again', async () => {
    const watched = deployWorker(workerTemplate(), idle, {
      faults: { beforeReturn: ({ event }) => (recordsOf(event)[0]?.body === '0' ? 'crash' : undefined) },
    })
    sendAt(watched, [0, 5_000])
    await watched.stack.kernel.run(startMs + minuteMs / 2)
    expect(watched.invocations.map(({ end, initMs }) => [end, initMs > 0])).toEqual([
      ['crashed', true],
      ['returned', true],
    ])
  })

  it.each([
    { how: 'crash', end: 'crashed', billedMs: 0 },
    { how: 'hang', end: 'timed out', billedMs: 2_000 },
  ] as const)(
    'has done nothing when a fault lets it $how before it starts',
    async ({ how, end, billedMs }) => {
      let runs = 0
      const watched = deployWorker(
        workerTemplate({ function: { Timeout: 2 } }),
        () => async () => {
          runs += 1
        },
        { faults: { beforeStart: ({ atMs }) => (atMs < startMs + 10_000 ? how : undefined) } },
      )
      sendAt(watched, [0, 15_000])
      await watched.stack.kernel.run(startMs + minuteMs / 2)
      expect(runs).toBe(1)
      expect(watched.invocations.map((invocation) => [invocation.end, invocation.initMs > 0])).toEqual([
        [end, true],
        ['returned', true],
      ])
      const [first] = watched.invocations
      expect(first?.billedMs).toBe(Math.ceil(billedMs + (first?.initMs ?? 0)))
    },
  )

  it('whose INIT throws fails the invocation, and tries again at the next', async () => {
    let starts = 0
    const watched = deployWorker(workerTemplate(), () => {
      starts += 1
      if (starts === 1) throw new Error('no')
      return async () => undefined
    })
    sendAt(watched, [0, 5_000])
    await watched.stack.kernel.run(startMs + minuteMs / 2)
    expect(watched.invocations.map(({ end }) => end)).toEqual(['failed', 'returned'])
  })

  it('that was used last is used first', async () => {
    let count = 0
    let slow: number | undefined
    const used: number[] = []
    const watched = deployWorker(workerTemplate({ mapping: { BatchSize: 1 } }), ({ clock }) => {
      count += 1
      const number = count
      return async (event) => {
        const [record] = recordsOf(event)
        used.push(number)
        if (record?.body === '0') slow = number
        await clock.sleep(record?.body === '0' ? 3000 : 1000)
      }
    })
    sendAt(watched, [0, 10, 20_000, 40_000])
    await watched.stack.kernel.run(startMs + minuteMs)
    expect(used.slice(2)).toEqual([slow, slow])
  })

  it('that timed out sends nothing any more, and what it awaited never settles', async () => {
    const heard: string[] = []
    const watched = deployWorker(
      workerTemplate({ function: { Timeout: 1 }, mapping: { BatchSize: 1 } }),
      ({ clock, clients, env }) =>
        async (event) => {
          await clock.sleep(Number(recordsOf(event)[0]?.body))
          heard.push('awake')
          const item = new PutCommand({ TableName: env['TABLE_NAME'], Item: { pk: 'late' } })
          await clients.dynamo.send(item)
        },
    )
    watched.send('1500')
    await watched.stack.kernel.run(startMs + minuteMs / 2)
    expect(watched.invocations.map(({ end }) => end)).toEqual(['timed out'])
    expect(heard).toEqual([])
    expect([...watched.stack.table('Stack-JobTable').keys()]).toEqual([])
  })

  it('whose handler threw is used again', async () => {
    const watched = deployWorker(workerTemplate(), () => async (event) => {
      if (recordsOf(event)[0]?.body === '0') throw new TypeError('no')
    })
    sendAt(watched, [0, 5_000])
    await watched.stack.kernel.run(startMs + minuteMs / 2)
    expect(watched.invocations.map(({ end, initMs }) => [end, initMs > 0])).toEqual([
      ['failed', true],
      ['returned', false],
    ])
  })
})

describe('an invocation', () => {
  it.each([
    { name: 'just in time', sleepMs: 1999, end: 'returned' },
    { name: 'at its timeout', sleepMs: 2000, end: 'timed out' },
    { name: 'too late', sleepMs: 2001, end: 'timed out' },
  ])('that ends $name has $end', async ({ sleepMs, end }) => {
    const watched = deployWorker(workerTemplate({ function: { Timeout: 2 } }), ({ clock }) => async () => {
      await clock.sleep(sleepMs)
    })
    sendAt(watched, [0])
    await watched.stack.kernel.run(startMs + minuteMs / 2)
    expect(watched.invocations.map((invocation) => invocation.end)).toEqual([end])
  })

  it('is billed for INIT and duration together, rounded up to a millisecond, by memory', async () => {
    const watched = deployWorker(workerTemplate(), ({ clock }) => async () => {
      await clock.sleep(10.2)
    })
    sendAt(watched, [0, 5_000])
    await watched.stack.kernel.run(startMs + minuteMs / 2)
    const [cold, warm] = watched.invocations
    expect(cold?.billedMs).toBe(Math.ceil(10.2 + (cold?.initMs ?? 0)))
    expect(warm?.billedMs).toBe(11)
    expect(watched.metered.get('lambda.gbMs')).toBe(((cold?.billedMs ?? 0) + 11) / 2)
    expect(watched.metered.get('lambda.request')).toBe(2)
    expect(watched.metered.get('logs.bytes')).toBe(2 * 267 + 180)
  })

  it.each([
    { name: 'timed out: its whole timeout', sleepMs: 5_000, crashes: false, billedMs: 2_000 },
    { name: 'crashed: until the crash', sleepMs: 700, crashes: true, billedMs: 700 },
  ])('is billed when it $name, and INIT on top', async ({ sleepMs, crashes, billedMs }) => {
    const watched = deployWorker(
      workerTemplate({ function: { Timeout: 2 } }),
      ({ clock }) =>
        async () => {
          await clock.sleep(sleepMs)
        },
      { faults: { beforeReturn: () => (crashes ? 'crash' : undefined) } },
    )
    sendAt(watched, [0])
    await watched.stack.kernel.run(startMs + minuteMs / 2)
    const [invocation] = watched.invocations
    expect(invocation?.billedMs).toBe(Math.ceil(billedMs + (invocation?.initMs ?? 0)))
  })

  it('gets the environment of the template', async () => {
    let table: string | undefined
    const watched = deployWorker(workerTemplate(), ({ env }) => async () => {
      table = env['TABLE_NAME']
    })
    sendAt(watched, [0])
    await watched.stack.kernel.run(startMs + minuteMs / 2)
    expect(table).toBe('Stack-JobTable')
  })
})

describe('a template is refused', () => {
  it.each([
    {
      name: 'for a handler without code',
      template: workerTemplate({ function: { Handler: 'jobs.rest' } }),
      says: 'AWS::Lambda::Function "JobFunction": no code was given for the handler "jobs.rest" (given: jobs.work)',
    },
    {
      name: 'for a property of a function that is not modelled',
      template: workerTemplate({ function: { SnapStart: { ApplyOn: 'PublishedVersions' } } }),
      says: 'AWS::Lambda::Function "JobFunction": SnapStart is not modelled',
    },
    {
      name: 'for a property of a mapping that is not modelled',
      template: workerTemplate({ mapping: { ProvisionedPollerConfig: {} } }),
      says: 'AWS::Lambda::EventSourceMapping "JobMapping": ProvisionedPollerConfig is not modelled',
    },
    ...[127, 10_241].map((MemorySize) => ({
      name: `for ${MemorySize} MB`,
      template: workerTemplate({ function: { MemorySize } }),
      says: 'MemorySize: expected an integer from 128 to 10240',
    })),
    ...[0, 901].map((Timeout) => ({
      name: `for a timeout of ${Timeout} s`,
      template: workerTemplate({ function: { Timeout } }),
      says: 'Timeout: expected an integer from 1 to 900',
    })),
    ...[
      'Layers',
      'VpcConfig',
      'FileSystemConfigs',
      'TracingConfig',
      'EphemeralStorage',
      'ImageConfig',
      'CodeSigningConfigArn',
      'KmsKeyArn',
      'RuntimeManagementConfig',
      'RecursiveLoop',
      'DurableConfig',
    ].map((property) => ({
      name: `for ${property}, by name`,
      template: workerTemplate({ function: { [property]: {} } }),
      says: `${property} is not modelled`,
    })),
    {
      name: 'for a visibility timeout below the function timeout',
      template: workerTemplate({ queue: { VisibilityTimeout: 9 } }),
      says: 'Queue visibility timeout: 9 seconds is less than Function timeout: 10 seconds',
    },
    {
      name: 'for a role that may not poll',
      template: workerTemplate({ actions: ['sqs:ReceiveMessage'] }),
      says: 'The function execution role does not have permissions to call DeleteMessage on SQS',
    },
  ])('$name', ({ template, says }) => {
    expect(() => deployWorker(template, idle)).toThrow(says)
  })
})
