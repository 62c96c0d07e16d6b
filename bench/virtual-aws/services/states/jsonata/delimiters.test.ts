import { describe, expect, it } from 'vitest'
import { runAsl } from '../../../asl.ts'

const pass = { Type: 'Pass', End: true }
const answerOf = (state: object, language = 'JSONata') =>
  runAsl({ definition: { QueryLanguage: language, StartAt: 'One', States: { One: state } }, input: {} })

// "Writing JSONata expressions in JSON strings" in
// https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (read 2026-11-25)
describe('Text in a field of JSONata', () => {
  it.each([
    { text: '{% 1 + 1 %}', value: 2 },
    { text: '{%1 + 1%}', value: 2 },
    { text: '{%\n  1 +\n  1\t%}', value: 2 },
    { text: "{% '{% %}' %}", value: '{% %}' },
  ])('that starts with {% and ends with %} is evaluated: $text', async ({ text, value }) => {
    expect(await answerOf({ ...pass, Output: text })).toMatchObject({ status: 'SUCCEEDED', output: value })
  })

  it.each([' {% 1 + 1 %} ', 'a {% 1 %} b', '{ % 1 % }', '{{ 1 }}', '%}{%', '', '$states.input'])(
    'that does neither is what it says: %j',
    async (text) => {
      expect(await answerOf({ ...pass, Output: { a: [text] } })).toMatchObject({
        status: 'SUCCEEDED',
        output: { a: [text] },
      })
    },
  )

  it.each(['{% 1 + 1', '1 + 1 %}', ' {% 1 + 1 %}', '{% 1 + 1 %} ', '{%', '%}', '{%}', 'sum: {% 1 %}'])(
    'that does one of both refuses the definition: %j',
    async (text) => {
      expect(await answerOf({ ...pass, Output: { a: [0, text] } })).toMatchObject({
        status: 'INVALID',
        cause: `Invalid State Machine Definition: 'INVALID_JSONATA_EXPRESSION: Expected text that starts with '{%' and ends with '%}', or with neither, got '${text}' at /States/One/Output/a[1]'`,
      })
    },
  )

  it.each([
    { where: 'Assign/x', fields: { ...pass, Assign: { x: '{% 1' } } },
    { where: 'Error', fields: { Type: 'Fail', Error: '{% 1' } },
    { where: 'Cause', fields: { Type: 'Fail', Cause: '1 %}' } },
    {
      where: 'Arguments/Payload',
      fields: {
        ...pass,
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Arguments: { Payload: '1 %}' },
      },
    },
  ])('refuses it wherever it stands: $where', async ({ where, fields }) => {
    const { status, cause } = await answerOf(fields)
    expect(status).toBe('INVALID')
    expect(cause).toMatch(new RegExp(`at /States/One/${where}'$`))
  })

  it('is no expression of nothing', async () => {
    for (const text of ['{%%}', '{% %}']) {
      const { status, cause } = await answerOf({ ...pass, Output: text })
      expect(status).toBe('INVALID')
      expect(cause).toContain('INVALID_JSONATA_EXPRESSION')
    }
  })
})

describe('Text in a field of JSONPath', () => {
  it.each(['{% 1 + 1 %}', '{% 1', '1 %}'])('is never an expression of JSONata: %j', async (text) => {
    expect(await answerOf({ ...pass, Result: text }, 'JSONPath')).toMatchObject({ output: text })
  })
})
