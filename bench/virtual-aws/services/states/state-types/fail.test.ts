import { describe, expect, it } from 'vitest'
import { runAsl } from '../../../asl.ts'

const run = (fields: object, input: unknown, language = 'JSONPath') =>
  runAsl({
    definition: { QueryLanguage: language, StartAt: 'One', States: { One: { Type: 'Fail', ...fields } } },
    input,
  })

// https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html (read 2026-11-25)
describe('A Fail state', () => {
  it.each([
    { fields: { ErrorPath: '$.e', CausePath: '$.c' }, error: 'E', cause: 'why' },
    { fields: { ErrorPath: "States.Format('{}!', $.e)" }, error: 'E!' },
    { fields: { Error: 'X', CausePath: 'States.JsonToString($.n)' }, error: 'X', cause: '5' },
    { fields: { CausePath: '$$.State.Name' }, cause: 'One' },
    { fields: {} },
  ])('fails by what is told of it: $fields', async ({ fields, ...told }) => {
    expect(await run(fields, { e: 'E', c: 'why', n: 5 })).toEqual({
      status: 'FAILED',
      ...told,
      path: ['One'],
      elapsedMs: 0,
    })
  })

  it.each([
    { field: 'ErrorPath', path: '$.n', shown: '5' },
    { field: 'CausePath', path: '$.o', shown: '{"a":1}' },
    { field: 'CausePath', path: 'States.ArrayLength($.l)', shown: '2' },
  ])('fails as the runtime does over what is no string: $path', async ({ field, path, shown }) => {
    expect(await run({ [field]: path }, { n: 5, o: { a: 1 }, l: [1, 2] })).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: expect.stringContaining(
        `The ${field} parameter does not reference a string: ${path} == ${shown}`,
      ),
    })
  })

  it('fails as a query over an expression that gives no string', async () => {
    expect(await run({ Error: '{% 5 %}' }, {}, 'JSONata')).toMatchObject({
      error: 'States.QueryEvaluationError',
    })
  })
})
