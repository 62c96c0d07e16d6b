import { describe, expect, it } from 'vitest'
import { runAsl } from '../../../asl.ts'

const states = {
  Wait: { Type: 'Wait' },
  Task: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke' },
  Map: { Type: 'Map', ItemProcessor: { StartAt: 'In', States: { In: { Type: 'Pass', End: true } } } },
}

const machine = (type: keyof typeof states, fields: object, language: 'JSONata' | 'JSONPath') => ({
  QueryLanguage: language,
  StartAt: 'One',
  States: { One: { ...states[type], ...(type === 'Map' ? itemsIn[language] : {}), ...fields, End: true } },
})
const itemsIn = { JSONata: { Items: [1] }, JSONPath: { ItemsPath: '$.items' } }

/** Field by field: what is in its bounds, at both edges, and what is out of them. */
const bounds = [
  { type: 'Wait', field: 'Seconds', good: [0, 1, 31_000_000], bad: [-1, 0.5, 100_000_000] },
  { type: 'Task', field: 'TimeoutSeconds', good: [1, 99_999_999], bad: [0, -1, 1.5, 100_000_000] },
  { type: 'Task', field: 'HeartbeatSeconds', good: [1, 99_999_999], bad: [0, -1, 1.5, 100_000_000] },
  { type: 'Map', field: 'MaxConcurrency', good: [0, 1, 10_000], bad: [-1, 1.5] },
  { type: 'Map', field: 'ToleratedFailureCount', good: [0, 1], bad: [-1, 1.5] },
  { type: 'Map', field: 'ToleratedFailurePercentage', good: [0, 50.5, 100], bad: [-1, 100.5] },
] as const

const of = (which: 'good' | 'bad') =>
  bounds.flatMap(({ type, field, ...values }) => values[which].map((value) => ({ type, field, value })))

describe('A number of a state', () => {
  it.each(of('good'))('may be $value in $field, however it is told', async ({ type, field, value }) => {
    const input = { items: [1], value }
    for (const definition of [
      machine(type, { [field]: value }, 'JSONPath'),
      machine(type, { [`${field}Path`]: '$.value' }, 'JSONPath'),
      machine(type, { [field]: value }, 'JSONata'),
      machine(type, { [field]: '{% $states.input.value %}' }, 'JSONata'),
    ])
      expect(await runAsl({ definition, input })).toMatchObject({ status: 'SUCCEEDED' })
  })

  it.each(of('bad'))('refuses the definition when it is $value in $field', async ({ type, field, value }) => {
    for (const language of ['JSONata', 'JSONPath'] as const)
      expect(await runAsl({ definition: machine(type, { [field]: value }, language) })).toMatchObject({
        status: 'INVALID',
        cause: expect.stringContaining(`/States/One/${field}`),
      })
  })

  it.each([
    ...of('bad'),
    ...bounds.flatMap(({ type, field }) => ['1', null, true, {}].map((value) => ({ type, field, value }))),
  ])('fails the state when a path or an expression finds $value for $field', async (found) => {
    const { type, field, value } = found
    const input = { items: [1], value }
    const byPath = machine(type, { [`${field}Path`]: '$.value' }, 'JSONPath')
    expect(await runAsl({ definition: byPath, input })).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
    })
    const byExpression = machine(type, { [field]: '{% $states.input.value %}' }, 'JSONata')
    expect(await runAsl({ definition: byExpression, input })).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining(`specified for the field '${field}'`),
    })
  })

  // https://github.com/aws-cloudformation/cfn-lint/issues/4075 (an answer of AWS, read 2026-11-25)
  it('is told its maximum in the words of AWS', async () => {
    const definition = machine('Wait', { Seconds: 10_000_000_000_000_000 }, 'JSONPath')
    expect((await runAsl({ definition })).cause).toBe(
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Maximum value is 99999999 at /States/One/Seconds'",
    )
  })

  // https://github.com/floci-io/floci/issues/3733 (measured on AWS for the numbers of a Map, read 2026-11-25)
  it.each([
    { type: 'Map', field: 'MaxConcurrency', value: -1, says: 'Minimum value is 0' },
    { type: 'Map', field: 'ToleratedFailureCount', value: -1, says: 'Minimum value is 0' },
    { type: 'Map', field: 'ToleratedFailurePercentage', value: -0.1, says: 'Minimum value is 0.0' },
    { type: 'Map', field: 'ToleratedFailurePercentage', value: 100.1, says: 'Maximum value is 100.0' },
    { type: 'Task', field: 'TimeoutSeconds', value: 0, says: 'Minimum value is 1' },
    { type: 'Wait', field: 'Seconds', value: -1, says: 'Minimum value is 0' },
    { type: 'Wait', field: 'Seconds', value: 1.5, says: 'Expected value of type Integer' },
    { type: 'Map', field: 'ToleratedFailurePercentage', value: '1', says: 'Expected value of type Number' },
  ] as const)('is told of $value in $field: $says', async ({ type, field, value, says }) => {
    expect((await runAsl({ definition: machine(type, { [field]: value }, 'JSONPath') })).cause).toBe(
      `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ${says} at /States/One/${field}'`,
    )
  })

  it.each(bounds)('is told by $field or by a path, not by both', async ({ type, field }) => {
    const definition = machine(type, { [field]: 1, [`${field}Path`]: '$.value' }, 'JSONPath')
    const alternatives = [
      field,
      `${field}Path`,
      ...(field === 'Seconds' ? ['Timestamp', 'TimestampPath'] : []),
    ].join(', ')
    expect((await runAsl({ definition })).cause).toBe(
      `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: There should only be one of the following fields: [${alternatives}] at /States/One'`,
    )
  })

  it.each(bounds)('of a Map is not looked for in the Context object: $field', async ({ type, field }) => {
    const path = '$$.Execution.Input.value'
    const definition = machine(type, { [`${field}Path`]: path }, 'JSONPath')
    const answer = await runAsl({ definition, input: { items: [1], value: 1 } })
    if (type !== 'Map') expect(answer).toMatchObject({ status: 'SUCCEEDED' })
    else
      expect(answer.cause).toBe(
        `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value is not a Reference Path: ${path} at /States/One/${field}Path'`,
      )
  })

  // By likeness with the numbers of a Map, as recorded on AWS.
  it.each(['TimeoutSeconds', 'HeartbeatSeconds'])('of a task is told with its path: %s', async (field) => {
    const definition = machine('Task', { [`${field}Path`]: '$.value' }, 'JSONPath')
    for (const [value, shown] of [
      ['x', 'x'],
      [0, '0'],
      [null, 'null'],
    ])
      expect((await runAsl({ definition, input: { value } })).cause).toContain(
        `The ${field}Path field refers to value "${shown}" which is not a valid integer from 1 to 99999999: $.value`,
      )
  })

  it.each([
    { value: {}, shown: '{}' },
    { value: [], shown: '[]' },
    { value: null, shown: 'null' },
    { value: 'soon', shown: 'soon' },
  ])('that a Wait state is given as $shown is told so', async ({ value, shown }) => {
    for (const [field, says] of [
      ['SecondsPath', 'cannot be parsed as a long value'],
      ['TimestampPath', 'does not reference a valid ISO-8601 extended offset date-time format string'],
    ] as const) {
      const definition = machine('Wait', { [field]: '$.value' }, 'JSONPath')
      expect((await runAsl({ definition, input: { value } })).cause).toBe(
        `An error occurred while executing the state 'One' (entered at the event id #2). The ${field} parameter ${says}: $.value == ${shown}`,
      )
    }
  })
})
