import { describe, expect, it } from 'vitest'
import { integrationFor } from '../integrations/registry.ts'
import { compileMachine } from './compile.ts'

const pass = { Type: 'Pass', End: true }
const machine = (states: object, more: object = {}) => ({
  QueryLanguage: 'JSONata',
  StartAt: 'One',
  States: states,
  ...more,
})
const one = (fields: object) => machine({ One: fields })

const reasonOf = (definition: unknown): string => {
  try {
    compileMachine(definition, { integration: integrationFor })
    return 'valid'
  } catch (error) {
    return (error as Error).message
  }
}

const work = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true }
const task = { FunctionName: 'F' }
/** `States.Array(States.Array())` is two of them. */
const arrays = (count: number): string => (count === 0 ? '1' : `States.Array(${arrays(count - 1)})`)
const each = {
  Type: 'Map',
  ItemProcessor: { StartAt: 'In', States: { In: { Type: 'Pass', End: true } } },
  End: true,
}

describe('A field', () => {
  it('has ten intrinsic functions and no more', () => {
    const Parameters = { 'a.$': arrays(10) }
    expect(reasonOf({ StartAt: 'One', States: { One: { ...pass, Parameters } } })).toBe('valid')
  })

  it.each([
    { ...work, Output: '{% $states.result %}' },
    { ...work, Assign: { x: '{% $states.result.a %}' } },
    { ...each, Output: { a: '{% $states.result[0] %}' } },
  ])('may name the result of the work of its state: %j', (state) => {
    expect(reasonOf(one({ ...state, ...(state.Type === 'Task' ? { Arguments: task } : {}) }))).toBe('valid')
  })
})

describe('A definition', () => {
  it.each([
    {
      what: 'no start',
      definition: { States: { One: pass } },
      reason: 'SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /',
    },
    {
      what: 'a start that is missing',
      definition: machine({ Two: pass }),
      reason: `MISSING_TRANSITION_TARGET: Missing 'Next' target: One at /StartAt, MISSING_TRANSITION_TARGET: State "Two" is not reachable. at /States/Two'`,
    },
    {
      what: 'a next that is missing',
      definition: one({ Type: 'Pass', Next: 'Two' }),
      reason:
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: Two at /States/One/Next, MISSING_END_STATE: Workflow has no terminal state at null'",
    },
    {
      what: 'a default that is missing',
      definition: machine({
        One: { Type: 'Choice', Choices: [{ Condition: true, Next: 'Two' }], Default: 'Three' },
        Two: pass,
      }),
      reason: "MISSING_TRANSITION_TARGET: Missing 'Next' target: Three at /States/One/Default'",
    },
    {
      what: 'no end, whatever nothing leads to',
      definition: machine({ One: { Type: 'Pass', Next: 'One' }, Two: { Type: 'Pass', Next: 'One' } }),
      reason: "'MISSING_END_STATE: Workflow has no terminal state at null'",
    },
    {
      what: 'a catcher to nowhere',
      definition: one({
        Type: 'Parallel',
        Branches: [{ StartAt: 'In', States: { In: pass } }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Two' }],
        End: true,
      }),
      reason: "MISSING_TRANSITION_TARGET: Missing 'Next' target: Two at /States/One/Catch[0]/Next",
    },
    {
      what: 'a state that nothing leads to',
      definition: machine({ One: pass, Two: pass }),
      reason: 'MISSING_TRANSITION_TARGET: State "Two" is not reachable. at /States/Two',
    },
    {
      what: 'neither Next nor End',
      definition: one({ Type: 'Pass' }),
      reason:
        "SCHEMA_VALIDATION_FAILED: A state must have either a 'Next' or an 'End' that is true at /States/One",
    },
    {
      what: 'an unknown type',
      definition: one({ Type: 'Paas', End: true }),
      reason: "got 'Paas' at /States/One/Type",
    },
    {
      what: 'an unknown field',
      definition: one({ ...pass, Colour: 'red' }),
      reason: "SCHEMA_VALIDATION_FAILED: Field 'Colour' is not supported at /States/One'",
    },
    {
      what: 'an unknown field of the machine',
      definition: machine({ One: pass }, { Colour: 'red' }),
      reason: "SCHEMA_VALIDATION_FAILED: Field 'Colour' is not supported at /'",
    },
    ...['TimeoutSeconds', 'Catch', 'Retry', 'ItemReader'].map((field) => ({
      what: `a ${field} where the type has none`,
      definition: one({ ...pass, [field]: [] }),
      reason: `SCHEMA_VALIDATION_FAILED: Field '${field}' is not supported at /States/One'`,
    })),
    {
      what: 'a query language of a processor',
      definition: one({
        Type: 'Map',
        ItemProcessor: { QueryLanguage: 'JSONata', StartAt: 'In', States: { In: pass } },
        End: true,
      }),
      reason:
        "SCHEMA_VALIDATION_FAILED: Field 'QueryLanguage' is not supported at /States/One/ItemProcessor'",
    },
    {
      what: 'an inner state that counts on the language of its Map',
      definition: {
        StartAt: 'One',
        States: {
          One: {
            Type: 'Map',
            QueryLanguage: 'JSONata',
            ItemProcessor: { StartAt: 'In', States: { In: { ...pass, Output: 1 } } },
            End: true,
          },
        },
      },
      reason:
        "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/One/ItemProcessor/States/In'",
    },
    {
      what: 'a JSONPath field in a JSONata state',
      definition: one({ ...pass, InputPath: '$.a' }),
      reason:
        "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'InputPath' is only supported for the 'JSONPath' QueryLanguage at /States/One'",
    },
    {
      what: 'a JSONPath state in a JSONata machine',
      definition: one({ ...pass, QueryLanguage: 'JSONPath' }),
      reason:
        "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/One'",
    },
    {
      what: 'an integration that is not modelled',
      definition: one({ Type: 'Task', Resource: 'arn:aws:states:::sns:publish', Arguments: {}, End: true }),
      reason: 'The resource provided arn:aws:states:::sns:publish is not recognized.',
    },
    {
      what: 'an unknown parameter of an integration',
      definition: one({
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage',
        Arguments: { Queue: 'q' },
        End: true,
      }),
      reason:
        'SCHEMA_VALIDATION_FAILED: The field "Queue" is not supported by Step Functions at /States/One/Arguments\'',
    },
    {
      what: 'an expression that does not parse',
      definition: one({ ...pass, Output: { a: '{% 1 + %}' } }),
      reason: 'INVALID_JSONATA_EXPRESSION: Unexpected end of expression at /States/One/Output/a',
    },
    ...[
      'phone',
      '$',
      '$$',
      '*',
      'phone.home',
      '{"a": phone}',
      '$map($states.input, function($x) { phone })',
    ].map((expression) => ({
      what: `a reference without a context: ${expression}`,
      definition: one({ ...pass, Output: { v: `{% ${expression} %}` } }),
      reason: `UNSUPPORTED_JSONATA_EXPRESSION: Reference to '${/^[$*]+$/.test(expression) ? expression : 'phone'}' at the top level is not supported. at /States/One/Output/v'`,
    })),
    {
      what: 'the error output outside of a catcher',
      definition: one({ ...pass, Output: '{% $states.errorOutput.Error %}' }),
      reason:
        "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist. at /States/One/Output'",
    },
    ...[
      { where: 'Output', state: { ...pass, Output: '{% $states.result %}' } },
      { where: 'Assign/x', state: { ...pass, Assign: { x: '{% $states.result.a %}' } } },
      { where: 'Output/a[1]', state: { ...pass, Output: { a: [1, '{% [$states.result] %}'] } } },
      { where: 'Seconds', state: { Type: 'Wait', Seconds: '{% $states.result %}', End: true } },
      { where: 'Arguments', state: { ...work, Arguments: '{% $states.result %}' } },
      { where: 'Items', state: { ...each, Items: '{% $states.result %}' } },
      { where: 'ItemSelector/i', state: { ...each, ItemSelector: { i: '{% $states.result %}' } } },
      {
        where: 'Catch[0]/Output',
        state: { ...work, Catch: [{ ErrorEquals: ['A'], Next: 'One', Output: '{% $states.result %}' }] },
      },
    ].map(({ where, state }) => ({
      what: `a result where there is none: ${where} of a ${state.Type}`,
      definition: one(state),
      reason: `UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. at /States/One/${where}'`,
    })),
    ...['abc', 5, { a: 1 }, null].map((Items) => ({
      what: `items that are no array: ${JSON.stringify(Items)}`,
      definition: one({ ...each, Items }),
      reason: "SCHEMA_VALIDATION_FAILED: Expected value of type Array at /States/One/Items'",
    })),
    {
      what: 'a condition that does not parse',
      definition: machine({
        One: { Type: 'Choice', Choices: [{ Condition: '{% ( %}', Next: 'Two' }] },
        Two: pass,
      }),
      reason: 'at /States/One/Choices[0]/Condition',
    },
    {
      what: 'a field of JSONata in a catcher of JSONPath',
      definition: {
        StartAt: 'One',
        States: {
          One: {
            Type: 'Parallel',
            Branches: [{ StartAt: 'In', States: { In: pass } }],
            Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Two', Output: 1 }],
            End: true,
          },
          Two: pass,
        },
      },
      reason:
        "The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' QueryLanguage at /States/One/Catch[0]'",
    },
    {
      what: 'a comparison of JSONPath in a rule of JSONata',
      definition: machine({
        One: { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, Next: 'Two' }] },
        Two: pass,
      }),
      reason:
        "The QueryLanguage is set to 'JSONata', but field 'Variable' is only supported for the 'JSONPath' QueryLanguage at /States/One/Choices[0]'",
    },
    ...[
      { rule: { StringMatchesPath: '$.b' }, says: "Field 'StringMatchesPath' is not supported" },
      { rule: { IsNullPath: '$.b' }, says: "Field 'IsNullPath' is not supported" },
      { rule: { StringEquals: 1 }, says: 'Expected value of type String' },
      { rule: { NumericEquals: '1' }, says: 'Expected value of type Number' },
      { rule: { BooleanEquals: 'true' }, says: 'Expected value of type Boolean' },
      { rule: { IsPresent: 1 }, says: 'Expected value of type Boolean' },
      { rule: { TimestampEquals: '2026-01-05' }, says: 'String does not match RFC3339 timestamp' },
    ].map(({ rule, says }) => ({
      what: `a comparison that is none: ${JSON.stringify(rule)}`,
      definition: {
        StartAt: 'One',
        States: {
          One: { Type: 'Choice', Choices: [{ And: [{ Variable: '$.a', ...rule }], Next: 'Two' }] },
          Two: pass,
        },
      },
      reason: `SCHEMA_VALIDATION_FAILED: ${says} at /States/One/Choices[0]/And[0]`,
    })),
    {
      what: 'a heartbeat as long as the timeout',
      definition: one({
        Type: 'Task',
        Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
        Arguments: {},
        TimeoutSeconds: 5,
        HeartbeatSeconds: 5,
        End: true,
      }),
      reason: "'HeartbeatSeconds' must be smaller than 'TimeoutSeconds' at /States/One",
    },
    {
      what: 'a name of 81 characters',
      definition: { StartAt: 'x'.repeat(81), States: { ['x'.repeat(81)]: pass } },
      reason: 'INVALID_STATE_NAME: Expected a state name of at most 80 characters at /States/xxx',
    },
    ...[
      { state: { Type: 'Choice' }, missing: 'Choices' },
      { state: { Type: 'Parallel', End: true }, missing: 'Branches' },
      { state: { Type: 'Map', End: true }, missing: 'ItemProcessor' },
      { state: { Type: 'Task', End: true }, missing: 'Resource' },
      { state: { End: true }, missing: 'Type' },
    ].map(({ state, missing }) => ({
      what: `no ${missing}`,
      definition: machine(
        {
          One: state,
          Before: {
            Type: 'Parallel',
            Branches: [{ StartAt: 'In', States: { In: pass } }],
            Catch: [{ ErrorEquals: ['States.ALL'], Next: 'One' }],
            Next: 'Last',
          },
          Last: { Type: 'Succeed' },
        },
        { StartAt: 'Before' },
      ),
      reason: `SCHEMA_VALIDATION_FAILED: These fields are required: [${missing}] at /States/One'`,
    })),
    {
      what: 'States.ALL beside another name',
      definition: one({
        Type: 'Parallel',
        Branches: [{ StartAt: 'In', States: { In: pass } }],
        Retry: [{ ErrorEquals: ['States.ALL', 'A'] }],
        End: true,
      }),
      reason: "'States.ALL' must stand alone",
    },
    {
      what: 'a retry interval of 0',
      definition: one({
        Type: 'Parallel',
        Branches: [{ StartAt: 'In', States: { In: pass } }],
        Retry: [{ ErrorEquals: ['A'], IntervalSeconds: 0 }],
        End: true,
      }),
      reason: 'Minimum value is 1 at /States/One/Retry[0]/IntervalSeconds',
    },
    {
      what: 'a name that is used twice',
      definition: one({ Type: 'Parallel', Branches: [{ StartAt: 'One', States: { One: pass } }], End: true }),
      reason: "DUPLICATE_STATE_NAME: Duplicate State name: One at /States/One/Branches[0]/States/One'",
    },
    ...[
      {
        rule: { Not: [{ Variable: '$.a', IsNull: true }] },
        says: 'Expected value of type Object',
        at: '/Not',
      },
      { rule: { Not: { Variable: '$.a' } }, says: 'Expected one comparison operator, got none', at: '/Not' },
      {
        rule: { Variable: '$.a', And: [{ Variable: '$.a', IsNull: true }] },
        says: "Field 'Variable' is not supported",
        at: '',
      },
    ].map(({ rule, says, at }) => ({
      what: `the rule ${JSON.stringify(rule)}`,
      definition: {
        StartAt: 'One',
        States: { One: { Type: 'Choice', Choices: [{ ...rule, Next: 'Two' }] }, Two: pass },
      },
      reason: `SCHEMA_VALIDATION_FAILED: ${says} at /States/One/Choices[0]${at}'`,
    })),
    {
      what: 'more than ten intrinsic functions in a field',
      definition: {
        StartAt: 'One',
        States: { One: { ...pass, Parameters: { 'a.$': arrays(11) } } },
      },
      reason:
        "The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call at /States/One",
    },
    {
      what: 'an unknown intrinsic function',
      definition: {
        StartAt: 'One',
        States: { One: { Type: 'Pass', Parameters: { 'a.$': 'States.Shout($.x)' }, End: true } },
      },
      reason:
        "SCHEMA_VALIDATION_FAILED: The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call at /States/One/Parameters'",
    },
    {
      what: 'an unknown comparison',
      definition: {
        StartAt: 'One',
        States: {
          One: { Type: 'Choice', Choices: [{ Variable: '$.a', NumericAbout: 3, Next: 'Two' }] },
          Two: pass,
        },
      },
      reason: "Field 'NumericAbout' is not supported",
    },
  ])('with $what is refused', ({ definition, reason }) => {
    expect(reasonOf(definition)).toContain('Invalid State Machine Definition: ')
    expect(reasonOf(definition)).toContain(reason)
  })

  it.each([
    '$states.input.lines[amount > 3].sku',
    '$states.input.lines.{ "id": sku, "all": $ }',
    '$states.input.lines^(>amount).$string($)',
    '$states.input.lines{ sku: amount }',
    '$states.input ~> |lines|{ "amount": 1 }|',
    '$map($states.input.lines, function($line) { $line.sku })',
    '[1..3].($ * 2)',
  ])('that names things below the first step of a path is valid: %s', (expression) => {
    expect(reasonOf(one({ ...pass, Output: `{% ${expression} %}` }))).toBe('valid')
  })

  it('that reads the error output in a catcher is valid', () => {
    const branch = { StartAt: 'In', States: { In: pass } }
    const caught = { ErrorEquals: ['States.ALL'], Next: 'Two', Output: '{% $states.errorOutput %}' }
    const states = { One: { Type: 'Parallel', Branches: [branch], Catch: [caught], End: true }, Two: pass }
    expect(reasonOf(machine(states))).toBe('valid')
  })

  // https://github.com/floci-io/floci/pull/2786 (measured on AWS, read 2026-11-25)
  it('is told all that is wrong with its states, in their order', () => {
    const at = (reason: string, where: string) => `SCHEMA_VALIDATION_FAILED: ${reason} at ${where}`
    const field = (name: string) => `Field '${name}' is not supported`
    expect(
      reasonOf(machine({ One: { Type: 'Pass', Next: 'Two', Foo: 1, Bar: 2 }, Two: { ...pass, Baz: 1 } })),
    ).toBe(
      `Invalid State Machine Definition: '${[
        at(field('Foo'), '/States/One'),
        at(field('Bar'), '/States/One'),
        at(field('Baz'), '/States/Two'),
      ].join(', ')}'`,
    )
    const branch = (name: string, Output: string) => ({
      StartAt: name,
      States: { [name]: { ...pass, Output } },
    })
    const parallel = { Type: 'Parallel', Branches: [branch('A', '{% ( %}'), branch('B', '{% ) %}')] }
    const wait = { Type: 'Wait', Seconds: -1, End: true }
    expect(reasonOf(machine({ One: { ...parallel, Next: 'Two' }, Two: wait }))).toMatch(
      /'INVALID_JSONATA_EXPRESSION: .* at \S+\/A\/Output, INVALID_JSONATA_EXPRESSION: .* at \S+\/B\/Output, SCHEMA_VALIDATION_FAILED: Minimum value is 0 at \/States\/Two\/Seconds'$/,
    )
  })

  it('that is valid is not', () => {
    expect(reasonOf(one(pass))).toBe('valid')
  })

  it('that AWS refuses too is refused in the words of AWS, whatever is not modelled besides', () => {
    const map = { Type: 'Map', ItemReader: {}, ItemProcessor: { StartAt: 'In', States: { In: pass } } }
    expect(reasonOf(machine({ One: { ...map, Next: 'Two' }, Two: { ...pass, Colour: 'red' } }))).toContain(
      "Field 'Colour' is not supported at /States/Two",
    )
  })

  it('that asks for what is not modelled is refused by name, and not in the words of AWS', () => {
    const processor = { StartAt: 'In', States: { In: pass } }
    for (const field of ['ItemReader', 'ResultWriter'])
      expect(reasonOf(one({ Type: 'Map', [field]: {}, ItemProcessor: processor, End: true }))).toBe(
        `/States/One: the field '${field}' is not modelled`,
      )
  })
})
