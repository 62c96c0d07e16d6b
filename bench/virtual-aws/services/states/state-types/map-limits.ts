import type { StateSource } from '../definition/fields.ts'
import { schemaFailure } from '../definition/invalid.ts'
import { type Bounds, compileNumber, type ReadNumber } from '../definition/numbers.ts'
import { shown } from '../json.ts'
import type { Scope } from '../scope.ts'

const percentage: Bounds = { min: 0, max: 100 }

/** An integer of at least 0; what is none fails the state in AWS's words. */
export const compileCount = (
  source: StateSource,
  field: string,
  max = Number.MAX_SAFE_INTEGER,
): ReadNumber | undefined => {
  refuseContext(source, field)
  return compileNumber(source, field, { min: 0, max, integer: true }, (value, path) => {
    if (typeof value !== 'number' || !Number.isInteger(value))
      return `The ${field}Path field refers to value "${shown(value)}" which is not a valid integer: ${path}`
    return value < 0 ? `${field} cannot be negative.` : `${field} cannot be greater than ${max}.`
  })
}

/**
 * Of the paths of a Map, `ItemsPath` alone leads into the Context object.
 * Source: https://github.com/floci-io/floci/issues/3733 (measured on AWS, read 2026-11-25).
 */
const refuseContext = ({ fields, pointer }: StateSource, field: string): void => {
  const path = fields[`${field}Path`]
  if (typeof path === 'string' && path.startsWith('$$'))
    throw schemaFailure(`Value is not a Reference Path: ${path}`, `${pointer}/${field}Path`)
}

/** Whether so many failed items are still tolerated. */
export type Tolerance = (failed: number) => boolean

/**
 * `ToleratedFailureCount` and `ToleratedFailurePercentage`; with both, the one that is passed first counts. They are of
 * a Map Run: the inline mode takes and reads them, and fails by the first failure all the same. Sources:
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html, and `ProcessorConfig` in
 * state-map-inline.html (both read 2026-11-25).
 */
export const compileTolerance = (
  source: StateSource,
  isDistributed: boolean,
): ((scope: Scope, data: unknown, items: number) => Tolerance) => {
  const failures = compileCount(source, 'ToleratedFailureCount')
  refuseContext(source, 'ToleratedFailurePercentage')
  const share = compileNumber(source, 'ToleratedFailurePercentage', percentage, (value) =>
    typeof value === 'number'
      ? 'ToleratedFailurePercentage must be between 0 and 100.'
      : `The ToleratedFailurePercentagePath field refers to value "${shown(value)}" which is not a valid float: ${source.fields['ToleratedFailurePercentagePath']}`,
  )
  if (failures === undefined && share === undefined) return () => none
  return (scope, data, items) => {
    const failedMax = failures?.(scope, data) ?? items
    const shareMax = share?.(scope, data) ?? 100
    if (!isDistributed) return none
    return (failed) => failed <= failedMax && failed * 100 <= shareMax * items
  }
}

const none: Tolerance = () => false

/**
 * How many children may run at a time; a `MaxConcurrency` of 0 leaves it to AWS. Sources:
 * https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html and state-map-distributed.html (read
 * 2026-11-25).
 */
export const lanesOf = (asked: number, isDistributed: boolean): number => {
  const most = isDistributed ? 10_000 : 40
  return asked === 0 ? most : Math.min(asked, most)
}
