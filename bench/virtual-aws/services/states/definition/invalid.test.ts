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

describe('A definition', () => {
  it.each([
    {
      what: 'no start',
      definition: { States: { One: pass } },
      reason: "SCHEMA_VALIDATION_FAILED: The field 'StartAt' is required but was missing at /",
    },
    {
      what: 'a start that is missing',
      definition: machine({ Two: pass }),
      reason: "MISSING_TRANSITION_TARGET: Missing 'StartAt' target: One at /StartAt",
    },
    {
      what: 'a next that is missing',
      definition: one({ Type: 'Pass', Next: 'Two' }),
      reason: "MISSING_TRANSITION_TARGET: Missing 'Next' target: Two at /States/One/Next",
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
      reason:
        "SCHEMA_VALIDATION_FAILED: The field 'Colour' is not supported for the QueryLanguage JSONata at /States/One",
    },
    {
      what: 'a JSONPath field in a JSONata state',
      definition: one({ ...pass, InputPath: '$.a' }),
      reason: "The field 'InputPath' is not supported for the QueryLanguage JSONata at /States/One",
    },
    {
      what: 'a JSONPath state in a JSONata machine',
      definition: one({ ...pass, QueryLanguage: 'JSONPath' }),
      reason: 'A state of a JSONata state machine cannot use JSONPath at /States/One/QueryLanguage',
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
      reason: "The field 'Queue' is not supported by Step Functions",
    },
    {
      what: 'an expression that does not parse',
      definition: one({ ...pass, Output: { a: '{% 1 + %}' } }),
      reason: 'at /States/One/Output/a',
    },
    {
      what: '$eval',
      definition: one({ ...pass, Output: "{% $eval('1') %}" }),
      reason: 'The function $eval is not supported at /States/One/Output',
    },
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
      reason: 'got 0 at /States/One/Retry[0]/IntervalSeconds',
    },
    {
      what: 'a name that is used twice',
      definition: one({ Type: 'Parallel', Branches: [{ StartAt: 'One', States: { One: pass } }], End: true }),
      reason: "State name 'One' is used more than once",
    },
    {
      what: 'an unknown intrinsic function',
      definition: {
        StartAt: 'One',
        States: { One: { Type: 'Pass', Parameters: { 'a.$': 'States.Shout($.x)' }, End: true } },
      },
      reason: 'The intrinsic function States.Shout is not recognized',
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
      reason: "The field 'NumericAbout' is not supported",
    },
  ])('with $what is refused', ({ definition, reason }) => {
    expect(reasonOf(definition)).toContain('Invalid State Machine Definition: ')
    expect(reasonOf(definition)).toContain(reason)
  })

  it('that is valid is not', () => {
    expect(reasonOf(one(pass))).toBe('valid')
  })

  it('that asks for what is not modelled is refused by name, and not in the words of AWS', () => {
    const processor = { StartAt: 'In', States: { In: pass } }
    for (const field of ['ItemReader', 'ResultWriter'])
      expect(reasonOf(one({ Type: 'Map', [field]: {}, ItemProcessor: processor, End: true }))).toBe(
        `/States/One: the field '${field}' is not modelled`,
      )
  })
})
