import { NotModelled } from '../../properties.ts'
import { fieldRefusal, type StateSource } from '../definition/fields.ts'
import { schemaFailure } from '../definition/invalid.ts'
import type { ReadNumber } from '../definition/numbers.ts'
import { isObject, type JsonObject, jsonBytes, payloadBytesMax } from '../json.ts'
import { compileTemplate } from '../jsonata/template.ts'
import { compilePayload } from '../jsonpath/template.ts'
import type { Scope } from '../scope.ts'
import { compileCount } from './map-limits.ts'

/** What a child execution of a batching Map gets, and how many items are in it. */
export interface Batch {
  readonly input: JsonObject
  readonly items: number
}

export type Batcher = (scope: Scope, data: unknown, inputs: readonly unknown[]) => readonly Batch[]

const bounds = ['MaxItemsPerBatch', 'MaxInputBytesPerBatch']

const fieldsOf = {
  JSONata: ['BatchInput', ...bounds],
  JSONPath: ['BatchInput', ...bounds, ...bounds.map((field) => `${field}Path`)],
}

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
  const { language } = source
  const unknown = Object.keys(given).find((field) => !fieldsOf[language].includes(field))
  if (unknown !== undefined) throw fieldRefusal(unknown, language, fieldsOf, pointer)
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

/** AWS takes a bound of 0 like any other number of a Map, and does not say what it means. */
const compileBound = (source: StateSource, field: string, max: number): ReadNumber => {
  const read = compileCount(source, field, max) ?? (() => max)
  return (scope, data) => {
    const bound = read(scope, data)
    if (bound === 0) throw new NotModelled(`${source.pointer}: a ${field} of 0 is not modelled`)
    return bound
  }
}

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
