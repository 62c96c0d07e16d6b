import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runAsl } from './asl.ts'
import { NotModelled } from './services/properties.ts'

const pass = { Type: 'Pass', End: true }
const lambda = 'arn:aws:states:::lambda:invoke'

/** A machine of each language that uses every state type and most fields. */
const machines: readonly unknown[] = [
  {
    StartAt: 'Begin',
    TimeoutSeconds: 600,
    States: {
      Begin: {
        Type: 'Pass',
        Parameters: { 'all.$': '$', 'list.$': 'States.ArrayRange(1, 3, 1)', name: 'x' },
        ResultPath: '$.made',
        Assign: { 'count.$': 'States.ArrayLength($.list)' },
        Next: 'Each',
      },
      Each: {
        Type: 'Map',
        ItemsPath: '$.made.list',
        MaxConcurrency: 2,
        ItemSelector: { 'value.$': '$$.Map.Item.Value', 'text.$': "States.Format('{}', $count)" },
        ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'In', States: { In: pass } },
        ResultSelector: { 'values.$': '$[*].value' },
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Broken' }],
        Next: 'Work',
      },
      Work: {
        Type: 'Task',
        Resource: lambda,
        Parameters: { FunctionName: 'Work', 'Payload.$': '$.values' },
        ResultSelector: { 'values.$': '$.Payload' },
        TimeoutSeconds: 30,
        Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 2 }],
        Catch: [{ ErrorEquals: ['Lost'], Next: 'Broken' }],
        Next: 'Hold',
      },
      Hold: { Type: 'Wait', Seconds: 3, Next: 'Choose' },
      Choose: {
        Type: 'Choice',
        Choices: [
          {
            And: [
              { Variable: '$.values[0]', NumericEquals: 1 },
              { Not: { Variable: '$.a', IsPresent: true } },
            ],
            Next: 'Done',
          },
        ],
        Default: 'Broken',
      },
      Broken: { Type: 'Fail', ErrorPath: '$.error.Error', Cause: 'it broke' },
      Done: { Type: 'Succeed', OutputPath: '$.values' },
    },
  },
  {
    QueryLanguage: 'JSONata',
    StartAt: 'Begin',
    States: {
      Begin: {
        Type: 'Pass',
        Output: { n: '{% $states.input.n + 1 %}', list: [1, '{% 2 %}'] },
        Assign: { kept: '{% $states.context.Execution.Name %}' },
        Next: 'Both',
      },
      Both: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Left', States: { Left: { ...pass, Output: '{% $kept & $states.input.n %}' } } },
          {
            StartAt: 'Right',
            States: {
              Right: {
                Type: 'Map',
                Items: '{% $states.input.list %}',
                ItemSelector: { v: '{% $states.context.Map.Item.Value %}' },
                ToleratedFailureCount: 1,
                ItemProcessor: { StartAt: 'In', States: { In: pass } },
                End: true,
              },
            },
          },
        ],
        Output: '{% $states.result %}',
        Next: 'Work',
      },
      Work: {
        Type: 'Task',
        Resource: lambda,
        Arguments: { FunctionName: 'Work', Payload: '{% $states.input[0] %}' },
        HeartbeatSeconds: '{% 10 %}',
        Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput %}', Next: 'Hold' }],
        Next: 'Hold',
      },
      Hold: { Type: 'Wait', Timestamp: '{% $now() %}', Next: 'Choose' },
      Choose: {
        Type: 'Choice',
        Choices: [{ Condition: '{% $exists($states.input.Payload) %}', Assign: { x: 1 }, Next: 'Done' }],
        Default: 'Broken',
      },
      Broken: { Type: 'Fail', Error: 'Broken', Cause: '{% $string($states.input) %}' },
      Done: { Type: 'Succeed', Output: { x: '{% $x %}' } },
    },
  },
]

const values = fc.constantFrom<unknown>(
  ...[null, true, 0, -1, 1.5, 99_999_999, '', 'x', [], {}, [1], { a: 1 }, [null], { 'a.$': '$.b' }],
  ...[
    '$',
    '$.a',
    '$$',
    '$x',
    '$.a[?(@.b =~ /c/)]',
    '$..a',
    'States.UUID()',
    'States.Format(',
    'States.ArrayLength($)',
  ],
  ...['{% $states.input %}', '{% 1 + %}', '{% $x %}', '{% function($x) { $x } %}', '{% [] %}', '{% null %}'],
  ...['Pass', 'Map', 'Task', 'Parallel', 'Choice', 'Wait', 'JSONata', 'JSONPath', 'Done', lambda],
)

/** Every place in a definition, as the keys that lead to it. */
const placesIn = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...placesIn(inner, [...path, key])])
    : []

/** The definition with a value at a place, or without what was there. */
const changed = (definition: unknown, path: readonly string[], value: unknown, removes: boolean): unknown => {
  const copy = structuredClone(definition)
  const holder = path
    .slice(0, -1)
    .reduce<unknown>((at, key) => Reflect.get(at as object, key), copy) as object
  const key = String(path.at(-1))
  if (removes) Reflect.deleteProperty(holder, key)
  else Reflect.set(holder, key, value)
  return JSON.parse(JSON.stringify(copy))
}

const mutated = fc
  .constantFrom(...machines)
  .chain((definition) =>
    fc
      .tuple(fc.constantFrom(...placesIn(definition)), values, fc.integer({ min: 0, max: 3 }))
      .map(([path, value, one]) => changed(definition, path, value, one === 0)),
  )

describe('A definition with a fault in it', () => {
  it('is refused, or runs to an end: nothing in it stops those beside it in a batch', async () => {
    const statuses = new Set<string>()
    await fc.assert(
      fc.asyncProperty(mutated, values, async (definition, input) => {
        try {
          const { status, cause } = await runAsl({ definition, input, taskOutcomes: {} })
          statuses.add(status)
          if (status === 'INVALID')
            expect(cause).toMatch(/^Invalid State Machine Definition: '[A-Z_]+: .+ at .+'$/s)
        } catch (error) {
          expect(error).toBeInstanceOf(NotModelled)
        }
      }),
      { numRuns: 1_500, seed: 20_261_125 },
    )
    expect([...statuses].toSorted()).toEqual(expect.arrayContaining(['FAILED', 'INVALID', 'SUCCEEDED']))
  }, 60_000)

  it('is needed for it to fail: without one they succeed', async () => {
    for (const definition of machines)
      expect(await runAsl({ definition, input: { n: 1 } })).toMatchObject({ status: 'SUCCEEDED' })
  })
})
