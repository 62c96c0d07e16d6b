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
