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
    const text = (bytes: number) => 'x'.repeat(bytes - 2)
    const half = 131_072
    const failing = {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Two', Assign: { 'x.$': '$.Cause' } }],
      End: true,
    }
    const two = { Two: { Type: 'Succeed' } }
    const choice = { Variable: '$', IsPresent: true, Next: 'Two', Assign: { 'x.$': '$.a', 'y.$': '$.b' } }
    const cases = [
      {
        name: 'one variable',
        state: { Type: 'Pass', Assign: { 'x.$': '$.a' }, End: true },
        sizes: [2 * half, 0],
      },
      {
        name: 'two variables',
        state: { ...pass({ Assign: { x: '{% $states.input.a %}', y: '{% $states.input.b %}' } }), End: true },
        sizes: [half, half],
      },
      {
        name: 'two variables of a choice',
        state: { Type: 'Choice', Choices: [choice] },
        sizes: [half, half],
      },
      { name: 'a variable of a catcher', state: failing, sizes: [2 * half, 0] },
    ]
    const asked = async (state: object, [a = 0, b = 0]: readonly number[]) => {
      const cause = text(a)
      const input = state === failing ? {} : { a: cause, ...(b === 0 ? {} : { b: text(b) }) }
      const definition = {
        StartAt: 'One',
        States: { One: state, ...('End' in state && state !== failing ? {} : two) },
      }
      const taskOutcomes = { One: [{ kind: 'failure', error: 'Broken', cause }] } as const
      return runAsl({ definition, input, ...(state === failing ? { taskOutcomes } : {}) })
    }

    it.each(cases)(
      'and not a byte more, which is refused by name: $name',
      async ({ state, sizes: [a = 0, b] }) => {
        const more = asked(state, [a + 1, b ?? 0])
        await expect(more).rejects.toThrow(
          `variables of more than 262144 bytes are not modelled, got ${2 * half + 1}`,
        )
      },
    )

    it.each(cases)('to the last byte: $name', async ({ state, sizes }) => {
      await expect(asked(state, sizes)).resolves.not.toMatchObject({ status: 'INVALID' })
    })
  })
})
