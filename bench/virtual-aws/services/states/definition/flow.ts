import type { JsonObject } from '../json.ts'
import { isExpression, refuseHalfExpression } from '../jsonata/expression.ts'
import { refuseResultIn } from '../jsonata/no-result.ts'
import { compileTemplate, compileTyped } from '../jsonata/template.ts'
import { compilePath, compileReferencePath, mustFind } from '../jsonpath/path.ts'
import { compilePlacement } from '../jsonpath/placement.ts'
import { compilePayload } from '../jsonpath/template.ts'
import type { Scope } from '../scope.ts'
import type { StateSource } from './fields.ts'
import { RefusedField } from './invalid.ts'

/** What a state hands on when it is left. */
export interface Departure {
  readonly output: unknown
  readonly assigned: JsonObject | undefined
}

/** How data goes into and out of a state, whichever query language it is written in. */
export interface Flow {
  /** The effective input: after `InputPath`, before `Parameters`. */
  input(scope: Scope): unknown
  /** What the state works on: `Arguments`, or `Parameters` over the effective input. */
  work(scope: Scope): unknown
  /** What leaves the state that came to this result. */
  leave(scope: Scope, result: unknown): Departure
}

export const compileFlow = (source: StateSource): Flow =>
  source.language === 'JSONata' ? jsonataFlow(source.fields) : jsonpathFlow(source.fields)

const withResult: ReadonlySet<unknown> = new Set(['Task', 'Parallel', 'Map'])

const jsonataFlow = (fields: JsonObject): Flow => {
  if (!withResult.has(fields['Type']))
    for (const field of ['Output', 'Assign']) refuseResultIn(fields[field], field)
  const work =
    fields['Arguments'] === undefined ? undefined : compileTemplate(fields['Arguments'], 'Arguments')
  const leave = compileDeparture(fields)
  return {
    input: (scope) => scope.input,
    work: (scope) => (work === undefined ? scope.input : work(scope)),
    leave: (scope, result) => leave(scope, result),
  }
}

/**
 * `Output` and `Assign`, evaluated over the same variables, as AWS does: neither sees what the other makes. `at` says
 * in which entry of the state they stand, for AWS's messages: `Choices[0]/`.
 */
export const compileDeparture = (
  fields: JsonObject,
  at = '',
): ((scope: Scope, otherwise: unknown) => Departure) => {
  const compiled = (field: 'Output' | 'Assign') =>
    fields[field] === undefined ? undefined : compileTemplate(fields[field], `${at}${field}`)
  const output = compiled('Output')
  const assign = compiled('Assign')
  return (scope, otherwise) => ({
    output: output === undefined ? otherwise : output(scope),
    assigned: assign === undefined ? undefined : (assign(scope) as JsonObject),
  })
}

const jsonpathFlow = (fields: JsonObject): Flow => {
  const input = compileSelection(fields['InputPath'], 'InputPath')
  const parameters =
    fields['Parameters'] === undefined ? undefined : compilePayload(fields['Parameters'], 'Parameters')
  const selector =
    fields['ResultSelector'] === undefined
      ? undefined
      : compilePayload(fields['ResultSelector'], 'ResultSelector')
  const assign = fields['Assign'] === undefined ? undefined : compilePayload(fields['Assign'], 'Assign')
  const result = compileResultPath(fields['ResultPath'])
  const output = compileSelection(fields['OutputPath'], 'OutputPath')
  return {
    input: (scope) => input(scope.input, scope),
    work: (scope) => {
      const data = input(scope.input, scope)
      return parameters === undefined ? data : parameters(data, scope)
    },
    leave: (scope, raw) => {
      const selected = selector === undefined ? raw : selector(raw, scope)
      return {
        assigned: assign === undefined ? undefined : (assign(selected, scope) as JsonObject),
        output: output(result(scope.input, selected), scope),
      }
    },
  }
}

/** `InputPath` and `OutputPath`: a path, null for an empty object, missing for everything. */
const compileSelection = (value: unknown, field: string): ((data: unknown, scope: Scope) => unknown) => {
  if (value === undefined || value === '$') return (data) => data
  if (value === null) return () => ({})
  const path = compilePath(String(value), field)
  return (data, scope) => mustFind(path, data, scope)
}

/** `ResultPath`: the result in place of the input, beside it, or not at all. */
export const compileResultPath = (value: unknown): ((input: unknown, result: unknown) => unknown) => {
  if (value === undefined || value === '$') return (_input, result) => result
  if (value === null) return (input) => input
  const path = compilePath(String(value), 'ResultPath')
  if (!path.isReference) throw new RefusedField(`Value is not a Reference Path: ${value}`, 'ResultPath')
  return compilePlacement(path)
}

export type FieldReader = (scope: Scope, data: unknown) => unknown

/**
 * A field that may be a literal, in JSONata an expression, and in JSONPath a path under the same name with `Path`.
 * Undefined when neither is there. `data` is what a path starts from: the state's effective input.
 */
export const compileField = (
  { fields, language }: StateSource,
  field: string,
  type: 'number' | 'string' | 'array',
): FieldReader | undefined => {
  const literal = fields[field]
  if (literal !== undefined) {
    if (language === 'JSONata') {
      if (isExpression(literal)) return compileTyped(literal, field, type)
      refuseHalfExpression(literal, field)
    }
    return () => literal
  }
  const text = fields[`${field}Path`]
  if (text === undefined) return undefined
  const path = compileReferencePath(String(text), `${field}Path`)
  return (scope, data) => mustFind(path, data, scope)
}
