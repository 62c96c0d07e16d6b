import type { StateSource } from '../definition/fields.ts'
import { schemaFailure } from '../definition/invalid.ts'
import { compileNumber, type ReadNumber } from '../definition/numbers.ts'
import { isObject, type JsonObject, jsonBytes, payloadBytesMax } from '../json.ts'
import { compileTemplate } from '../jsonata/template.ts'
import { compilePayload } from '../jsonpath/template.ts'
import type { Scope } from '../scope.ts'

/** What a child execution of a batching Map gets, and how many items are in it. */
export interface Batch {
  readonly input: JsonObject
  readonly items: number
}

export type Batcher = (scope: Scope, data: unknown, inputs: readonly unknown[]) => readonly Batch[]

const known: ReadonlySet<string> = new Set([
  'MaxItemsPerBatch',
  'MaxItemsPerBatchPath',
  'MaxInputBytesPerBatch',
  'MaxInputBytesPerBatchPath',
  'BatchInput',
])

const bounds = ['MaxItemsPerBatch', 'MaxInputBytesPerBatch']

/**
 * `ItemBatcher` of a distributed Map: items in their order, as many in a batch as both bounds allow and at least one,
 * each batch as `{ Items, BatchInput? }`. One bound must be told; without the other a batch holds 256 KiB.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html (read 2026-11-24).
 */
export const compileBatcher = (source: StateSource): Batcher | undefined => {
  const given = source.fields['ItemBatcher']
  if (given === undefined) return undefined
  const pointer = `${source.pointer}/ItemBatcher`
  if (!isObject(given)) throw schemaFailure('Expected value of type Object', pointer)
  const unknown = Object.keys(given).find((field) => !known.has(field))
  if (unknown !== undefined) throw schemaFailure(`The field '${unknown}' is not supported`, pointer)
  if (bounds.every((field) => given[field] === undefined && given[`${field}Path`] === undefined))
    throw schemaFailure(`Expected ${bounds.join(' or ')}`, pointer)
  const fields = { ...source, fields: given, pointer }
  const itemsMax = compileBound(fields, 'MaxItemsPerBatch', Number.MAX_SAFE_INTEGER)
  const bytesMax = compileBound(fields, 'MaxInputBytesPerBatch', payloadBytesMax)
  const batchInput = compileBatchInput(fields)
  return (scope, data, inputs) => {
    const shared = batchInput?.(scope, data)
    return batchesOf(inputs, shared, itemsMax(scope, data), bytesMax(scope, data))
  }
}

const compileBound = (source: StateSource, field: string, max: number): ReadNumber =>
  compileNumber(
    source,
    field,
    { min: 1, max, integer: true },
    (value) => `The ${field} field must be an integer from 1 to ${max}, but was ${JSON.stringify(value)}`,
  ) ?? (() => max)

const compileBatchInput = ({
  fields,
  language,
}: StateSource): ((scope: Scope, data: unknown) => unknown) | undefined => {
  const given = fields['BatchInput']
  if (given === undefined) return undefined
  if (language === 'JSONata') return compileTemplate(given, 'ItemBatcher/BatchInput')
  const fill = compilePayload(given, 'BatchInput')
  return (scope, data) => fill(data, scope)
}

const batchesOf = (
  inputs: readonly unknown[],
  shared: unknown,
  itemsMax: number,
  bytesMax: number,
): readonly Batch[] => {
  const batchOf = (items: readonly unknown[]): Batch => ({
    input: shared === undefined ? { Items: items } : { BatchInput: shared, Items: items },
    items: items.length,
  })
  const frameBytes = jsonBytes(batchOf([]).input)
  const batches: Batch[] = []
  let items: unknown[] = []
  let bytes = frameBytes
  for (const input of inputs) {
    const inputBytes = jsonBytes(input) + 1
    if (items.length > 0 && (items.length >= itemsMax || bytes + inputBytes > bytesMax)) {
      batches.push(batchOf(items))
      items = []
      bytes = frameBytes
    }
    items.push(input)
    bytes += inputBytes
  }
  if (items.length > 0) batches.push(batchOf(items))
  return batches
}
