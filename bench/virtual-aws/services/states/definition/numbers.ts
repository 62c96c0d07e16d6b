import { EvaluationError } from '../failure.ts'
import { isExpression, sourceOf } from '../jsonata/expression.ts'
import type { Scope } from '../scope.ts'
import { numberField, refuseSeveral, type StateSource } from './fields.ts'
import { compileField } from './flow.ts'

export interface Bounds {
  readonly min: number
  readonly max: number
  readonly integer?: boolean
}

export type ReadNumber = (scope: Scope, data: unknown) => number

/**
 * A number of a state within bounds: a literal that is out of them refuses the definition, an expression fails the
 * state as a query that cannot be used, and what a path finds fails it in the words that AWS has for the field.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html (read 2026-11-25).
 */
export const compileNumber = (
  source: StateSource,
  field: string,
  bounds: Bounds,
  why: (value: unknown, path: string) => string,
): ReadNumber | undefined => {
  const { fields, pointer, language } = source
  const literal = fields[field]
  const path = fields[`${field}Path`]
  refuseSeveral(fields, [field, `${field}Path`], pointer)
  const isLater = language === 'JSONata' && isExpression(literal)
  if (literal !== undefined && !isLater) {
    const value = numberField(fields, field, pointer, bounds, 0)
    return () => value
  }
  const read = compileField(source, field, 'number')
  if (read === undefined) return undefined
  return (scope, data) => {
    const value = read(scope, data)
    if (isWithin(value, bounds)) return value
    throw isLater
      ? new EvaluationError(
          'States.QueryEvaluationError',
          `The JSONata expression '${sourceOf(literal)}' specified for the field '${field}' returned a value outside of its range: ${value}`,
        )
      : new EvaluationError('States.Runtime', why(value, String(path)))
  }
}

const isWithin = (value: unknown, { min, max, integer }: Bounds): value is number =>
  typeof value === 'number' && value >= min && value <= max && (integer !== true || Number.isInteger(value))
