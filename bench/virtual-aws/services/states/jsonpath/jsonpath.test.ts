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
    { path: '$$.State.Name', found: 'One' },
    { path: '$.none', found: 'States.Runtime' },
    { path: '$.books[3]', found: 'States.Runtime' },
  ])('$path finds $found', async ({ path, found }) => {
    expect(await evaluate(path, store)).toEqual(found)
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
  }
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
  ])('$call gives $value', async ({ call, value }) => {
    expect(await evaluate(call, input)).toEqual(value)
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
          service: 'mock',
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
