import { describe, expect, it } from 'vitest'
import { runAsl } from '../../../asl.ts'

const echo = { StartAt: 'In', States: { In: { Type: 'Pass', End: true } } }
const distributed = { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }
const map = (fields: object, mode = 'DISTRIBUTED') => ({
  StartAt: 'All',
  States: {
    All: {
      Type: 'Map',
      ItemsPath: '$.items',
      ItemProcessor: { ProcessorConfig: mode === 'INLINE' ? { Mode: mode } : distributed, ...echo },
      ...fields,
      End: true,
    },
  },
})
const run = (fields: object, items: readonly unknown[], mode?: string) =>
  runAsl({ definition: map(fields, mode), input: { items, bound: 2, who: 'me' } })

describe('ItemBatcher', () => {
  it.each([
    { name: 'as many items as a batch holds', itemsMax: 3, batches: [[1, 2, 3]] },
    { name: 'one more than a batch holds', itemsMax: 2, batches: [[1, 2], [3]] },
    { name: 'batches of one', itemsMax: 1, batches: [[1], [2], [3]] },
  ])('makes of $name: $batches', async ({ itemsMax, batches }) => {
    const answer = await run({ ItemBatcher: { MaxItemsPerBatch: itemsMax } }, [1, 2, 3])
    expect(answer.output).toEqual(batches.map((Items) => ({ Items })))
  })

  it('hands every batch its shared input, and takes its bound from a path', async () => {
    const batcher = { MaxItemsPerBatchPath: '$.bound', BatchInput: { 'who.$': '$.who' } }
    const answer = await run({ ItemBatcher: batcher }, ['a', 'b', 'c'])
    expect(answer.output).toEqual([
      { BatchInput: { who: 'me' }, Items: ['a', 'b'] },
      { BatchInput: { who: 'me' }, Items: ['c'] },
    ])
  })

  it.each([
    { bytesMax: 19, sizes: [1, 1] },
    { bytesMax: 20, sizes: [2] },
  ])('keeps the input of a child within $bytesMax bytes: $sizes', async ({ bytesMax, sizes }) => {
    // {"Items":[]} has 12 bytes; "ab" and a comma have 5, of which a batch counts one for each item.
    const answer = await run({ ItemBatcher: { MaxInputBytesPerBatch: bytesMax + 2 } }, ['ab', 'ab'])
    expect((answer.output as { Items: unknown[] }[]).map(({ Items }) => Items.length)).toEqual(sizes)
  })

  it('batches what ItemSelector made of the items', async () => {
    const answer = await run(
      { ItemSelector: { 'n.$': '$$.Map.Item.Value' }, ItemBatcher: { MaxItemsPerBatch: 2 } },
      [1, 2],
    )
    expect(answer.output).toEqual([{ Items: [{ n: 1 }, { n: 2 }] }])
  })

  it('starts no child when there are no items', async () => {
    expect((await run({ ItemBatcher: { MaxItemsPerBatch: 2 } }, [])).output).toEqual([])
  })

  it.each([
    { batcher: {}, says: 'Expected MaxItemsPerBatch or MaxInputBytesPerBatch at /States/All/ItemBatcher' },
    { batcher: { BatchInput: {} }, says: 'Expected MaxItemsPerBatch or MaxInputBytesPerBatch' },
    // https://github.com/floci-io/floci/issues/3733 (measured on AWS, read 2026-11-25)
    {
      batcher: { MaxItemsPerBatch: -1 },
      says: 'Minimum value is 0 at /States/All/ItemBatcher/MaxItemsPerBatch',
    },
    {
      batcher: { MaxItemsPerBatch: 1, MaxItemsPerBatchPath: '$.bound' },
      says: 'There should only be one of the following fields: [MaxItemsPerBatch, MaxItemsPerBatchPath] at /States/All/ItemBatcher',
    },
    {
      batcher: { MaxItemsPerBatchPath: '$$.Execution.Input.bound' },
      says: 'Value is not a Reference Path: $$.Execution.Input.bound at /States/All/ItemBatcher/MaxItemsPerBatchPath',
    },
    {
      batcher: { MaxItemsPerBatch: 1.5 },
      says: 'Expected value of type Integer at /States/All/ItemBatcher/MaxItemsPerBatch',
    },
    {
      batcher: { MaxInputBytesPerBatch: 262_145 },
      says: 'Maximum value is 262144 at /States/All/ItemBatcher/MaxInputBytesPerBatch',
    },
  ])('is refused without a bound or with one that is none: $batcher', async ({ batcher, says }) => {
    const { status, cause } = await run({ ItemBatcher: batcher }, [1])
    expect(status).toBe('INVALID')
    expect(cause).toContain(says)
  })

  // https://github.com/floci-io/floci/issues/3733 (measured on AWS, read 2026-11-25)
  it('has no paths in JSONata', async () => {
    const definition = {
      ...map({ ItemsPath: undefined, ItemBatcher: { MaxItemsPerBatchPath: '$.bound' } }),
      QueryLanguage: 'JSONata',
    }
    expect((await runAsl({ definition: JSON.parse(JSON.stringify(definition)), input: [1] })).cause).toBe(
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'MaxItemsPerBatchPath' is only supported for the 'JSONPath' QueryLanguage at /States/All/ItemBatcher'",
    )
  })

  it.each([
    { field: 'MaxItemsPerBatch', value: -1, says: 'MaxItemsPerBatch cannot be negative.' },
    {
      field: 'MaxItemsPerBatch',
      value: 1.5,
      says: 'The MaxItemsPerBatchPath field refers to value "1.5" which is not a valid integer: $.bound',
    },
    {
      field: 'MaxInputBytesPerBatch',
      value: 262_145,
      says: 'MaxInputBytesPerBatch cannot be greater than 262144.',
    },
  ])('fails the state by a path that finds $value for $field', async ({ field, value, says }) => {
    const definition = map({ ItemBatcher: { [`${field}Path`]: '$.bound' } })
    expect(await runAsl({ definition, input: { items: [1], bound: value } })).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: expect.stringContaining(says),
    })
  })

  it('of 0, which AWS takes and does not explain, is refused by name when it is met', async () => {
    for (const batcher of [{ MaxItemsPerBatch: 0 }, { MaxItemsPerBatchPath: '$.none' }]) {
      const definition = map({ ItemBatcher: batcher })
      await expect(runAsl({ definition, input: { items: [1], none: 0 } })).rejects.toThrow(
        '/States/All/ItemBatcher: a MaxItemsPerBatch of 0 is not modelled',
      )
    }
  })

  it('makes batches of 256 KiB where no size is told', async () => {
    const third = 'x'.repeat(87_000)
    const ItemSelector = { 'x.$': '$.who' }
    const definition = map({
      ItemSelector,
      ItemBatcher: { MaxItemsPerBatch: 9 },
      ResultSelector: { 'n.$': '$[*].Items.length()' },
    })
    const answer = await runAsl({ definition, input: { items: [1, 2, 3, 4], who: third } })
    expect(answer).toMatchObject({ status: 'SUCCEEDED', output: { n: [3, 1] } })
  })

  it('is refused in an inline Map', async () => {
    const answer = await run({ ItemBatcher: { MaxItemsPerBatch: 2 } }, [1], 'INLINE')
    expect(answer).toMatchObject({ status: 'INVALID', cause: expect.stringContaining('ItemBatcher') })
  })

  it('counts every item of a failed batch against the tolerated failures', async () => {
    const failing = { StartAt: 'In', States: { In: { Type: 'Fail', Error: 'No' } } }
    const definition = (tolerated: number) =>
      map({
        ItemProcessor: { ProcessorConfig: distributed, ...failing },
        ItemBatcher: { MaxItemsPerBatch: 2 },
        ToleratedFailureCount: tolerated,
      })
    const input = { items: [1, 2] }
    expect(await runAsl({ definition: definition(2), input })).toMatchObject({
      status: 'SUCCEEDED',
      output: [],
    })
    expect(await runAsl({ definition: definition(1), input })).toMatchObject({
      status: 'FAILED',
      error: 'States.ExceedToleratedFailureThreshold',
    })
  })
})
