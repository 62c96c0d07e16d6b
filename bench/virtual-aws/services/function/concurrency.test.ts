import { TooManyRequestsException } from '@aws-sdk/client-lambda'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../../world.ts'
import type { Resources } from '../small-world.ts'
import { accountConcurrencyMax, environmentsAtOnceMax } from './concurrency.ts'
import type { FunctionCode } from './environment.ts'
import { type FunctionWorld, functionF, functionWorld, roleArn, startMs } from './function-world.testing.ts'

const named = (name: string, properties: Readonly<Record<string, unknown>>): Resources => ({
  [name]: {
    Type: 'AWS::Lambda::Function',
    Properties: { FunctionName: name, Handler: 'f', Role: roleArn, Code: {}, Timeout: 900, ...properties },
  },
})
const sleeps =
  (ms: number): FunctionCode =>
  ({ clock }) =>
  async () => {
    await clock.sleep(ms)
  }

/** Invokes so many times in one instant; the answers come as the kernel runs. */
const invokeMany = (test: FunctionWorld, count: number, FunctionName = 'F'): Answer[] => {
  const answers: Answer[] = []
  const request = {
    by: 'caller',
    principal: { kind: 'outside' },
    service: 'lambda',
    action: 'Invoke',
    input: { FunctionName },
  } as const
  for (let index = 0; index < count; index += 1) test.world.call(request, (answer) => answers.push(answer))
  return answers
}
const reasonsIn = (answers: readonly Answer[]): unknown[] =>
  answers.flatMap((answer) =>
    answer.ok ? [] : [answer.error instanceof TooManyRequestsException && answer.error.Reason],
  )

describe('the concurrency of the account', () => {
  it('is 1,000 for all functions together that reserve none', async () => {
    const test = functionWorld(
      { ...named('F', {}), ...named('G', {}), ...named('R', { ReservedConcurrentExecutions: 10 }) },
      sleeps(60_000),
    )
    const answers = [invokeMany(test, 600, 'F'), invokeMany(test, 600, 'G'), invokeMany(test, 10, 'R')]
    await test.pass(1000)
    expect(answers.map(reasonsIn)).toEqual([
      [],
      new Array(600 - 390).fill('ConcurrentInvocationLimitExceeded'),
      [],
    ])
  })

  it('is what its neighbours leave of it, as long as they run', async () => {
    const test = functionWorld(
      { ...named('F', {}), ...named('R', { ReservedConcurrentExecutions: 10 }) },
      sleeps(100),
    )
    test.neighboursRun(990)
    const squeezed = [invokeMany(test, 10, 'F'), invokeMany(test, 1, 'F'), invokeMany(test, 10, 'R')]
    await test.pass(5000)
    expect(squeezed.map(reasonsIn)).toEqual([
      new Array(10).fill('ConcurrentInvocationLimitExceeded'),
      ['ConcurrentInvocationLimitExceeded'],
      [],
    ])
    test.neighboursRun(0)
    const free = invokeMany(test, 900, 'F')
    await test.pass(5000)
    expect(reasonsIn(free)).toEqual([])
  })

  it.each([
    { name: '900 for one', reserved: [900], refused: false },
    { name: '901 for one', reserved: [901], refused: true },
    { name: '450 for each of two', reserved: [450, 450], refused: false },
    { name: '450 and 451', reserved: [450, 451], refused: true },
  ])('keeps 100 unreserved: $name is refused: $refused', ({ reserved, refused }) => {
    const resources = Object.assign(
      {},
      ...reserved.map((count, index) => named(`F${index}`, { ReservedConcurrentExecutions: count })),
    )
    const deploy = () => functionWorld(resources, sleeps(0))
    if (!refused) expect(deploy).not.toThrow()
    else {
      expect(deploy).toThrow(
        "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
      )
    }
  })
})

describe('reserved concurrency', () => {
  it.each([
    { name: 'one', reserved: 1 },
    { name: 'none at all', reserved: 0 },
  ])('of $name lets so many run, and refuses the others with the reason', async ({ reserved }) => {
    const test = functionWorld(functionF({ ReservedConcurrentExecutions: reserved }), sleeps(1000))
    const answers = invokeMany(test, 3)
    await test.pass(10_000)
    expect(test.invocations).toHaveLength(reserved)
    expect(reasonsIn(answers)).toEqual(
      new Array(3 - reserved).fill('ReservedFunctionConcurrentInvocationLimitExceeded'),
    )
    expect(test.throttles.map(({ quota, effect }) => [quota, effect])).toEqual(
      new Array(3 - reserved).fill(['lambda.ConcurrentExecutions', 'rejected']),
    )
  })

  it('is refused as AWS words it, with status 429', async () => {
    const test = functionWorld(functionF({ ReservedConcurrentExecutions: 0 }), sleeps(0))
    const answer = await test.invoke()
    const error = answer.ok ? undefined : answer.error
    expect(error).toBeInstanceOf(TooManyRequestsException)
    expect(error).toMatchObject({ message: 'Rate Exceeded.', $metadata: { httpStatusCode: 429 } })
  })
})

/** https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html (read 2026-11-25) */
describe('the growth of a function', () => {
  /** Its environments die after a second, so that each invocation needs a new one. */
  const mortal = { Timeout: 1 }

  it('is 1,000 environments at once, then 100 a second', async () => {
    const test = functionWorld(functionF(mortal), sleeps(5000))
    expect(reasonsIn(invokeMany(test, environmentsAtOnceMax))).toEqual([])
    await test.pass(2000)
    expect(test.invocations.map(({ end }) => end)).toEqual(new Array(environmentsAtOnceMax).fill('timed out'))
    const answers = invokeMany(test, 250)
    await test.pass(2000)
    expect(reasonsIn(answers)).toEqual(new Array(50).fill('FunctionInvocationRateLimitExceeded'))
    expect(new Set(test.throttles.map(({ quota }) => quota))).toEqual(
      new Set(['lambda.ConcurrencyScalingRate']),
    )
  })

  it('is not saved up', async () => {
    const test = functionWorld(functionF(mortal), sleeps(5000))
    await test.pass(3_600_000)
    invokeMany(test, environmentsAtOnceMax)
    await test.pass(1950)
    expect(reasonsIn(invokeMany(test, environmentsAtOnceMax))).toHaveLength(environmentsAtOnceMax - 195)
  })

  it('is a function’s own', async () => {
    const test = functionWorld({ ...named('F', mortal), ...named('G', mortal) }, sleeps(5000))
    invokeMany(test, environmentsAtOnceMax, 'F')
    await test.pass(2000)
    expect(reasonsIn(invokeMany(test, environmentsAtOnceMax, 'G'))).toEqual([])
  })

  it('does not count environments that are used again', async () => {
    const test = functionWorld(functionF(), sleeps(10))
    invokeMany(test, environmentsAtOnceMax)
    await test.pass(2000)
    const answers = invokeMany(test, environmentsAtOnceMax)
    await test.pass(2000)
    expect(reasonsIn(answers)).toEqual([])
    expect(test.invocations.filter(({ initMs }) => initMs > 0)).toHaveLength(environmentsAtOnceMax)
  })

  it('that is refused gives back the place that it had taken', async () => {
    const test = functionWorld(functionF(mortal), sleeps(5000))
    invokeMany(test, environmentsAtOnceMax)
    await test.pass(2000)
    invokeMany(test, 2 * environmentsAtOnceMax)
    await test.pass(10_000)
    expect(reasonsIn(invokeMany(test, accountConcurrencyMax))).toEqual([])
  })
})

it('never more run at once than the reservation, the account and the growth allow', async () => {
  const anyBurst = fc.record({
    atMs: fc.integer({ min: 0, max: 5000 }),
    count: fc.integer({ min: 1, max: 40 }),
    ms: fc.integer({ min: 0, max: 2500 }),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyBurst, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 0, max: 30 }),
      async (bursts, reserved) => {
        let running = 0
        let runningMax = 0
        const test = functionWorld(
          functionF({ ReservedConcurrentExecutions: reserved, Timeout: 2 }),
          ({ clock }) =>
            async (event) => {
              running += 1
              runningMax = Math.max(runningMax, running)
              await clock.sleep(Math.min(event as number, 1999))
              running -= 1
            },
        )
        for (const { atMs, count, ms } of bursts) {
          test.kernel.at(startMs + atMs, () => {
            for (let index = 0; index < count; index += 1) test.start({ Payload: ms })
          })
        }
        await test.pass(60_000)
        expect(runningMax).toBeLessThanOrEqual(reserved)
        expect(running).toBe(0)
        const started = test.invocations.length
        const refused = test.throttles.length
        expect(started + refused).toBe(bursts.reduce((sum, { count }) => sum + count, 0))
      },
    ),
    { seed: 20_261_125, numRuns: 60 },
  )
})
