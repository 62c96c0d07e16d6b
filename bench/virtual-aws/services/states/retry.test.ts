import { describe, expect, it } from 'vitest'
import type { Failure } from './failure.ts'
import type { Integration } from './integrations/integration.ts'
import { createTestWorld, runDefinition } from './testing.ts'

/** A task that always fails, with the errors given in turn; it notes when it was called. */
const failing = (errors: readonly string[]) => {
  const calledMs: number[] = []
  const integration: Integration = {
    waitsForToken: false,
    parameters: undefined,
    call: ({ world }, done) => {
      calledMs.push(world.kernel.nowMs)
      const error = errors[Math.min(calledMs.length, errors.length) - 1] ?? 'Broken'
      const failure: Failure = { error, cause: `call ${calledMs.length}` }
      done(error === 'none' ? { ok: true, output: 'done' } : { ok: false, failure })
    },
  }
  return { calledMs, options: { integration: () => integration } }
}

const machine = (retry: unknown, more: object = {}) => ({
  QueryLanguage: 'JSONata',
  StartAt: 'Work',
  States: {
    Work: { Type: 'Task', Resource: 'mock', Retry: retry, End: true, ...more },
  },
})

/** Seconds between calls. */
const gapsOf = (calledMs: readonly number[]): readonly number[] =>
  calledMs.slice(1).map((atMs, index) => (atMs - (calledMs[index] ?? 0)) / 1000)

const source = 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html'

describe(`Retry (${source})`, () => {
  it.each([
    { name: 'defaults: after 1, 2 and 4 seconds, three times', retrier: {}, gaps: [1, 2, 4] },
    {
      name: 'a rate of 1.5 over 3 seconds',
      retrier: { IntervalSeconds: 3, BackoffRate: 1.5 },
      gaps: [3, 4.5, 6.75],
    },
    {
      name: 'a rate of 1 does not back off',
      retrier: { BackoffRate: 1, MaxAttempts: 4 },
      gaps: [1, 1, 1, 1],
    },
    { name: 'a cap that is reached', retrier: { MaxAttempts: 5, MaxDelaySeconds: 3 }, gaps: [1, 2, 3, 3, 3] },
    {
      name: 'a cap that is met exactly',
      retrier: { MaxAttempts: 4, MaxDelaySeconds: 4 },
      gaps: [1, 2, 4, 4],
    },
    { name: 'no attempts', retrier: { MaxAttempts: 0 }, gaps: [] },
    { name: 'one attempt', retrier: { MaxAttempts: 1 }, gaps: [1] },
  ])('waits exactly as stated, without jitter: $name', async ({ retrier, gaps }) => {
    const { calledMs, options } = failing(['Broken'])
    const { execution } = await runDefinition(
      createTestWorld(),
      machine([{ ErrorEquals: ['Broken'], ...retrier }]),
      {},
      options,
    )
    expect(gapsOf(calledMs)).toEqual(gaps)
    expect(execution.status).toBe('FAILED')
    expect(execution.failure?.error).toBe('Broken')
  })

  it('draws full jitter uniformly from nothing to the delay, the same for the same seed', async () => {
    const run = async (seed: number) => {
      const { calledMs, options } = failing(['Broken'])
      const retrier = {
        ErrorEquals: ['Broken'],
        IntervalSeconds: 10,
        BackoffRate: 1,
        MaxAttempts: 400,
        JitterStrategy: 'FULL',
      }
      await runDefinition(createTestWorld({ seed }), machine([retrier]), {}, options)
      return gapsOf(calledMs)
    }
    const gaps = await run(1)
    expect(gaps).toEqual(await run(1))
    expect(gaps).not.toEqual(await run(2))
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...gaps)).toBeLessThan(10)
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length).toBeCloseTo(5, 0)
  })

  it('counts attempts for each retrier on its own', async () => {
    const { calledMs, options } = failing(['A', 'B', 'A', 'B', 'A'])
    await runDefinition(
      createTestWorld(),
      machine([
        { ErrorEquals: ['A'], IntervalSeconds: 10, MaxAttempts: 2 },
        { ErrorEquals: ['B'], IntervalSeconds: 1, MaxAttempts: 2 },
      ]),
      {},
      options,
    )
    expect(gapsOf(calledMs)).toEqual([10, 1, 20, 2])
  })

  it('asks the first retrier that names the error, and no later one when that is exhausted', async () => {
    const { calledMs, options } = failing(['A'])
    await runDefinition(
      createTestWorld(),
      machine([
        { ErrorEquals: ['A'], MaxAttempts: 1 },
        { ErrorEquals: ['States.ALL'], MaxAttempts: 5 },
      ]),
      {},
      options,
    )
    expect(calledMs).toHaveLength(2)
  })

  it('is billed: each retry is one more transition, told with its number', async () => {
    const test = createTestWorld()
    const { options } = failing(['Broken', 'Broken', 'none'])
    const { execution } = await runDefinition(test, machine([{ ErrorEquals: ['Broken'] }]), {}, options)
    expect(execution.status).toBe('SUCCEEDED')
    expect(test.transitions.map(({ state, retry }) => [state, retry])).toEqual([
      ['Work', 0],
      ['Work', 1],
      ['Work', 2],
    ])
  })

  it('takes as long as a transition after its delay, and waits for the quota as one does', async () => {
    const test = createTestWorld({ latenciesMs: { 'states.transition': 90 }, transitionDelayMs: 10 })
    const { calledMs, options } = failing(['Broken'])
    await runDefinition(test, machine([{ ErrorEquals: ['Broken'], MaxAttempts: 2 }]), {}, options)
    expect(gapsOf(calledMs)).toEqual([1.1, 2.1])
  })

  it('ends where the history is full: after 25,000 events the execution fails', async () => {
    const { calledMs, options } = failing(['Broken'])
    const retry = [{ ErrorEquals: ['Broken'], BackoffRate: 1, MaxAttempts: 99_999 }]
    const { execution } = await runDefinition(createTestWorld(), machine(retry), {}, options)
    expect(execution.status).toBe('FAILED')
    expect(execution.failure?.error).toBe('States.Runtime')
    // Scheduled, started and failed: three events an attempt.
    expect(calledMs).toHaveLength(Math.ceil((25_000 - 2) / 3))
  })

  it('keeps the time at which the state was entered, and counts the retries in the context', async () => {
    const seen: unknown[] = []
    const integration: Integration = {
      waitsForToken: false,
      parameters: undefined,
      call: ({ payload }, done) => {
        seen.push(payload)
        done({ ok: false, failure: { error: 'Broken', cause: null } })
      },
    }
    const Arguments = '{% [$states.context.State.EnteredTime, $states.context.State.RetryCount] %}'
    const definition = machine([{ ErrorEquals: ['Broken'], MaxAttempts: 1 }], { Arguments })
    await runDefinition(createTestWorld(), definition, {}, { integration: () => integration })
    expect(seen).toEqual([
      ['2026-01-05T00:00:00Z', 0],
      ['2026-01-05T00:00:00Z', 1],
    ])
  })
})

describe(`Error names (${source})`, () => {
  it.each([
    { names: ['States.ALL'], error: 'Custom', caught: true },
    { names: ['States.ALL'], error: 'States.Timeout', caught: true },
    { names: ['States.ALL'], error: 'States.Runtime', caught: false },
    { names: ['States.Runtime'], error: 'States.Runtime', caught: false },
    { names: ['States.TaskFailed'], error: 'Custom', caught: true },
    { names: ['States.TaskFailed'], error: 'States.Timeout', caught: false },
    { names: ['States.Timeout'], error: 'States.Timeout', caught: true },
    { names: ['custom'], error: 'Custom', caught: false },
    { names: ['Other', 'Custom'], error: 'Custom', caught: true },
  ])('$names catches $error: $caught', async ({ names, error, caught }) => {
    const { options } = failing([error])
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'Work',
      States: {
        Work: { Type: 'Task', Resource: 'mock', Catch: [{ ErrorEquals: names, Next: 'Caught' }], End: true },
        Caught: { Type: 'Pass', End: true },
      },
    }
    const { execution } = await runDefinition(createTestWorld(), definition, {}, options)
    expect(execution.status).toBe(caught ? 'SUCCEEDED' : 'FAILED')
    if (caught) expect(execution.output).toEqual({ Error: error, Cause: 'call 1' })
  })

  it.each(['States.Timeout', 'States.HeartbeatTimeout'])('%s catches an expired heartbeat', async (name) => {
    const silent: Integration = {
      waitsForToken: true,
      parameters: undefined,
      call: () => undefined,
    }
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'Work',
      States: {
        Work: {
          Type: 'Task',
          Resource: 'mock',
          HeartbeatSeconds: 5,
          Catch: [{ ErrorEquals: [name], Next: 'Caught' }],
          End: true,
        },
        Caught: { Type: 'Pass', End: true },
      },
    }
    const { execution, elapsedMs } = await runDefinition(
      createTestWorld(),
      definition,
      {},
      { integration: () => silent },
    )
    expect(execution.output).toEqual({ Error: 'States.Timeout', Cause: '' })
    expect(elapsedMs).toBe(5000)
  })
})

describe('Catch', () => {
  it('is asked after the retries, and may assign variables and choose its output', async () => {
    const { calledMs, options } = failing(['Broken'])
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'Work',
      States: {
        Work: {
          Type: 'Task',
          Resource: 'mock',
          Retry: [{ ErrorEquals: ['Broken'], MaxAttempts: 2 }],
          Catch: [
            {
              ErrorEquals: ['Broken'],
              Assign: { why: '{% $states.errorOutput.Error %}' },
              Output: { kept: '{% $states.input.order %}' },
              Next: 'After',
            },
          ],
          End: true,
        },
        After: { Type: 'Pass', Output: { why: '{% $why %}', input: '{% $states.input %}' }, End: true },
      },
    }
    const { execution } = await runDefinition(createTestWorld(), definition, { order: 7 }, options)
    expect(calledMs).toHaveLength(3)
    expect(execution.output).toEqual({ why: 'Broken', input: { kept: 7 } })
  })

  it('does not catch what fails in itself', async () => {
    const { options } = failing(['Broken'])
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'Work',
      States: {
        Work: {
          Type: 'Task',
          Resource: 'mock',
          Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $nowhere %}', Next: 'After' }],
          End: true,
        },
        After: { Type: 'Pass', End: true },
      },
    }
    const { execution } = await runDefinition(createTestWorld(), definition, {}, options)
    expect(execution.status).toBe('FAILED')
    expect(execution.failure?.error).toBe('States.QueryEvaluationError')
  })

  it('puts the error beside the input where a JSONPath ResultPath says so', async () => {
    const { options } = failing(['Broken'])
    const definition = {
      StartAt: 'Work',
      States: {
        Work: {
          Type: 'Task',
          Resource: 'mock',
          Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.problem', Next: 'After' }],
          End: true,
        },
        After: { Type: 'Pass', End: true },
      },
    }
    const { execution } = await runDefinition(createTestWorld(), definition, { order: 7 }, options)
    expect(execution.output).toEqual({ order: 7, problem: { Error: 'Broken', Cause: 'call 1' } })
  })
})
