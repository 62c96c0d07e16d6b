import type { StateSource } from '../definition/fields.ts'
import { compileField } from '../definition/flow.ts'
import { EvaluationError } from '../failure.ts'
import type { Scope } from '../scope.ts'

/** Whether so many failed items are still tolerated. */
export type Tolerance = (failed: number) => boolean

/** `ToleratedFailureCount` and `ToleratedFailurePercentage`; with both, the one that is passed first counts. */
export const compileTolerance = (
  source: StateSource,
): ((scope: Scope, data: unknown, items: number) => Tolerance) => {
  const count = compileField(source, 'ToleratedFailureCount', 'number')
  const percentage = compileField(source, 'ToleratedFailurePercentage', 'number')
  return (scope, data, items) => {
    const failedMax =
      count === undefined ? undefined : readCount(count(scope, data), 'ToleratedFailureCount', source)
    const shareMax =
      percentage === undefined
        ? undefined
        : readCount(percentage(scope, data), 'ToleratedFailurePercentage', source)
    if (failedMax === undefined && shareMax === undefined) return () => false
    return (failed) => failed <= (failedMax ?? items) && failed * 100 <= (shareMax ?? 100) * items
  }
}

/** An integer of at least 0, or the failure that AWS words for the field. */
export const readCount = (value: unknown, field: string, { fields }: StateSource): number => {
  const path = fields[`${field}Path`]
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    const shown = typeof value === 'string' ? value : JSON.stringify(value)
    throw new EvaluationError(
      'States.Runtime',
      path === undefined
        ? `${field} must be an integer, but was ${shown}.`
        : `The ${field}Path field refers to value "${shown}" which is not a valid integer: ${path}`,
    )
  }
  if (value < 0) throw new EvaluationError('States.Runtime', `${field} cannot be negative.`)
  return value
}
