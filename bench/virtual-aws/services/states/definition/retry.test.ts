import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runAsl } from '../../../asl.ts'
import { delayMs, jittered, type Retrier } from './retry.ts'

const retrying = (retrier: object, list = 'Retry') => ({
  StartAt: 'Work',
  States: {
    Work: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      [list]: [retrier],
      End: true,
    },
  },
})

const source = 'https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html'

describe(`A retrier (${source}, read 2026-11-25)`, () => {
  it.each([
    ...[1, 99_999_999].map((value) => ({ field: 'IntervalSeconds', value })),
    ...[0, 1, 99_999_999].map((value) => ({ field: 'MaxAttempts', value })),
    ...[1, 1.0001, 1000].map((value) => ({ field: 'BackoffRate', value })),
    ...[1, 31_622_400].map((value) => ({ field: 'MaxDelaySeconds', value })),
    ...['FULL', 'NONE'].map((value) => ({ field: 'JitterStrategy', value })),
  ])('may have a $field of $value', async ({ field, value }) => {
    const definition = retrying({ ErrorEquals: ['Broken'], [field]: value })
    expect(await runAsl({ definition })).toMatchObject({ status: 'SUCCEEDED' })
  })

  it.each([
    ...[0, -1, 1.5, 100_000_000, '1', null].map((value) => ({ field: 'IntervalSeconds', value })),
    ...[-1, 0.5, 100_000_000, '3'].map((value) => ({ field: 'MaxAttempts', value })),
    ...[0.9999, 0, -2, '2'].map((value) => ({ field: 'BackoffRate', value })),
    ...[0, -1, 1.5, 31_622_401].map((value) => ({ field: 'MaxDelaySeconds', value })),
    ...['HALF', 'full', 1].map((value) => ({ field: 'JitterStrategy', value })),
    ...[[], 'Broken', [1]].map((value) => ({ field: 'ErrorEquals', value })),
    { field: 'Colour', value: 'red' },
  ])('may not have a $field of $value', async ({ field, value }) => {
    const definition = retrying({ ErrorEquals: ['Broken'], [field]: value })
    expect(await runAsl({ definition })).toMatchObject({
      status: 'INVALID',
      cause: expect.stringContaining('/States/Work/Retry[0]'),
    })
  })

  it.each(['IntervalSeconds', 'MaxAttempts'])('has no %s in a Catch', async (field) => {
    const definition = retrying({ ErrorEquals: ['Broken'], Next: 'Work', [field]: 1 }, 'Catch')
    expect(await runAsl({ definition })).toMatchObject({
      status: 'INVALID',
      cause: expect.stringContaining(`Field '${field}' is not supported at /States/Work/Catch[0]`),
    })
  })

  it('that allows no attempt leaves the failure to the catchers', async () => {
    const { States: states } = retrying({ ErrorEquals: ['Broken'], MaxAttempts: 0 })
    const Catch = [{ ErrorEquals: ['Broken'], Next: 'Caught' }]
    const definition = {
      StartAt: 'Work',
      States: { Work: { ...states.Work, Catch }, Caught: { Type: 'Succeed' } },
    }
    const broken = { kind: 'failure', error: 'Broken' } as const
    expect(await runAsl({ definition, taskOutcomes: { Work: [broken] } })).toMatchObject({
      path: ['Work', 'Caught'],
      elapsedMs: 0,
    })
  })

  const retrier = fc.record<Retrier>({
    errorEquals: fc.constant(['Broken']),
    intervalMs: fc.integer({ min: 1, max: 99_999_999 }).map((seconds) => seconds * 1000),
    attemptsMax: fc.constant(3),
    backoffRate: fc.double({ min: 1, max: 10, noNaN: true }),
    delayMsMax: fc.oneof(
      fc.constant(Number.POSITIVE_INFINITY),
      fc.integer({ min: 1, max: 31_622_400 }).map((seconds) => seconds * 1000),
    ),
    jitter: fc.constantFrom('FULL', 'NONE'),
  })

  it('never waits less than before nor above its cap, and with full jitter anything from nothing to that', () => {
    fc.assert(
      fc.property(
        retrier,
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (of, retry, drawn) => {
          const delay = delayMs(of, retry)
          expect(delay).toBe(Math.min(of.intervalMs * of.backoffRate ** (retry - 1), of.delayMsMax))
          expect(delayMs(of, retry + 1)).toBeGreaterThanOrEqual(delay)
          const waited = jittered(of, retry, () => drawn)
          expect(waited).toBe(of.jitter === 'FULL' ? drawn * delay : delay)
        },
      ),
      { seed: 20_261_125 },
    )
  })
})
