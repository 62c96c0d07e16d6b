import { describe, expect, it } from 'vitest'
import { runAsl } from '../../../asl.ts'

const branch = (name: string, state: object) => ({
  StartAt: name,
  States: { [name]: { ...state, End: true } },
})
const pass = (fields: object) => ({ Type: 'Pass', QueryLanguage: 'JSONata', ...fields })
const around = (inner: object, after: object = {}) => ({
  StartAt: 'Outer',
  States: {
    Outer: { ...pass({ Assign: { x: 1 } }), Next: 'Both' },
    Both: {
      Type: 'Parallel',
      QueryLanguage: 'JSONata',
      Branches: [branch('Left', inner), branch('Right', pass({ Assign: { own: 2 }, Output: '{% $x %}' }))],
      ...after,
      End: true,
    },
  },
})

describe('Workflow variables', () => {
  it('of an outer scope are read in an inner one, and those of branches stay apart', async () => {
    const inner = pass({ Assign: { own: 3 }, Output: '{% $x + 1 %}' })
    expect(await runAsl({ definition: around(inner) })).toMatchObject({ status: 'SUCCEEDED', output: [2, 1] })
  })

  it('of an inner scope are not seen in the outer one', async () => {
    const inner = pass({ Assign: { own: 3 } })
    const answer = await runAsl({ definition: around(inner, { Output: '{% $own %}' }) })
    expect(answer).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' })
  })

  it.each([
    { name: 'a state', inner: pass({ Assign: { x: 2 } }), at: '/States/Both/Branches[0]/States/Left/Assign' },
    {
      name: 'a state in JSONPath',
      inner: { Type: 'Pass', Assign: { 'x.$': '$' } },
      at: '/States/Both/Branches[0]/States/Left/Assign',
    },
    {
      name: 'a catcher',
      inner: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Left', Assign: { x: 2 } }],
      },
      at: '/States/Both/Branches[0]/States/Left/Catch[0]/Assign',
    },
  ])('of an outer scope are not assigned by $name of an inner one', async ({ inner, at }) => {
    const answer = await runAsl({ definition: around(inner) })
    expect(answer.status).toBe('INVALID')
    expect(answer.cause).toContain("The variable 'x' is assigned in an outer scope")
    expect(answer.cause).toContain(at)
  })

  it.each([
    { name: 'a'.repeat(80), status: 'SUCCEEDED' },
    { name: 'a'.repeat(81), status: 'INVALID' },
    { name: 'états_1', status: 'SUCCEEDED' },
    { name: '1st', status: 'INVALID' },
    { name: 'states', status: 'INVALID' },
  ])('may be called $name: $status', async ({ name, status }) => {
    const definition = branch('One', pass({ Assign: { [name]: 1 } }))
    expect((await runAsl({ definition })).status).toBe(status)
  })

  it('has no name that ends in .$, but in JSONPath, which tells paths by it', async () => {
    const Assign = { 'x.$': '$.a' }
    expect(
      (await runAsl({ definition: branch('One', { Type: 'Pass', Assign }), input: { a: 1 } })).status,
    ).toBe('SUCCEEDED')
    expect(await runAsl({ definition: branch('One', pass({ Assign })) })).toMatchObject({
      status: 'INVALID',
      cause: expect.stringContaining("got 'x.$' at /States/One/Assign"),
    })
  })

  it.each(['π', 'états_1', '変数', '_a'])('called $%s are read in JSONPath and in JSONata', async (name) => {
    const definition = {
      StartAt: 'One',
      States: {
        One: { ...pass({ Assign: { [name]: { a: [7] } } }), Next: 'Two' },
        Two: {
          Type: 'Pass',
          Parameters: { 'path.$': `$${name}.a[0]`, 'call.$': `States.MathAdd($${name}.a[0], 1)` },
          Next: 'Three',
        },
        Three: { ...pass({ Output: [`{% $${name}.a[0] %}`, '{% $states.input %}'] }), End: true },
      },
    }
    expect(await runAsl({ definition })).toMatchObject({ output: [7, { path: 7, call: 8 }] })
  })

  const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true }
  it.each([
    { what: 'a number', state: { Type: 'Pass', Assign: 5, End: true }, at: 'One/Assign' },
    { what: 'a path', state: { Type: 'Pass', Assign: '$.a', End: true }, at: 'One/Assign' },
    { what: 'an expression', state: { ...pass({ Assign: "{% {'x': 1} %}" }), End: true }, at: 'One/Assign' },
    { what: 'null', state: { Type: 'Pass', Assign: null, End: true }, at: 'One/Assign' },
    {
      what: 'a list of a catcher',
      state: { ...task, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'One', Assign: [] }] },
      at: 'One/Catch[0]/Assign',
    },
    {
      what: 'a text of a choice',
      state: { Type: 'Choice', Choices: [{ Variable: '$', IsNull: true, Next: 'Two', Assign: 'x' }] },
      at: 'One/Choices[0]/Assign',
      more: { Two: { Type: 'Succeed' } },
    },
  ])('are assigned by an object and not by $what', async ({ state, at, more }) => {
    const answer = await runAsl({ definition: { StartAt: 'One', States: { One: state, ...more } } })
    expect(answer.status).toBe('INVALID')
    expect(answer.cause).toContain(`Expected value of type Object at /States/${at}`)
  })

  // https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html, "Limits" (read 2026-11-25)
  describe('hold 256 KiB in one Assign', () => {
    const text = (characters: number) => 'x'.repeat(characters)
    const twice = (x: string, y: string) => ({ ...pass({ Assign: { x, y } }), End: true })
    const chosen = (more: string) => ({
      Type: 'Choice',
      Choices: [
        {
          Variable: '$',
          IsPresent: true,
          Next: 'Two',
          Assign: { 'x.$': '$', 'y.$': `States.Format('{}${more}', $)` },
        },
      ],
    })
    const catching = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Two', ResultPath: null, Assign: { 'x.$': '$.Cause' } }],
      Next: 'Two',
    }
    const asked = (state: object, characters: number) => {
      const definition = {
        StartAt: 'One',
        States: { One: state, ...('End' in state ? {} : { Two: { Type: 'Succeed' } }) },
      }
      const failure = { kind: 'failure', error: 'Broken', cause: text(characters) } as const
      return state === catching
        ? runAsl({ definition, taskOutcomes: { One: [failure] } })
        : runAsl({ definition, input: text(characters) })
    }
    const joined = (more: string) => ({
      ...pass({ Assign: { x: `{% $states.input & $states.input & '${more}' %}` } }),
      End: true,
    })
    const input = '{% $states.input %}'
    const cases = [
      { name: 'one variable', most: joined(''), more: joined('x'), characters: 131_071 },
      {
        name: 'two variables',
        most: twice(input, input),
        more: twice(input, "{% $states.input & 'x' %}"),
        characters: 131_070,
      },
      { name: 'two variables of a choice', most: chosen(''), more: chosen('x'), characters: 131_070 },
    ]

    it.each(cases)('and not a byte more, which is refused by name: $name', async ({ more, characters }) => {
      await expect(asked(more, characters)).rejects.toThrow(
        'variables of more than 262144 bytes are not modelled, got 262145',
      )
    })

    it.each(cases)('to the last byte: $name', async ({ most, characters }) => {
      expect(await asked(most, characters)).toMatchObject({ status: 'SUCCEEDED' })
    })

    it('in a catcher as well', async () => {
      expect(await asked(catching, 262_142)).toMatchObject({ status: 'SUCCEEDED' })
      await expect(asked(catching, 262_143)).rejects.toThrow('variables of more than 262144 bytes')
    })
  })
})
