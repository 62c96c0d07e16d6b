import { describe, expect, it } from 'vitest'
import { type AslRun, runAsl } from '../../../asl.ts'

const pass = { Type: 'Pass', End: true }
const lambda = 'arn:aws:states:::lambda:invoke'

const processor = (state: object, mode: 'INLINE' | 'DISTRIBUTED' = 'INLINE') => ({
  ProcessorConfig: mode === 'INLINE' ? { Mode: mode } : { Mode: mode, ExecutionType: 'STANDARD' },
  StartAt: 'In',
  States: { In: state },
})

const distributed = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }

const map = (fields: object, more: object = {}) => ({
  StartAt: 'Each',
  States: { Each: { Type: 'Map', ItemProcessor: processor(pass), End: true, ...fields }, ...more },
})

const run = (definition: unknown, input: unknown, taskOutcomes?: AslRun['taskOutcomes']) =>
  runAsl({ definition, input, ...(taskOutcomes === undefined ? {} : { taskOutcomes }) })

const broken = processor({ Type: 'Fail', Error: 'Broken', Cause: 'why' })

describe('A Map', () => {
  it.each([
    { name: 'null', input: { items: null }, says: 'Reference path "$.items" must point to array.' },
    { name: 'an object', input: { items: {} }, says: 'Reference path "$.items" must point to array.' },
    { name: 'a number', input: { items: 3 }, says: 'Reference path "$.items" must point to array.' },
    {
      name: 'nothing',
      input: {},
      says: "Invalid path '$.items' : No results for path: $['items']",
    },
  ])('fails over $name, which no State error is caught by', async ({ input, says }) => {
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }]
    const definition = map({ ItemsPath: '$.items', Catch }, { Caught: pass })
    expect(await run(definition, input)).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: expect.stringContaining(says),
      path: ['Each'],
    })
  })

  it('makes the input of each item from its own input, the item and its index', async () => {
    const ItemSelector = {
      'index.$': '$$.Map.Item.Index',
      'value.$': '$$.Map.Item.Value',
      'all.$': '$.items',
      'text.$': "States.Format('{}/{}', $.name, $$.Map.Item.Value)",
    }
    const definition = map({
      ItemsPath: '$.items',
      ItemSelector,
      ResultSelector: { 'texts.$': '$[*].text', 'second.$': '$[1]' },
      ResultPath: '$.result',
      OutputPath: '$.result',
    })
    expect((await run(definition, { name: 'n', items: [5, 6] })).output).toEqual({
      texts: ['n/5', 'n/6'],
      second: { index: 1, value: 6, all: [5, 6], text: 'n/6' },
    })
  })

  it('is retried as a whole, and then caught with the error of its item', async () => {
    const definition = map(
      {
        MaxConcurrency: 1,
        ItemProcessor: broken,
        Retry: [{ ErrorEquals: ['Broken'], MaxAttempts: 1, IntervalSeconds: 2 }],
        Catch: [{ ErrorEquals: ['Broken'], ResultPath: '$[0]', Next: 'Caught' }],
      },
      { Caught: pass },
    )
    expect(await run(definition, [1, 2])).toEqual({
      status: 'SUCCEEDED',
      output: [{ Error: 'Broken', Cause: 'why' }, 2],
      path: ['Each', 'In', 'In', 'Caught'],
      elapsedMs: 2000,
    })
  })

  it('runs inside of a Map, each with its own item in the context', async () => {
    const inner = {
      Type: 'Map',
      ItemSelector: { 'value.$': '$$.Map.Item.Value', 'of.$': '$' },
      ItemProcessor: processor(pass),
      End: true,
    }
    const definition = map({ ItemProcessor: { StartAt: 'Inner', States: { Inner: inner } } })
    expect((await run(definition, [[1], [2, 3]])).output).toEqual([
      [{ value: 1, of: [1] }],
      [
        { value: 2, of: [2, 3] },
        { value: 3, of: [2, 3] },
      ],
    ])
  })
})

// `States.DataLimitExceeded` in https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
// (read 2026-11-25)
describe('What a state is to work on', () => {
  const half = 'x'.repeat(131_060)
  const twice = { 'a.$': '$', 'b.$': '$' }
  const branches = [processor({ ...pass, Result: 0 })].map(({ StartAt, States }) => ({ StartAt, States }))
  const Resource = 'arn:aws:lambda:us-east-1:123456789012:function:Work'
  const task = { Type: 'Task', Resource, ResultSelector: {} }
  const machine = (state: object) => ({ StartAt: 'One', States: { One: { ...state, End: true } } })
  const each = {
    Type: 'Map',
    ItemProcessor: processor({ ...pass, Result: 0 }),
    ItemSelector: { 'a.$': '$$.Map.Item.Value', 'b.$': '$$.Map.Item.Value' },
  }

  it.each([
    { what: 'a task', definition: machine({ ...task, Parameters: twice }), wrap: (text: string) => text },
    {
      what: 'a Parallel',
      definition: machine({ Type: 'Parallel', Branches: branches, Parameters: twice }),
      wrap: (text: string) => text,
    },
    { what: 'an iteration', definition: machine(each), wrap: (text: string) => [text] },
  ])('is 256 KiB at most: $what', async ({ definition, wrap }) => {
    expect(await run(definition, wrap(half))).toMatchObject({ status: 'SUCCEEDED' })
    expect(await run(definition, wrap(`${half}xxxxx`))).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
      cause: "The input of the state 'One' exceeds the maximum number of bytes service limit.",
    })
  })

  it('fails one iteration of several once, and may be caught', async () => {
    const Catch = [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'Caught', ResultPath: null }]
    const definition = {
      StartAt: 'One',
      States: { One: { ...each, Catch, Next: 'Caught' }, Caught: { ...pass, Result: 'caught' } },
    }
    expect(await run(definition, ['x', 'x'.repeat(140_000), 'x'])).toMatchObject({ output: 'caught' })
  })

  it('tells by the context where the item of a Map is from', async () => {
    const ItemSelector = { 'from.$': '$$.Map.Item.Source', 'item.$': '$$.Map.Item' }
    expect((await run(map({ ItemSelector }), [7])).output).toEqual([
      { from: 'STATE_DATA', item: { Index: 0, Value: 7, Source: 'STATE_DATA' } },
    ])
  })
})

describe('A Map with an older field', () => {
  it.each([
    { newer: 'ItemProcessor', older: 'Iterator', fields: { Iterator: { ...processor(pass) } } },
    {
      newer: 'ItemSelector',
      older: 'Parameters',
      fields: { ItemSelector: { 'a.$': '$' }, Parameters: { 'b.$': '$' } },
    },
  ])('beside the newer one is refused: $older and $newer', async ({ newer, older, fields }) => {
    const answer = await run(map(fields), [1])
    expect(answer.status).toBe('INVALID')
    expect(answer.cause).toContain(
      `There should only be one of the following fields: [${newer}, ${older}] at /States/Each`,
    )
  })

  it('alone is taken: Iterator with Parameters', async () => {
    const { ItemProcessor: Iterator, ...state } = map({}).States.Each
    const Parameters = { 'item.$': '$$.Map.Item.Value', 'whole.$': '$' }
    const definition = { StartAt: 'Each', States: { Each: { ...state, Iterator, Parameters } } }
    expect((await run(definition, [7])).output).toEqual([{ item: 7, whole: [7] }])
  })
})

describe('The concurrency of a Map', () => {
  it.each([
    { mode: 'INLINE', asked: {}, rounds: 3 },
    { mode: 'INLINE', asked: { MaxConcurrency: 50 }, rounds: 3 },
    { mode: 'INLINE', asked: { MaxConcurrency: 27 }, rounds: 3 },
    { mode: 'INLINE', asked: { MaxConcurrency: 1 }, rounds: 81 },
    { mode: 'DISTRIBUTED', asked: {}, rounds: 1 },
  ] as const)(
    'in the mode $mode with $asked is what AWS lets run at a time, and no more',
    async ({ mode, asked, rounds }) => {
      const wait = { Type: 'Wait', Seconds: 1, End: true }
      const definition = map({ ItemProcessor: processor(wait, mode), ...asked })
      expect(await run(definition, Array(81).fill(0))).toMatchObject({ elapsedMs: rounds * 1000 })
    },
  )
})

describe('The failures that a Map tolerates', () => {
  const tolerant = (fields: object, mode: 'INLINE' | 'DISTRIBUTED') =>
    run(map({ ...fields, ItemProcessor: processor({ Type: 'Fail', Error: 'Broken' }, mode) }), [1, 2])
  const tolerated = [
    { ToleratedFailureCount: 2 },
    { ToleratedFailurePercentage: 100 },
    { ToleratedFailureCountPath: '$[1]' },
  ]

  // "Setting failure thresholds" in https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
  // (read 2026-11-25)
  it.each(tolerated)('in the distributed mode leave no result: %j', async (fields) => {
    expect(await tolerant(fields, 'DISTRIBUTED')).toMatchObject({ status: 'SUCCEEDED', output: [] })
  })

  it.each([
    { ToleratedFailureCount: 1 },
    { ToleratedFailurePercentage: 99 },
    { ToleratedFailureCountPath: '$[0]' },
  ])('in the distributed mode are no more than that: %j', async (fields) => {
    expect(await tolerant(fields, 'DISTRIBUTED')).toMatchObject({
      status: 'FAILED',
      error: 'States.ExceedToleratedFailureThreshold',
    })
  })

  // `ProcessorConfig` in https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html (read 2026-11-25)
  it.each(tolerated)('in the inline mode are none, whatever it says: %j', async (fields) => {
    expect(await tolerant(fields, 'INLINE')).toMatchObject({ status: 'FAILED', error: 'Broken' })
  })

  it('are read in the inline mode all the same, and must be numbers', async () => {
    const definition = map({ ToleratedFailureCountPath: '$[0]' })
    expect(await run(definition, ['x'])).toMatchObject({ status: 'FAILED', error: 'States.Runtime' })
    expect((await run(map({ ToleratedFailurePercentage: 101 }), [1])).status).toBe('INVALID')
  })
})

describe('A distributed Map', () => {
  it('fails by its threshold and not by the error of an item', async () => {
    const definition = map({ ItemProcessor: { ...broken, ProcessorConfig: distributed } })
    expect(await run(definition, [1])).toMatchObject({
      status: 'FAILED',
      error: 'States.ExceedToleratedFailureThreshold',
      path: ['Each'],
    })
  })

  it('hides the variables around it from its children, who may have some of the same name', async () => {
    const state = (mode: 'INLINE' | 'DISTRIBUTED') => ({
      QueryLanguage: 'JSONata',
      StartAt: 'Before',
      States: {
        Before: { Type: 'Pass', Assign: { x: 1 }, Next: 'Each' },
        Each: {
          Type: 'Map',
          Items: [1],
          ItemProcessor: processor({ ...pass, Output: '{% $exists($x) %}' }, mode),
          End: true,
        },
      },
    })
    expect((await run(state('INLINE'), {})).output).toEqual([true])
    expect((await run(state('DISTRIBUTED'), {})).output).toEqual([false])
    const assigning = map({
      ItemProcessor: processor({ ...pass, Assign: { x: 1 } }, 'DISTRIBUTED'),
      Assign: { x: 2 },
    })
    expect(await run(assigning, [1])).toMatchObject({ status: 'SUCCEEDED' })
  })

  it.each([
    { config: 'DISTRIBUTED', at: 'ProcessorConfig' },
    { config: { Mode: 'BOTH' }, at: 'ProcessorConfig/Mode' },
    { config: { Mode: 'DISTRIBUTED', ExecutionType: 'FAST' }, at: 'ProcessorConfig/ExecutionType' },
    { config: { ...distributed, Type: 'EXPRESS' }, at: 'ProcessorConfig' },
    { config: { Mode: 'DISTRIBUTED' }, at: 'ProcessorConfig' },
    { config: { Mode: 'INLINE', ExecutionType: 'STANDARD' }, at: 'ProcessorConfig' },
    { config: { ExecutionType: 'STANDARD' }, at: 'ProcessorConfig' },
  ])('is not configured by $config', async ({ config, at }) => {
    const definition = map({ ItemProcessor: { ...processor(pass), ProcessorConfig: config } })
    const answer = await run(definition, [1])
    expect(answer.status).toBe('INVALID')
    expect(answer.cause).toContain(` at /States/Each/ItemProcessor/${at}'`)
  })

  it('says which type its children have, or is refused for the lack of it', async () => {
    const definition = map({
      ItemProcessor: { ...processor(pass), ProcessorConfig: { Mode: 'DISTRIBUTED' } },
    })
    expect((await run(definition, [1])).cause).toBe(
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [ExecutionType] at /States/Each/ItemProcessor/ProcessorConfig'",
    )
  })

  // https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html (read 2026-11-25)
  it('with Express children takes no task token in them, as no Express execution does', async () => {
    const waiting = { Type: 'Task', Resource: `${lambda}.waitForTaskToken`, End: true }
    const children = (type: string) =>
      map({
        ItemProcessor: {
          ...processor(waiting),
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: type },
        },
      })
    expect((await run(children('EXPRESS'), [1])).cause).toContain(
      "Express state machine does not support '.waitForTaskToken' service integration",
    )
    expect((await run(children('STANDARD'), [])).status).toBe('SUCCEEDED')
  })

  it('refuses by name to run over an object, which AWS takes pair by pair', async () => {
    const definition = map({ ItemProcessor: processor(pass, 'DISTRIBUTED') })
    await expect(run(definition, { a: 1 })).rejects.toThrow(
      '/States/Each: an object as the items of a distributed Map is not modelled',
    )
  })

  it('keeps the outcomes of nested items apart', async () => {
    const task = { Type: 'Task', Resource: lambda, End: true }
    const inner = { Type: 'Map', ItemProcessor: processor(task), End: true }
    const definition = map({ ItemProcessor: { StartAt: 'Inner', States: { Inner: inner } } })
    const outcome = (output: string, iter: readonly number[]) => ({ kind: 'success', output, iter }) as const
    const outcomes = {
      In: [outcome('d', [1, 1]), outcome('a', [0, 0]), outcome('c', [1, 0]), outcome('b', [0, 1])],
    }
    expect(
      (
        await run(
          definition,
          [
            [0, 0],
            [0, 0],
          ],
          outcomes,
        )
      ).output,
    ).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
  })
})
