import { literalOrExpression, refuseSeveral, type StateSource } from '../definition/fields.ts'
import { compileField, type FieldReader } from '../definition/flow.ts'
import { EvaluationError } from '../failure.ts'
import { compileIntrinsic, isIntrinsic } from '../jsonpath/intrinsics.ts'
import type { RunningVisit } from '../running.ts'
import type { StateCompiler } from './state-compiler.ts'

/** Ends the strand with an error. */
export const compileFail: StateCompiler = (source) => {
  for (const field of ['Error', 'Cause']) {
    literalOrExpression(source, field, 'string')
    refuseSeveral(source.fields, [field, `${field}Path`], source.pointer)
  }
  const error = textReader(source, 'Error')
  const cause = textReader(source, 'Cause')
  return {
    enter: (visit) =>
      visit.fail({
        error: read(error, visit, source, 'Error'),
        cause: read(cause, visit, source, 'Cause'),
      }),
  }
}

const textReader = (source: StateSource, field: string): FieldReader | undefined => {
  const path = source.fields[`${field}Path`]
  if (typeof path !== 'string' || !isIntrinsic(path)) return compileField(source, field, 'string')
  const intrinsic = compileIntrinsic(path, `${field}Path`)
  return (scope, data) => intrinsic(data, scope)
}

/**
 * What a path or an intrinsic function gives must be a string.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html (read 2026-11-25).
 */
const read = (
  reader: FieldReader | undefined,
  visit: RunningVisit,
  { fields }: StateSource,
  field: string,
): string | null => {
  if (reader === undefined) return null
  const value = reader(visit.scope, visit.input)
  if (typeof value === 'string') return value
  throw new EvaluationError(
    'States.Runtime',
    `The ${field}Path parameter does not reference a string: ${fields[`${field}Path`]} == ${JSON.stringify(value)}`,
  )
}
