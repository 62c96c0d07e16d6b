import { describe, expect, it } from 'vitest'
import { createTestWorld, runDefinition, type TestMachineOptions } from '../testing.ts'

const jsonata = (states: object, startAt = Object.keys(states)[0]) => ({
  QueryLanguage: 'JSONata',
  StartAt: startAt,
  States: states,
})
const jsonpath = (states: object) => ({ StartAt: Object.keys(states)[0], States: states })
const end = { Type: 'Pass', End: true }

const run = (definition: object, input: unknown = {}, options: TestMachineOptions = {}) =>
  runDefinition(createTestWorld(), definition, input, options)

const outputOf = async (definition: object, input: unknown = {}): Promise<unknown> => {
  const { execution } = await run(definition, input)
  expect(execution.failure).toBeUndefined()
  return execution.output
}

describe('Variables', () => {
  it('are assigned when a state is left, so that Output still sees the old ones', async () => {
    const definition = jsonata({
      First: { Type: 'Pass', Assign: { n: 1 }, Next: 'Second' },
      Second: { Type: 'Pass', Assign: { n: '{% $n + 1 %}' }, Output: { before: '{% $n %}' }, Next: 'Third' },
      Third: { Type: 'Pass', Output: { before: '{% $states.input.before %}', after: '{% $n %}' }, End: true },
    })
    expect(await outputOf(definition)).toEqual({ before: 1, after: 2 })
  })

  it('of an outer scope are seen inside a Parallel, and those of a branch end with it', async () => {
    const definition = jsonata({
      First: { Type: 'Pass', Assign: { outer: 'o' }, Next: 'Both' },
      Both: {
        Type: 'Parallel',
        Branches: ['A', 'B'].map((name) => ({
          StartAt: name,
          States: {
            [name]: { Type: 'Pass', Assign: { inner: name }, Next: `${name}2` },
            [`${name}2`]: { Type: 'Pass', Output: '{% $outer & $inner %}', End: true },
          },
        })),
        Output: { results: '{% $states.result %}', inner: '{% $exists($inner) %}' },
        End: true,
      },
    })
    expect(await outputOf(definition)).toEqual({ results: ['oA', 'oB'], inner: false })
  })
})

describe('An expression that the library evaluates', () => {
  it('takes no virtual time and gives what a compiled one would', async () => {
    const Output = {
      big: '{% $states.input.lines[amount > 3].sku %}',
      now: '{% $now() %}',
      ms: '{% $millis() %}',
    }
    const input = {
      lines: [
        { sku: 'a', amount: 1 },
        { sku: 'b', amount: 4 },
        { sku: 'c', amount: 5 },
      ],
    }
    const { execution, elapsedMs } = await run(jsonata({ One: { Type: 'Pass', Output, End: true } }), input)
    expect(execution.output).toEqual({
      big: ['b', 'c'],
      now: '2026-01-05T00:00:00.000Z',
      ms: Date.UTC(2026, 0, 5),
    })
    expect(elapsedMs).toBe(0)
  })

  it('fails the state with the words of the library', async () => {
    const { execution } = await run(jsonata({ One: { Type: 'Pass', Output: "{% 1 + 'x' %}", End: true } }))
    expect(execution.failure?.error).toBe('States.QueryEvaluationError')
    expect(execution.failure?.cause).toContain(
      "The JSONata expression '1 + 'x'' specified for the field 'Output' threw an error during evaluation. T2002: ",
    )
  })

  it('may stand in every item of a Map', async () => {
    const definition = jsonata({
      Each: {
        Type: 'Map',
        Items: '{% [1..4] %}',
        ItemSelector: { n: '{% $map([$states.context.Map.Item.Value], function($v) { $v * 2 }) %}' },
        ItemProcessor: { StartAt: 'Inner', States: { Inner: end } },
        End: true,
      },
    })
    expect(await outputOf(definition)).toEqual([{ n: 2 }, { n: 4 }, { n: 6 }, { n: 8 }])
  })

  it('draws chance from the seed of the run', async () => {
    const definition = jsonata({
      One: { Type: 'Pass', Output: '{% [$random(), $uuid(), $shuffle([1..9])] %}', End: true },
    })
    const ofSeed = async (seed: number) =>
      (await runDefinition(createTestWorld({ seed }), definition)).execution.output
    expect(await ofSeed(1)).toEqual(await ofSeed(1))
    expect(await ofSeed(1)).not.toEqual(await ofSeed(2))
  })
})

describe('Wait', () => {
  it.each([
    { name: 'Seconds', fields: { Seconds: 90 }, waitedMs: 90_000 },
    { name: 'Seconds by expression', fields: { Seconds: '{% $states.input.n * 2 %}' }, waitedMs: 14_000 },
    { name: 'Timestamp', fields: { Timestamp: '2026-01-05T00:01:00Z' }, waitedMs: 60_000 },
    {
      name: 'Timestamp with an offset and a fraction',
      fields: { Timestamp: '2026-01-05T01:00:00.250+01:00' },
      waitedMs: 250,
    },
    { name: 'Timestamp that is past', fields: { Timestamp: '2020-01-01T00:00:00Z' }, waitedMs: 0 },
  ])('waits exactly: $name', async ({ fields, waitedMs }) => {
    const { elapsedMs } = await run(jsonata({ Hold: { Type: 'Wait', ...fields, End: true } }), { n: 7 })
    expect(elapsedMs).toBe(waitedMs)
  })

  it('waits as a JSONPath says', async () => {
    const { elapsedMs } = await run(jsonpath({ Hold: { Type: 'Wait', SecondsPath: '$.n', End: true } }), {
      n: 7,
    })
    expect(elapsedMs).toBe(7000)
  })
})

describe('Choice', () => {
  const choose = (choices: object[], more: object = {}) =>
    jsonpath({
      Choose: {
        Type: 'Choice',
        Choices: choices.map((rule) => ({ ...rule, Next: 'Yes' })),
        Default: 'No',
        ...more,
      },
      Yes: { Type: 'Pass', Result: 'yes', End: true },
      No: { Type: 'Pass', Result: 'no', End: true },
    })

  it.each([
    { rule: { Variable: '$.s', StringMatches: 'log-*.txt' }, expected: 'yes' },
    { rule: { Variable: '$.s', StringMatches: 'log-?.txt' }, expected: 'no' },
    { rule: { Variable: '$.star', StringMatches: 'a\\*b' }, expected: 'yes' },
    { rule: { Variable: '$.s', StringMatches: 'log-a.txt*' }, expected: 'yes' },
    { rule: { Variable: '$.n', NumericLessThan: 5 }, expected: 'no' },
    { rule: { Variable: '$.n', NumericLessThanEquals: 5 }, expected: 'yes' },
    { rule: { Variable: '$.n', NumericEqualsPath: '$.other' }, expected: 'yes' },
    { rule: { Variable: '$.n', StringEquals: '5' }, expected: 'no' },
    { rule: { Variable: '$.t', TimestampLessThan: '2026-01-05T00:00:01Z' }, expected: 'yes' },
    { rule: { Variable: '$.t', TimestampEquals: '2026-01-05T01:00:00+01:00' }, expected: 'yes' },
    { rule: { Variable: '$.t', IsTimestamp: true }, expected: 'yes' },
    { rule: { Variable: '$.none', IsPresent: false }, expected: 'yes' },
    { rule: { Variable: '$.null', IsNull: true }, expected: 'yes' },
    {
      rule: {
        And: [
          { Variable: '$.n', IsNumeric: true },
          { Variable: '$.n', NumericEquals: 5 },
        ],
      },
      expected: 'yes',
    },
    {
      rule: {
        Or: [
          { Variable: '$.n', NumericEquals: 4 },
          { Variable: '$.n', NumericEquals: 6 },
        ],
      },
      expected: 'no',
    },
    { rule: { Not: { Variable: '$.n', NumericEquals: 4 } }, expected: 'yes' },
  ])('$rule: $expected', async ({ rule, expected }) => {
    const input = { s: 'log-a.txt', star: 'a*b', n: 5, other: 5, t: '2026-01-05T00:00:00Z', null: null }
    expect(await outputOf(choose([rule]), input)).toBe(expected)
  })

  it('fails without a match and without a default', async () => {
    const definition = jsonata({
      Choose: { Type: 'Choice', Choices: [{ Condition: '{% $states.input.n = 1 %}', Next: 'Yes' }] },
      Yes: end,
    })
    const { execution } = await run(definition, { n: 2 })
    expect(execution.failure?.error).toBe('States.NoChoiceMatched')
  })

  it('assigns and gives the output of the rule that holds', async () => {
    const definition = jsonata({
      Choose: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n = 1 %}', Assign: { by: 'rule' }, Output: 1, Next: 'After' },
        ],
        Assign: { by: 'default' },
        Default: 'After',
      },
      After: { Type: 'Pass', Output: '{% [$by, $states.input] %}', End: true },
    })
    expect(await outputOf(definition, { n: 1 })).toEqual(['rule', 1])
    expect(await outputOf(definition, { n: 2 })).toEqual(['default', { n: 2 }])
  })
})

describe('Parallel', () => {
  const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } })

  it('ends when its slowest branch has, and gives the outputs in the order of the branches', async () => {
    const definition = jsonata({
      Both: {
        Type: 'Parallel',
        Branches: [
          branch('Slow', { Type: 'Wait', Seconds: 5, Output: 'slow', End: true }),
          branch('Fast', { Type: 'Wait', Seconds: 1, Output: 'fast', End: true }),
        ],
        End: true,
      },
    })
    const { execution, elapsedMs } = await run(definition)
    expect(execution.output).toEqual(['slow', 'fast'])
    expect(elapsedMs).toBe(5000)
  })

  it('fails with the first branch that fails, and stops the others there', async () => {
    const definition = jsonata({
      Both: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Slow', States: { Slow: { Type: 'Wait', Seconds: 5, Next: 'Never' }, Never: end } },
          branch('Broken', { Type: 'Fail', Error: 'Broken', Cause: 'on purpose' }),
        ],
        Catch: [{ ErrorEquals: ['Broken'], Next: 'Caught' }],
        End: true,
      },
      Caught: end,
    })
    const { execution, path, elapsedMs } = await run(definition)
    expect(execution.output).toEqual({ Error: 'Broken', Cause: 'on purpose' })
    expect(path).not.toContain('Never')
    expect(elapsedMs).toBe(0)
  })
})

describe('Map', () => {
  const mapOver = (more: object, inner: object = { Type: 'Wait', Seconds: 1, End: true }) =>
    jsonata({
      Each: {
        Type: 'Map',
        ItemProcessor: { StartAt: 'Inner', States: { Inner: inner } },
        End: true,
        ...more,
      },
    })

  it.each([
    { concurrency: 0, seconds: 1 },
    { concurrency: 1, seconds: 5 },
    { concurrency: 2, seconds: 3 },
    { concurrency: 5, seconds: 1 },
  ])(
    'works on $concurrency items at a time (0: on all): $seconds s for five of 1 s',
    async ({ concurrency, seconds }) => {
      const { execution, elapsedMs } = await run(mapOver({ MaxConcurrency: concurrency }), [1, 2, 3, 4, 5])
      expect(execution.output).toEqual([1, 2, 3, 4, 5])
      expect(elapsedMs).toBe(seconds * 1000)
    },
  )

  it('of nothing gives nothing', async () => {
    expect(await outputOf(mapOver({}), [])).toEqual([])
  })

  it('fails with the error of its first failed item', async () => {
    const inner = { Type: 'Fail', Error: 'Broken' }
    expect((await run(mapOver({}, inner), [1, 2])).execution.failure?.error).toBe('Broken')
  })
})

describe('Limits', () => {
  it('fails an execution at 25,000 history events', async () => {
    const definition = jsonata({
      Ping: { Type: 'Pass', Next: 'Pong' },
      Pong: { Type: 'Choice', Choices: [{ Condition: true, Next: 'Ping' }], Default: 'Never' },
      Never: { Type: 'Succeed' },
    })
    const { execution } = await run(definition)
    expect(execution.failure).toEqual({
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
    })
  })

  it('fails a state whose output is over 256 KiB', async () => {
    const definition = jsonata({
      Grow: { Type: 'Pass', Output: '{% $states.input & $states.input %}', End: true },
    })
    expect((await run(definition, 'x'.repeat(131_071))).execution.status).toBe('SUCCEEDED')
    expect((await run(definition, 'x'.repeat(131_072))).execution.failure?.error).toBe(
      'States.DataLimitExceeded',
    )
  })
})

describe('Time', () => {
  const definition = jsonata({
    One: { Type: 'Pass', Next: 'Two' },
    Two: { Type: 'Pass', Next: 'Three' },
    Three: end,
  })

  it('passes by the start hop before the first state and a transition between states', async () => {
    const test = createTestWorld({ latenciesMs: { 'states.start': 80, 'states.transition': 90 } })
    const { elapsedMs } = await runDefinition(test, definition)
    expect(elapsedMs).toBe(80 + 2 * 90)
  })

  it('is lengthened by the quota on transitions, which delays and never fails', async () => {
    const { elapsedMs, execution } = await runDefinition(
      createTestWorld({ transitionDelayMs: 10 }),
      definition,
    )
    expect(execution.status).toBe('SUCCEEDED')
    expect(elapsedMs).toBe(30)
  })
})
