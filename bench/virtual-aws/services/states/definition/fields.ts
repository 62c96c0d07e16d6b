import { isObject, type JsonObject } from '../json.ts'
import { isExpression } from '../jsonata/expression.ts'
import { compileEach, schemaFailure, unsupportedField } from './invalid.ts'

export type QueryLanguage = 'JSONata' | 'JSONPath'

/** One state as it stands in the definition, with where it stands. */
export interface StateSource {
  readonly name: string
  readonly pointer: string
  readonly language: QueryLanguage
  readonly fields: JsonObject
}

const always = ['Type', 'Comment', 'QueryLanguage']
const transition = ['Next', 'End']
const failing = ['Retry', 'Catch']
const work = ['TimeoutSeconds', 'HeartbeatSeconds', 'Resource', 'Credentials']
const mapping = [
  'ItemProcessor',
  'MaxConcurrency',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
  'ItemSelector',
  'ItemBatcher',
  'Label',
]

const byType: Readonly<
  Record<
    string,
    {
      readonly both: readonly string[]
      readonly JSONata: readonly string[]
      readonly JSONPath: readonly string[]
    }
  >
> = {
  Pass: {
    both: [...transition, 'Assign'],
    JSONata: ['Output'],
    JSONPath: ['Result', 'InputPath', 'Parameters', 'ResultPath', 'OutputPath'],
  },
  Task: {
    both: [...transition, ...failing, ...work, 'Assign'],
    JSONata: ['Arguments', 'Output'],
    JSONPath: [
      'InputPath',
      'Parameters',
      'ResultSelector',
      'ResultPath',
      'OutputPath',
      'TimeoutSecondsPath',
      'HeartbeatSecondsPath',
    ],
  },
  Choice: {
    both: ['Choices', 'Default', 'Assign'],
    JSONata: ['Output'],
    JSONPath: ['InputPath', 'OutputPath'],
  },
  Wait: {
    both: [...transition, 'Seconds', 'Timestamp', 'Assign'],
    JSONata: ['Output'],
    JSONPath: ['InputPath', 'OutputPath', 'SecondsPath', 'TimestampPath'],
  },
  Succeed: { both: [], JSONata: ['Output'], JSONPath: ['InputPath', 'OutputPath'] },
  Fail: { both: ['Error', 'Cause'], JSONata: [], JSONPath: ['ErrorPath', 'CausePath'] },
  Parallel: {
    both: [...transition, ...failing, 'Branches', 'Assign'],
    JSONata: ['Arguments', 'Output'],
    JSONPath: ['InputPath', 'Parameters', 'ResultSelector', 'ResultPath', 'OutputPath'],
  },
  Map: {
    both: [...transition, ...failing, ...mapping, 'Assign'],
    JSONata: ['Items', 'Output'],
    JSONPath: [
      'InputPath',
      'ItemsPath',
      'Parameters',
      'Iterator',
      'ResultSelector',
      'ResultPath',
      'OutputPath',
      'MaxConcurrencyPath',
      'ToleratedFailureCountPath',
      'ToleratedFailurePercentagePath',
    ],
  },
}

/** Fields of a Map that are known and not modelled: refused by name, so that nothing is skipped in silence. */
const unmodelled = new Set(['ItemReader', 'ResultWriter'])

export const stateTypes: readonly string[] = Object.keys(byType)

/**
 * Refuses a field that the state's type and query language do not have; gives those that AWS knows and nobody
 * modelled. Wording: https://github.com/floci-io/floci/issues/2968 (measured on AWS, read 2026-11-25).
 */
export const checkFields = ({ fields, language, pointer }: StateSource): readonly string[] => {
  const type = byType[String(fields['Type'])]
  const known = new Set([...always, ...(type?.both ?? []), ...(type?.[language] ?? [])])
  const unknown = Object.keys(fields).filter((field) => !known.has(field))
  compileEach(unknown, (field) => {
    if (fields['Type'] !== 'Map' || !unmodelled.has(field)) throw fieldRefusal(field, language, type, pointer)
  })
  return unknown
}

/** Whether nobody has the field, or only the other query language. */
export const fieldRefusal = (
  field: string,
  language: QueryLanguage,
  known: Readonly<Record<QueryLanguage, readonly string[]>> | undefined,
  pointer: string,
): Error => {
  const other = language === 'JSONata' ? 'JSONPath' : 'JSONata'
  if (known?.[other].includes(field) !== true) return unsupportedField(field, pointer)
  return schemaFailure(
    `The QueryLanguage is set to '${language}', but field '${field}' is only supported for the '${other}' QueryLanguage`,
    pointer,
  )
}

/** Wording: https://github.com/aws-cloudformation/cfn-lint/issues/4077 (an answer of AWS, read 2026-11-25). */
export const missingField = (field: string, pointer: string): Error =>
  schemaFailure(`These fields are required: [${field}]`, pointer)

export const requiredField = (fields: JsonObject, field: string, pointer: string): unknown => {
  const value = fields[field]
  if (value === undefined) throw missingField(field, pointer)
  return value
}

export const textField = (fields: JsonObject, field: string, pointer: string): string => {
  const value = requiredField(fields, field, pointer)
  if (typeof value !== 'string') throw schemaFailure('Expected value of type String', `${pointer}/${field}`)
  return value
}

/** Text that may be missing. */
export const optionalText = (fields: JsonObject, field: string, pointer: string): string | undefined =>
  fields[field] === undefined ? undefined : textField(fields, field, pointer)

export const objectField = (fields: JsonObject, field: string, pointer: string): JsonObject => {
  const value = requiredField(fields, field, pointer)
  if (!isObject(value)) throw schemaFailure('Expected value of type Object', `${pointer}/${field}`)
  return value
}

export const listField = (fields: JsonObject, field: string, pointer: string): readonly JsonObject[] => {
  const value = fields[field] === undefined ? [] : fields[field]
  if (!Array.isArray(value) || !value.every(isObject)) {
    throw schemaFailure('Expected value of type Array of Objects', `${pointer}/${field}`)
  }
  return value
}

/**
 * Refuses fields of which each stands for the others. Wording: https://github.com/floci-io/floci/issues/3733 (measured
 * on AWS for the numbers of a Map, read 2026-11-25; of other fields by likeness).
 */
export const refuseSeveral = (fields: JsonObject, alternatives: readonly string[], pointer: string): void => {
  if (alternatives.filter((field) => fields[field] !== undefined).length > 1)
    throw schemaFailure(
      `There should only be one of the following fields: [${alternatives.join(', ')}]`,
      pointer,
    )
}

/**
 * A number within bounds, or the default when the field is missing. Wording of one outside of them:
 * https://github.com/aws-cloudformation/cfn-lint/issues/4075 and https://github.com/floci-io/floci/issues/3733 (answers
 * of AWS, read 2026-11-25).
 */
export const numberField = (
  fields: JsonObject,
  field: string,
  pointer: string,
  bounds: { readonly min: number; readonly max: number; readonly integer?: boolean },
  missing: number,
): number => {
  const value = fields[field]
  if (value === undefined) return missing
  const at = `${pointer}/${field}`
  const isInteger = bounds.integer === true
  if (typeof value !== 'number' || (isInteger && !Number.isInteger(value)))
    throw schemaFailure(`Expected value of type ${isInteger ? 'Integer' : 'Number'}`, at)
  const shown = (bound: number): string => (isInteger ? String(bound) : bound.toFixed(1))
  if (value > bounds.max) throw schemaFailure(`Maximum value is ${shown(bounds.max)}`, at)
  if (value < bounds.min) throw schemaFailure(`Minimum value is ${shown(bounds.min)}`, at)
  return value
}

/** A literal of the type, or in JSONata an expression that will be one. */
export const literalOrExpression = (
  source: StateSource,
  field: string,
  type: 'number' | 'string' | 'boolean',
): void => {
  const value = source.fields[field]
  const isLater = source.language === 'JSONata' && isExpression(value)
  if (value !== undefined && typeof value !== type && !isLater) {
    throw schemaFailure(
      `Expected value of type ${type.charAt(0).toUpperCase()}${type.slice(1)}`,
      `${source.pointer}/${field}`,
    )
  }
}
