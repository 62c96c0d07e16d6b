import { describe, expect, it } from 'vitest'
import { synth } from '../../infra/synth.ts'
import { contestants } from '../contestants.ts'
import type { JobResult } from '../jobs.ts'
import { refusals } from '../scenarios/refusals.ts'
import { steady } from '../scenarios/steady.ts'
import { builtInWorkload } from '../workload/built-in.ts'
import { fakeClients } from './fake-stack.testing.ts'
import { type LivePlan, runJobsWith } from './live-job.ts'

const orders = 3
const built = builtInWorkload({ count: orders, ratePerSecond: 1, seed: 1 })
const plan: LivePlan = {
  target: { kind: 'aws', region: 'us-east-1' },
  contestants: contestants.filter(({ id }) => id === 'choreographed'),
  scenarios: [steady, refusals],
  // All at once: what is tested here is not how long it takes.
  workload: { ...built, arrivals: built.arrivals.map((arrival) => ({ ...arrival, atMs: 0 })) },
  material: { templates: synth(), seed: 1, region: 'us-east-1' },
  patience: { stragglersMs: 300, quietMs: 10 },
  runTag: 't',
}
const named = (name: string, message = name): Error => Object.assign(new Error(message), { name })
const isOfRefusals = (input: unknown): boolean => JSON.stringify(input).includes('t-refusals')

/** Runs the plan, and gives what was finished and how it ended. */
const run = async (fake: ReturnType<typeof fakeClients>, signal = new AbortController().signal) => {
  const finished: JobResult[] = []
  const [end] = await Promise.allSettled([
    runJobsWith(
      fake.clients,
      plan,
      signal,
      () => undefined,
      (result) => finished.push(result),
    ),
  ])
  return {
    finished: finished.flatMap((result) => (result.kind === 'run' ? [result.totals] : [])),
    failure: end.status === 'rejected' ? end.reason : undefined,
  }
}

// Side by side: each waits for the wall clock.
describe.concurrent('runs on real stacks', () => {
  it('say with a number what the log did not tell of orders that ended', async () => {
    const { finished, failure } = await run(fakeClients())
    expect(failure).toBeUndefined()
    expect(finished.map(({ isBilledInPart }) => isBilledInPart)).toEqual([true, true])
    expect(finished.map(({ gaps }) => gaps)).toEqual([
      ['3 ends heard from the bus and told by no function'],
      ['3 ends heard from the bus and told by no function'],
    ])
  })

  it('that are done are kept when a later one fails', async () => {
    let [scans, isRefused] = [0, false]
    const fake = fakeClients({
      ScanCommand: () => {
        scans += 1
        // Of each run, five to see whether it may, and five to read.
        isRefused = scans > 10
        if (isRefused) throw named('AccessDeniedException', 'no dynamodb:Scan')
        return { Items: [] }
      },
    })
    const { finished, failure } = await run(fake)
    expect(finished).toHaveLength(1)
    expect(String(failure)).toMatch(/Not allowed: no dynamodb:Scan\./)
  })

  it('that are done are kept when the plan is stopped', async () => {
    const stopped = new Error('stopped')
    const controller = new AbortController()
    const fake = fakeClients({
      SendMessageCommand: (input) => {
        if (isOfRefusals(input)) controller.abort(stopped)
        else fake.end(String(JSON.parse(String(input['MessageBody'])).subject))
        return {}
      },
    })
    const { finished, failure } = await run(fake, controller.signal)
    expect(finished).toHaveLength(1)
    expect(failure).toBe(stopped)
  })

  it('end without a figure when another run has taken over their functions', async () => {
    const theirs = { Environment: { Variables: { TRACE: 'log theirs' } } }
    const { finished, failure } = await run(fakeClients({ GetFunctionConfigurationCommand: () => theirs }))
    expect(finished).toEqual([])
    expect(String(failure)).toMatch(
      /Another run has taken over the functions of Choreographed while this one ran/,
    )
  })

  const later: LivePlan = {
    ...plan,
    workload: {
      ...plan.workload,
      arrivals: built.arrivals.map((arrival) => ({ ...arrival, atMs: 60_000 })),
    },
  }
  const never = new AbortController().signal

  it('end when another run takes over their functions, whatever is still to be handed in', async () => {
    let isSet = false
    const fake = fakeClients({
      UpdateFunctionConfigurationCommand: () => {
        isSet = true
        return {}
      },
      GetFunctionConfigurationCommand: () => ({
        Environment: { Variables: isSet ? { TRACE: 'log theirs' } : {} },
      }),
    })
    const running = runJobsWith(fake.clients, later, never, () => undefined)
    await expect(running).rejects.toThrow('Another run has taken over the functions of Choreographed')
    expect(fake.asked.map(({ name }) => name)).not.toContain('SendMessageCommand')
  })

  it.each([
    { command: 'FilterLogEventsCommand', action: 'logs:FilterLogEvents' },
    { command: 'ScanCommand', action: 'dynamodb:Scan' },
  ])('change nothing and hand in nothing without $action', async ({ command, action }) => {
    const fake = fakeClients({
      [command]: () => {
        throw named('AccessDeniedException', `no ${action}`)
      },
    })
    const { failure } = await run(fake)
    expect(String(failure)).toContain(`Not allowed: no ${action}.`)
    const names = fake.asked.map(({ name }) => name)
    expect(names).not.toContain('UpdateFunctionConfigurationCommand')
    expect(names).not.toContain('SendMessageCommand')
  })

  it('bear what passes, after their orders too', async () => {
    const failing = new Set(['ReceiveMessageCommand', 'FilterLogEventsCommand', 'ScanCommand'])
    const wanted = new Map([...failing].map((name) => [name, 0]))
    const fake = fakeClients()
    for (const client of [fake.clients.sqs, fake.clients.logs, fake.clients.dynamo]) {
      const { send } = client
      const cut = (command: object) => {
        const { name } = command.constructor
        const asked = (wanted.get(name) ?? 0) + 1
        wanted.set(name, asked)
        // Each second call, the first of those after the orders among them.
        if (failing.has(name) && asked % 2 === 1)
          return Promise.reject(Object.assign(new Error('cut'), { code: 'ECONNRESET' }))
        return Reflect.apply(send, client, [command])
      }
      Object.assign(client, { send: cut })
    }
    const running = runJobsWith(fake.clients, { ...plan, scenarios: [steady] }, never, () => undefined)
    await expect(running).resolves.toHaveLength(1)
  }, 60_000)

  it('begin no more once they are stopped while the tables are read', async () => {
    const stopped = new Error('stopped')
    const controller = new AbortController()
    let scans = 0
    const fake = fakeClients({
      ScanCommand: () => {
        scans += 1
        if (scans === 10) controller.abort(stopped)
        return { Items: [] }
      },
    })
    const { failure } = await run(fake, controller.signal)
    expect(failure).toBe(stopped)
    const traces = fake.asked.filter(({ input }) => JSON.stringify(input).includes('TRACE'))
    expect(traces).toHaveLength(1)
  })
})

describe.concurrent('functions', () => {
  /** Functions that lose their right to be updated once they bear the trace. */
  const stubborn = (answers: Parameters<typeof fakeClients>[0] = {}) => {
    let updates = 0
    return fakeClients({
      UpdateFunctionConfigurationCommand: () => {
        updates += 1
        if (updates > 1) throw named('AccessDeniedException', 'no lambda:UpdateFunctionConfiguration')
        return {}
      },
      ...answers,
    })
  }

  it('tell each run by an id of its own', async () => {
    const fake = fakeClients()
    await run(fake)
    const traces = fake.asked
      .filter(({ name }) => name === 'UpdateFunctionConfigurationCommand')
      .map(({ input }) =>
        Reflect.get(Object(Reflect.get(Object(input['Environment']), 'Variables')), 'TRACE'),
      )
    expect(traces).toEqual([
      expect.stringMatching(/^log \w+$/),
      expect.stringMatching(/^log \w+$/),
      undefined,
    ])
    expect(traces[0]).not.toBe(traces[1])
  })

  it('that the instruments could not be taken off are named, behind what went wrong before', async () => {
    const fake = stubborn({
      BatchWriteCommand: () => {
        throw named('ExpiredTokenException')
      },
    })
    const { failure } = await run(fake)
    expect(String(failure)).toMatch(
      /credentials have expired: .* The variables of the-function were not set: no lambda:UpdateFunctionConfiguration\. They still have TRACE and PROVIDERS; a run with --take-over takes them off\.$/,
    )
  })

  it('that the instruments could not be taken off are an error where all else went well, and no run is lost', async () => {
    let updates = 0
    const fake = stubborn({
      UpdateFunctionConfigurationCommand: () => {
        updates += 1
        if (updates > 2) throw named('AccessDeniedException')
        return {}
      },
    })
    const { finished, failure } = await run(fake)
    expect(finished).toHaveLength(2)
    expect(String(failure)).toMatch(/^BadInput: The variables of the-function were not set/)
  })
})
