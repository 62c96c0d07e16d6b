import { describe, expect, it } from 'vitest'
import { runAsl } from './asl.ts'

const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true }
const one = (fields: object, more: object = {}) => ({ StartAt: 'One', States: { One: fields }, ...more })

/** Parallels in each other: the innermost of `count` machines has a Pass. */
const nested = (count: number): object => {
  let machine: object = { StartAt: `S${count}`, States: { [`S${count}`]: { Type: 'Pass', End: true } } }
  for (let depth = count - 1; depth > 0; depth -= 1) {
    const parallel = { Type: 'Parallel', Branches: [machine], End: true }
    machine = { StartAt: `S${depth}`, States: { [`S${depth}`]: parallel } }
  }
  return machine
}
const list = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`)

describe('A machine that runs by itself', () => {
  // https://github.com/aws/aws-cdk/issues/29968 (an answer of AWS, read 2026-11-25)
  it.each([
    { action: 'lambda:invoke', known: { 'FunctionName.$': '$.f', Qualifier: '1' } },
    { action: 'sqs:sendMessage.waitForTaskToken', known: { QueueUrl: 'q', 'MessageBody.$': '$' } },
    { action: 'dynamodb:updateItem', known: { TableName: 't', Key: {}, ReturnValues: 'ALL_NEW' } },
    { action: 'states:startExecution.sync:2', known: { StateMachineArn: 'm', 'Input.$': '$' } },
  ])('has no parameters that $action does not have', async ({ action, known }) => {
    const asking = (Parameters: object) =>
      one({ Type: 'Task', Resource: `arn:aws:states:::${action}`, Parameters, End: true })
    const input = { f: 'F' }
    expect(await runAsl({ definition: asking(known), input })).toMatchObject({ status: 'SUCCEEDED' })
    expect(await runAsl({ definition: asking({ ...known, Foo: 1, 'Bar.$': '$' }), input })).toMatchObject({
      status: 'INVALID',
      cause: `Invalid State Machine Definition: '${['Foo', 'Bar']
        .map(
          (name) =>
            `SCHEMA_VALIDATION_FAILED: The field "${name}" is not supported by Step Functions at /States/One/Parameters`,
        )
        .join(', ')}'`,
    })
  })

  it('may be nested 200 deep, and is refused when it is nested deeper', async () => {
    const { status, path } = await runAsl({ definition: nested(200), input: 1 })
    expect({ status, states: path.length }).toEqual({ status: 'SUCCEEDED', states: 200 })
    for (const depth of [201, 5000])
      expect(await runAsl({ definition: nested(depth) })).toMatchObject({
        status: 'INVALID',
        cause: expect.stringContaining('TOO_DEEPLY_NESTED: The states are too deeply nested at /States/S1/'),
      })
  })

  it('takes JSON of 1,000 levels, and refuses by name what is deeper', async () => {
    const pass = { Type: 'Pass', End: true }
    const deep = list(1000)
    const definition = one(pass)
    expect(await runAsl({ definition, input: deep })).toMatchObject({ status: 'SUCCEEDED', output: deep })
    for (const levels of [1001, 20_000])
      for (const run of [
        { definition, input: list(levels) },
        { definition: one({ ...pass, Result: list(levels) }) },
        { definition: one({ ...pass, Parameters: { a: list(levels) } }) },
        { definition: one(task), taskOutcomes: { One: [{ kind: 'success', output: list(levels) }] } },
      ] as const)
        await expect(runAsl(run)).rejects.toThrow('JSON of more than 1000 levels is not modelled')
  })

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
