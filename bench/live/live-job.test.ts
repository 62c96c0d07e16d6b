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
        isRefused = scans > 5
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

  it('end when the log cannot be read, whatever is still to be handed in', async () => {
    const later = {
      ...plan.workload,
      arrivals: built.arrivals.map((arrival) => ({ ...arrival, atMs: 60_000 })),
    }
    const fake = fakeClients({
      FilterLogEventsCommand: () => {
        throw named('AccessDeniedException', 'no logs:FilterLogEvents')
      },
    })
    const running = runJobsWith(
      fake.clients,
      { ...plan, workload: later },
      new AbortController().signal,
      () => undefined,
    )
    await expect(running).rejects.toThrow('Not allowed: no logs:FilterLogEvents.')
    expect(fake.asked.map(({ name }) => name)).not.toContain('SendMessageCommand')
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
      ScanCommand: () => {
        throw named('ThrottlingException', 'Rate exceeded')
      },
    })
    const { failure } = await run(fake)
    expect(String(failure)).toMatch(
      /AWS throttles requests in us-east-1: Rate exceeded\..* The variables of the-function were not set: no lambda:UpdateFunctionConfiguration\. They still have TRACE and PROVIDERS; the next run takes them off\.$/,
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
