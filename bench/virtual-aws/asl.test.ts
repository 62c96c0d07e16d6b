import { describe, expect, it } from 'vitest'
import { runAsl } from './asl.ts'

const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true }
const one = (fields: object, more: object = {}) => ({ StartAt: 'One', States: { One: fields }, ...more })

describe('A machine that runs by itself', () => {
  it('lets a task of which nothing is said succeed with its payload', async () => {
    expect(await runAsl({ definition: one(task), input: [1] })).toMatchObject({ output: [1], elapsedMs: 0 })
    expect(await runAsl({ definition: one(task), input: [1], taskOutcomes: {} })).toMatchObject({
      output: [1],
    })
    const timed = { ...task, TimeoutSeconds: 5 }
    expect(await runAsl({ definition: one(timed), input: [1], taskOutcomes: {} })).toMatchObject({
      output: [1],
      elapsedMs: 0,
    })
  })

  it('lets it answer last where outcomes are given: after a timeout of the machine', async () => {
    const definition = one(task, { TimeoutSeconds: 5 })
    expect(await runAsl({ definition })).toMatchObject({ status: 'SUCCEEDED' })
    expect(await runAsl({ definition, taskOutcomes: {} })).toEqual({
      status: 'TIMED_OUT',
      error: 'States.Timeout',
      path: ['One'],
      elapsedMs: 5000,
    })
  })

  it('lets it answer last where outcomes are given: after a failure beside it', async () => {
    const branch = (name: string, next: object) => ({
      StartAt: name,
      States: { [name]: { ...task, End: undefined, Next: `${name}Next` }, [`${name}Next`]: next },
    })
    const branches = [
      branch('Slow', { Type: 'Pass', End: true }),
      branch('Fast', { Type: 'Fail', Error: 'No' }),
    ]
    const definition = one({ Type: 'Parallel', Branches: branches, End: true })
    const answer = await runAsl({ definition, taskOutcomes: { Fast: [{ kind: 'success' }] } })
    expect(answer).toMatchObject({ status: 'FAILED', error: 'No', path: ['One', 'Slow', 'Fast', 'FastNext'] })
  })

  it.each([
    { type: 'STANDARD', elapsedMs: 365 * 24 * 60 * 60_000 },
    { type: 'EXPRESS', elapsedMs: 5 * 60_000 },
  ] as const)(
    'times out where AWS ends an execution: $type after $elapsedMs ms',
    async ({ type, elapsedMs }) => {
      const hold = (seconds: number) => one({ Type: 'Wait', Seconds: seconds, End: true })
      const seconds = elapsedMs / 1000
      expect(await runAsl({ definition: hold(seconds - 1), type })).toMatchObject({ status: 'SUCCEEDED' })
      expect(await runAsl({ definition: hold(seconds + 1), type })).toEqual({
        status: 'TIMED_OUT',
        error: 'States.Timeout',
        path: ['One'],
        elapsedMs,
      })
    },
  )

  // `input` in https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html (read 2026-11-25)
  it('is not started with more than 256 KiB of input, as JSON in UTF-8', async () => {
    const definition = one({ Type: 'Succeed' })
    const withInput = (input: string) => runAsl({ definition, input })
    expect(await withInput('x'.repeat(262_142))).toMatchObject({ status: 'SUCCEEDED' })
    expect(await withInput('ü'.repeat(131_071))).toMatchObject({ status: 'SUCCEEDED' })
    expect(await withInput('x'.repeat(262_143))).toEqual({
      status: 'INVALID',
      error: 'ValidationException',
      cause:
        "1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144",
      path: [],
      elapsedMs: 0,
    })
    expect(await withInput(`${'ü'.repeat(131_071)}x`)).toMatchObject({
      status: 'INVALID',
      error: 'InvalidExecutionInput',
    })
  })

  it('takes null for an input, and an empty object for none', async () => {
    const definition = one({ Type: 'Succeed' })
    expect(await runAsl({ definition, input: null })).toMatchObject({ output: null })
    expect(await runAsl({ definition })).toMatchObject({ output: {} })
  })
})
