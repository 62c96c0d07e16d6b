import { describe, expect, it } from 'vitest'
import { runAsl } from '../../../asl.ts'

const pass = { Type: 'Pass', End: true }
const two = { Two: { Type: 'Succeed' } }
const one = (fields: object, more: object = {}) => ({
  StartAt: 'One',
  States: { One: { ...pass, ...fields }, ...more },
})
const branch = (more: object) => ({ StartAt: 'In', States: { In: pass }, ...more })
const parallel = (more: object) => ({ Type: 'Parallel', Branches: [branch({})], ...more })
const choice = (rule: object) => ({
  StartAt: 'One',
  States: { One: { Type: 'Choice', Choices: [{ ...rule, Next: 'Two' }] }, ...two },
})
const asked = { Variable: '$', IsPresent: true }

// "Structure of a State Machine" in https://states-language.net/spec.html (read 2026-11-25)
describe('A definition', () => {
  it.each([
    { definition: { ...one({}), Comment: 5 }, at: '/Comment' },
    { definition: { ...one({}), Comment: null }, at: '/Comment' },
    { definition: one({ Comment: ['a'] }), at: '/States/One/Comment' },
    {
      definition: one(parallel({ Branches: [branch({ Comment: {} })] })),
      at: '/States/One/Branches[0]/Comment',
    },
    {
      definition: one({ Type: 'Map', ItemProcessor: branch({ Comment: true }) }),
      at: '/States/One/ItemProcessor/Comment',
    },
    {
      definition: one(parallel({ Retry: [{ ErrorEquals: ['A'], Comment: 1 }] })),
      at: '/States/One/Retry[0]/Comment',
    },
    {
      definition: one(parallel({ Catch: [{ ErrorEquals: ['A'], Next: 'Two', Comment: 1 }] }), two),
      at: '/States/One/Catch[0]/Comment',
    },
    { definition: choice({ ...asked, Comment: 1 }), at: '/States/One/Choices[0]/Comment' },
    { definition: choice({ And: [{ ...asked, Comment: 1 }] }), at: '/States/One/Choices[0]/And[0]/Comment' },
    { definition: choice({ Not: { ...asked, Comment: 1 } }), at: '/States/One/Choices[0]/Not/Comment' },
    {
      definition: { ...choice({ Condition: true, Comment: 1 }), QueryLanguage: 'JSONata' },
      at: '/States/One/Choices[0]/Comment',
    },
    { definition: { ...one({}), Version: 1 }, at: '/Version' },
    { definition: one({ Next: 5 }), at: '/States/One/Next' },
    { definition: one({ Next: null }), at: '/States/One/Next' },
    { definition: { ...one({}), StartAt: 1 }, at: '/StartAt' },
  ])('has text, or is refused, at $at', async ({ definition, at }) => {
    expect(await runAsl({ definition })).toMatchObject({
      status: 'INVALID',
      cause: `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Expected value of type String at ${at}'`,
    })
  })

  const map = { Type: 'Map', ItemProcessor: branch({}) }
  // https://github.com/aws/amazon-states-language-service/pull/83 (tried on AWS, read 2026-11-25)
  it.each(['$.a', null, [1, { 'a.$': '$.x' }], 5, true])(
    'has anything for its parameters: %j',
    async (Parameters) => {
      const output = Array.isArray(Parameters) ? [1, { a: 7 }] : Parameters
      expect(await runAsl({ definition: one({ Parameters }), input: { x: 7 } })).toMatchObject({ output })
    },
  )

  // "Payload Template" in https://states-language.net/spec.html (read 2026-11-25)
  it.each([
    { field: 'Parameters', state: { Parameters: { 'a.$': '$', a: 1 } } },
    { field: 'Parameters/b', state: { Parameters: { b: { a: 1, 'a.$': '$' } } } },
    { field: 'Assign', state: { Assign: { 'a.$': '$', a: 1 } } },
  ])('does not give a member of a payload template twice: $field', async ({ field, state }) => {
    const { cause } = await runAsl({ definition: one(state) })
    expect(cause).toContain(`Expected either 'a' or 'a.$', got both at /States/One/${field}`)
  })

  // "Reference Paths" in https://states-language.net/spec.html (read 2026-11-25)
  it.each([
    { field: 'ItemsPath', state: map },
    { field: 'MaxConcurrencyPath', state: map },
    { field: 'ToleratedFailureCountPath', state: map },
    { field: 'SecondsPath', state: { Type: 'Wait' } },
    { field: 'TimestampPath', state: { Type: 'Wait' } },
    { field: 'TimeoutSecondsPath', state: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke' } },
  ])('has a path to one place, or is refused: $field', async ({ field, state }) => {
    const withPath = (path: string) => runAsl({ definition: one({ ...state, [field]: path }) })
    for (const path of ['$.a[*]', '$..a', '$.a[0,1]', "$.a['b','c']", '$.a[1:]', '$.a[?(@.b == 1)]', '$x[*]'])
      expect((await withPath(path)).cause).toContain(
        `Value is not a Reference Path: ${path} at /States/One/${field}`,
      )
    const inContext = field === 'ItemsPath' || state !== map ? ['$$.Execution.Input'] : []
    for (const path of ['$', '$.a', "$['a'][0].b", '$x.a', ...inContext])
      expect((await withPath(path)).status).not.toBe('INVALID')
    expect((await withPath('a')).cause).toContain(
      `Value is not a Reference Path: Reference path didn't start with '$' at /States/One/${field}`,
    )
  })

  // In AWS's words and at its place: https://github.com/aws-cloudformation/cfn-lint/issues/4076 (read 2026-11-25)
  it.each([
    {
      rule: { Variable: 'Test', StringMatches: 'Test' },
      says: "Reference path didn't start with '$'",
      at: '/Variable',
    },
    { rule: { Variable: '$.a[*]', IsNull: true }, says: '$.a[*]', at: '/Variable' },
    {
      rule: { And: [{ Variable: '$.a[?(@.b)]', IsNull: true }] },
      says: '$.a[?(@.b)]',
      at: '/And[0]/Variable',
    },
    { rule: { Variable: '$.a', StringEqualsPath: '$..b' }, says: '$..b', at: '/StringEqualsPath' },
  ])('compares what stands in one place, or is refused: $rule', async ({ rule, says, at }) => {
    expect((await runAsl({ definition: choice(rule) })).cause).toContain(
      `SCHEMA_VALIDATION_FAILED: Value is not a Reference Path: ${says} at /States/One/Choices[0]${at}'`,
    )
  })

  // https://github.com/aws-cloudformation/cfn-lint/issues/4078 (an answer of AWS, read 2026-11-25)
  it.each(['InputPath', 'OutputPath'])('has a path, or is refused in the words of AWS: %s', async (field) => {
    for (const path of ['Test', '$.a[', 5, {}])
      expect((await runAsl({ definition: one({ [field]: path }) })).cause).toBe(
        `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/One/${field}'`,
      )
  })

  it.each(['Retry', 'Catch'])('has a list for %s and not null', async (field) => {
    const { cause } = await runAsl({ definition: one(parallel({ [field]: null })) })
    expect(cause).toContain(`Expected value of type Array of Objects at /States/One/${field}`)
  })

  it('says in a comment what it likes', async () => {
    const definition = { ...one({ Comment: 'a state' }), Comment: '' }
    expect(await runAsl({ definition })).toMatchObject({ status: 'SUCCEEDED' })
  })

  it.each(['true', 1, null])('ends a state by a boolean and not by %j', async (End) => {
    const { cause } = await runAsl({ definition: one({ End }) })
    expect(cause).toContain('Expected value of type Boolean at /States/One/End')
  })

  it('is of version 1.0 of the language, and of no other', async () => {
    const ofVersion = (Version: string) => runAsl({ definition: { ...one({}), Version } })
    expect(await ofVersion('1.0')).toMatchObject({ status: 'SUCCEEDED' })
    for (const version of ['1', '2.0', '1.0.0', ''])
      expect((await ofVersion(version)).cause).toContain(`Expected 1.0, got '${version}' at /Version`)
  })
})
