import { describe, expect, it } from 'vitest'
import { createTestWorld, runDefinition } from '../testing.ts'

const evaluate = async (value: string, input: unknown): Promise<unknown> => {
  const definition = {
    StartAt: 'One',
    States: { One: { Type: 'Pass', Parameters: { 'x.$': value }, End: true } },
  }
  const { execution } = await runDefinition(createTestWorld(), definition, input)
  if (execution.failure !== undefined) return execution.failure.error
  return (execution.output as { readonly x: unknown }).x
}

const store = {
  books: [
    { title: 'a', price: 8, tags: ['x', 'y'] },
    { title: 'b', price: 12 },
    { title: 'c', price: 9, 'odd name': true },
  ],
  'dotted.name': 1,
  'dotted[0]': 2,
}

describe('A JSONPath', () => {
  it.each([
    { path: '$.books[0].title', found: 'a' },
    { path: '$.books[-1].title', found: 'c' },
    { path: "$['books'][2]['odd name']", found: true },
    { path: '$.books[*].title', found: ['a', 'b', 'c'] },
    { path: '$.books[0,2].title', found: ['a', 'c'] },
    { path: '$.books[1:].title', found: ['b', 'c'] },
    { path: '$.books[:2].title', found: ['a', 'b'] },
    { path: '$.books[-2:].title', found: ['b', 'c'] },
    { path: '$..price', found: [8, 12, 9] },
    { path: '$.books[?(@.price < 10)].title', found: ['a', 'c'] },
    { path: "$.books[?(@.title == 'b')].price", found: [12] },
    { path: '$.books[?(@.tags)].title', found: ['a'] },
    { path: '$.books[?(@.price > 100)]', found: [] },
    { path: "$.books[?(@.price > 5 && @.title != 'a')].title", found: ['b', 'c'] },
    { path: "$.books[?(@.title == 'a' || @.price > 11)].title", found: ['a', 'b'] },
    { path: "$.books[?(@.price > 11 || @.title == 'a' && @.price > 100)].title", found: ['b'] },
    { path: '$.books[?(!(@.price > 11) && !@.tags)].title', found: ['c'] },
    { path: "$.books[?(@.title in ['b', 'c'])].title", found: ['b', 'c'] },
    { path: "$.books[?(@.title nin ['b', 'c'])].title", found: ['a'] },
    { path: '$.books[?(@.price < $.books[1].price)].title', found: ['a', 'c'] },
    { path: '$.books[?(12 == @.price)].title', found: ['b'] },
    { path: '$.books[?(@.title =~ /[BC]/i)].title', found: ['b', 'c'] },
    { path: '$.books[?(@.title =~ /[BC]/)].title', found: [] },
    { path: '$.books[?(@.tags.length() == 2)].title', found: ['a'] },
    { path: "$.books[?(@.tags contains 'x')].title", found: ['a'] },
    { path: "$.books[?(@.tags anyof ['y', 'z'])].title", found: ['a'] },
    { path: "$.books[?(@.tags noneof ['y', 'z'])].title", found: [] },
    { path: "$.books[?(@.tags subsetof ['x', 'y', 'z'])].title", found: ['a'] },
    { path: '$.books[?(@.tags size 2)].title', found: ['a'] },
    { path: '$.books[?(@.tags empty false)].title', found: ['a'] },
    { path: '$.books.length()', found: 3 },
    { path: '$.books[0].title.length()', found: 1 },
    { path: '$.books[0].price.length()', found: 'States.Runtime' },
    { path: '$.books.sum()', found: 'States.Runtime' },
    { path: "$.books[1]['title', 'price', 'none']", found: { title: 'b', price: 12 } },
    { path: '$.books[1][?(@.price > 10)].title', found: ['b'] },
    { path: '$.none[*]', found: [] },
    { path: '$.none[1:]', found: [] },
    { path: '$none', found: 'States.Runtime' },
    { path: '$$.State.Name', found: 'One' },
    { path: '$.none', found: 'States.Runtime' },
    { path: '$.books[3]', found: 'States.Runtime' },
    { path: '$.books[2].odd\\ name', found: true },
    { path: '$.\\b\\ooks[1].ti\\tle', found: 'b' },
    // https://github.com/ChristopheBougere/asl-validator/issues/47 (taken by AWS, read 2026-11-25)
    { path: '$.books.[1].title', found: 'b' },
    { path: "$.['books'].[-1].['title']", found: 'c' },
    { path: "$.books.[?(@.title == 'b')].price", found: [12] },
    { path: '$.dotted\\.name', found: 1 },
    { path: '$.dotted\\[0\\]', found: 2 },
    { path: '$.dotted.name', found: 'States.Runtime' },
  ])('$path finds $found', async ({ path, found }) => {
    expect(await evaluate(path, store)).toEqual(found)
  })

  // `ArraySliceOperation` and `ArraySliceToken` of https://github.com/json-path/JsonPath (read 2026-11-25)
  it.each([
    { range: '1:', found: ['b', 'c', 'd'] },
    { range: '-2:', found: ['c', 'd'] },
    { range: '-9:', found: ['a', 'b', 'c', 'd'] },
    { range: ':-1', found: ['a', 'b', 'c'] },
    { range: ':9', found: ['a', 'b', 'c', 'd'] },
    { range: '1:3', found: ['b', 'c'] },
    { range: '-3:-1', found: ['b', 'c'] },
    { range: '-9:-3', found: ['a'] },
    { range: '1:-1', found: [] },
    { range: '-1:2', found: ['d', 'a', 'b'] },
    { range: '0:3:2', found: ['a', 'b', 'c'] },
    { range: '1::2', found: ['b', 'c', 'd'] },
  ])('takes the slice [$range]: $found', async ({ range, found }) => {
    expect(await evaluate(`$.list[${range}]`, { list: ['a', 'b', 'c', 'd'] })).toEqual(found)
  })

  it.each([
    '$.a[:]',
    '$.a[::2]',
    '$.a[?(@.b ~~ 1)]',
    '$.a[?(@.b =~ /x/q)]',
    '$.a[?(@.b =~ /(/)]',
    '$.a[',
    'a.b',
    '$.a b',
    'States.Array (1)',
    3,
  ])('that is none is refused: %s', async (path) => {
    const definition = {
      StartAt: 'One',
      States: { One: { Type: 'Pass', Parameters: { 'x.$': path }, End: true } },
    }
    await expect(runDefinition(createTestWorld(), definition)).rejects.toThrow(
      "The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call at /States/One/Parameters",
    )
  })

  it('cannot be applied to null', async () => {
    const definition = { StartAt: 'One', States: { One: { Type: 'Pass', InputPath: '$.a', End: true } } }
    const { execution } = await runDefinition(createTestWorld(), definition, null)
    expect(execution.failure).toMatchObject({
      error: 'States.Runtime',
      cause: expect.stringMatching(/Unable to apply Path transformation to null or empty input\.$/),
    })
  })
})

const guide = 'https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html'

describe(`An intrinsic function (${guide})`, () => {
  const input = {
    array: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    doubles: [1, 2, 3, 3, 3, 3, 3, 3, 4],
    text: 'Data to encode',
    encoded: 'RGF0YSB0byBlbmNvZGU=',
    left: { a: { a1: 1, a2: 2 }, b: 2 },
    right: { a: { a3: 1, a4: 2 }, c: 3 },
    name: 'Ω',
    'a, b)': 'x',
    rows: [
      { k: 'y, z', n: 1 },
      { k: 'y, z', n: 3 },
      { k: 'x', n: 5 },
    ],
  }
  it.each([
    { call: 'States.ArrayPartition($.array, 0)', says: 'Argument 2 must be a positive integer' },
    { call: 'States.ArrayPartition($.text, 1)', says: 'Argument 1 must be an array' },
    { call: "States.Hash($.text, 'CRC')", says: 'Argument 2 must be one of' },
    { call: 'States.Hash($.text, 5)', says: 'Argument 2 must be a string' },
  ])('says what is wrong with its arguments, and nothing of JSONata: $call', async ({ call, says }) => {
    const definition = {
      StartAt: 'One',
      States: { One: { Type: 'Pass', Parameters: { 'x.$': call }, End: true } },
    }
    const { execution } = await runDefinition(createTestWorld(), definition, input)
    expect(execution.failure?.error).toBe('States.IntrinsicFailure')
    expect(execution.failure?.cause).toContain(`The function '${call}' had the following error: ${says}`)
  })

  it.each([
    { call: 'States.Array(1, $.text, null, true)', value: [1, 'Data to encode', null, true] },
    { call: 'States.ArrayPartition($.array, 4)', value: [[1, 2, 3, 4], [5, 6, 7, 8], [9]] },
    { call: 'States.ArrayContains($.array, 5)', value: true },
    { call: 'States.ArrayRange(1, 9, 2)', value: [1, 3, 5, 7, 9] },
    { call: 'States.ArrayRange(5, 1, -2)', value: [5, 3, 1] },
    { call: 'States.ArrayGetItem($.array, 5)', value: 6 },
    { call: 'States.ArrayGetItem($.array, 9)', value: 'States.IntrinsicFailure' },
    { call: 'States.ArrayLength($.array)', value: 9 },
    { call: 'States.ArrayUnique($.doubles)', value: [1, 2, 3, 4] },
    { call: 'States.Base64Encode($.text)', value: 'RGF0YSB0byBlbmNvZGU=' },
    { call: 'States.Base64Decode($.encoded)', value: 'Data to encode' },
    { call: 'States.Base64Decode(States.Base64Encode($.name))', value: 'Ω' },
    { call: "States.Hash('input data', 'SHA-1')", value: 'aaff4a450a104cd177d28d18d74485e8cae074b7' },
    { call: 'States.JsonMerge($.left, $.right, false)', value: { a: { a3: 1, a4: 2 }, b: 2, c: 3 } },
    { call: 'States.JsonMerge($.left, $.right, true)', value: 'States.IntrinsicFailure' },
    { call: 'States.StringToJson(\'{"a": 1}\')', value: { a: 1 } },
    { call: 'States.JsonToString($.left)', value: '{"a":{"a1":1,"a2":2},"b":2}' },
    { call: 'States.MathAdd(111, -1)', value: 110 },
    { call: "States.StringSplit('1,2;3', ',;')", value: ['1', '2', '3'] },
    {
      call: "States.Format('Hello, {} of {}.', $.name, States.ArrayLength($.array))",
      value: 'Hello, Ω of 9.',
    },
    { call: "States.Format('It\\'s \\{{}\\}', 1)", value: "It's {1}" },
    { call: "States.Format('{} {}', 1)", value: 'States.IntrinsicFailure' },
    { call: "States.Array('\\{a\\}', 'it\\'s', '\\\\')", value: ['{a}', "it's", '\\'] },
    { call: 'States.StringToJson(\'\\{"a": 1\\}\')', value: { a: 1 } },
    { call: "States.Format('{}', '\\{}')", value: '{}' },
    { call: "States.Format('{}', 1, 2)", value: 'States.IntrinsicFailure' },
    { call: "States.Format('{} {}', $.right, $.missing)", value: 'States.Runtime' },
    { call: "States.Format('{}', $.right)", value: '{a={a3=1, a4=2}, c=3}' },
    {
      call: 'States.ArrayPartition($.array, 4.5)',
      value: [
        [1, 2, 3, 4, 5],
        [6, 7, 8, 9],
      ],
    },
    { call: 'States.ArrayPartition($.array, 0)', value: 'States.IntrinsicFailure' },
    { call: 'States.ArrayPartition($.text, 1)', value: 'States.IntrinsicFailure' },
    { call: 'States.ArrayContains($.text, 1)', value: 'States.IntrinsicFailure' },
    { call: 'States.ArrayRange(1.6, 4.4, 1)', value: [2, 3, 4] },
    { call: 'States.ArrayRange(1, 9, 0)', value: 'States.IntrinsicFailure' },
    { call: 'States.ArrayRange(1, 9, -1)', value: [] },
    { call: 'States.ArrayRange(0, 1000, 1)', value: 'States.IntrinsicFailure' },
    { call: 'States.ArrayLength($.text)', value: 'States.IntrinsicFailure' },
    { call: 'States.ArrayLength()', value: 'States.IntrinsicFailure' },
    { call: 'States.ArrayGetItem($.array, -1)', value: 'States.IntrinsicFailure' },
    { call: 'States.Base64Decode($.text)', value: 'States.IntrinsicFailure' },
    { call: 'States.Base64Encode(1)', value: 'States.IntrinsicFailure' },
    { call: "States.Hash($.text, 'SHA-3')", value: 'States.IntrinsicFailure' },
    { call: 'States.JsonMerge($.left, 1, false)', value: 'States.IntrinsicFailure' },
    { call: "States.StringToJson('{k}')", value: 'States.IntrinsicFailure' },
    { call: "States.StringToJson(' ')", value: null },
    { call: "States.MathAdd('1', 1)", value: 'States.IntrinsicFailure' },
    { call: 'States.MathAdd(1.5, -0.4)', value: 2 },
    { call: 'States.MathRandom(5, 5)', value: 'States.IntrinsicFailure' },
    { call: 'States.MathRandom(5, 6)', value: 5 },
    { call: 'States.StringSplit(1, 2)', value: 'States.IntrinsicFailure' },
    { call: 'States.UUID(1)', value: 'States.IntrinsicFailure' },
    { call: "States.ArrayLength($['array'])", value: 9 },
    { call: "States.Format('{}, {}', $['a, b)'], 1)", value: 'x, 1' },
    { call: "States.ArrayLength($.rows[?(@.k == 'y, z')])", value: 2 },
    { call: "States.ArrayGetItem($.rows[?(@.k=='y, z' && @.n>1)].n, 0)", value: 3 },
    { call: 'States.Array($.array.length(), $.rows[*].n, $$.State.Name)', value: [9, [1, 3, 5], 'One'] },
    { call: "States.Format('a\\b{}', 1)", value: 'States.Runtime' },
    { call: "States.Array('\\n')", value: 'States.Runtime' },
  ])('$call gives $value', async ({ call, value }) => {
    expect(await evaluate(call, input)).toEqual(value)
  })

  it('that fails is told with the call', async () => {
    const definition = {
      StartAt: 'One',
      States: { One: { Type: 'Pass', Parameters: { 'x.$': 'States.ArrayLength($.n)' }, End: true } },
    }
    const { execution } = await runDefinition(createTestWorld(), definition, { n: 1 })
    expect(execution.failure?.cause).toBe(
      "An error occurred while executing the state 'One' (entered at the event id #2). The function 'States.ArrayLength($.n)' had the following error: Argument 1 must be an array",
    )
  })

  it('draws numbers and ids from the seed of the run, and the same number for the same seed of its own', async () => {
    const seeded = await evaluate('States.MathRandom(1, 999, 42)', {})
    expect(seeded).toBe(await evaluate('States.MathRandom(1, 999, 42)', {}))
    expect(await evaluate('States.UUID()', {})).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })
})

describe('Data in and out of a JSONPath state', () => {
  it('goes through InputPath, Parameters, ResultSelector, ResultPath and OutputPath, in that order', async () => {
    const definition = {
      StartAt: 'Work',
      States: {
        Work: {
          Type: 'Task',
          Resource: 'mock',
          InputPath: '$.order',
          Parameters: { 'id.$': '$.id', fixed: true },
          ResultSelector: { 'fact.$': '$.result.type' },
          ResultPath: '$.done.work',
          OutputPath: '$.done',
          End: true,
        },
      },
    }
    const seen: unknown[] = []
    const { execution } = await runDefinition(
      createTestWorld(),
      definition,
      { order: { id: 7 }, done: { before: 1 } },
      {
        integration: () => ({
          waitsForToken: false,
          parameters: undefined,
          call: ({ payload }, done) => {
            seen.push(payload)
            done({ ok: true, output: { result: { type: 'Shipped' } } })
          },
        }),
      },
    )
    expect(seen).toEqual([{ id: 7, fixed: true }])
    expect(execution.output).toEqual({ before: 1, work: { fact: 'Shipped' } })
  })
})

describe('ResultPath', () => {
  const pass = (path: unknown) => ({
    StartAt: 'One',
    States: { One: { Type: 'Pass', Result: 'new', ResultPath: path, End: true } },
  })

  it.each<{ readonly path: unknown; readonly input: unknown; readonly output: unknown }>([
    { path: '$', input: { a: 1 }, output: 'new' },
    { path: null, input: { a: 1 }, output: { a: 1 } },
    { path: '$.a', input: { a: 1, b: 2 }, output: { a: 'new', b: 2 } },
    { path: '$.c.d', input: { a: 1 }, output: { a: 1, c: { d: 'new' } } },
    { path: '$.a[1]', input: { a: [1, 2, 3] }, output: { a: [1, 'new', 3] } },
    { path: '$.a[1].b', input: { a: [1, {}] }, output: { a: [1, { b: 'new' }] } },
    { path: '$.a[3]', input: { a: [1, 2, 3] }, output: { a: [1, 2, 3, 'new'] } },
    { path: "$['toString'].a", input: {}, output: { toString: { a: 'new' } } },
  ])('$path puts a result into $input', async ({ path, input, output }) => {
    const { execution } = await runDefinition(createTestWorld(), pass(path), input)
    expect(execution.output).toEqual(output)
  })

  it.each([
    { path: '$.a', input: 'text' },
    { path: '$.a', input: [1] },
    { path: '$.a', input: null },
    { path: '$.a.b', input: { a: 1 } },
    { path: '$.a[0]', input: { a: {} } },
    { path: '$.a[2]', input: { a: [1] } },
  ])('$path cannot be applied to $input', async ({ path, input }) => {
    const { execution } = await runDefinition(createTestWorld(), pass(path), input)
    expect(execution.failure).toMatchObject({ error: 'States.ResultPathMatchFailure' })
  })

  it.each(['$.a[*]', '$..a', '$.a[0:1]', '$$.a', '$a', "$['a','b']", '$.a.length()'])(
    'that names no single place of the input is refused: %s',
    async (path) => {
      await expect(runDefinition(createTestWorld(), pass(path))).rejects.toThrow(
        `Value is not a Reference Path: ${path} at /States/One/ResultPath`,
      )
    },
  )
})
