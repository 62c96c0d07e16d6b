import type { Failure } from '../failure.ts'
import { matches } from '../failure.ts'
import type { JsonObject } from '../json.ts'
import { listField, numberField, optionalText, requiredField, type StateSource } from './fields.ts'
import { compileEach, schemaFailure, unsupportedField } from './invalid.ts'

/** One entry of `Retry`. */
export interface Retrier {
  readonly errorEquals: readonly string[]
  readonly intervalMs: number
  readonly attemptsMax: number
  readonly backoffRate: number
  readonly delayMsMax: number
  readonly jitter: 'FULL' | 'NONE'
}

const knownFields = new Set([
  'ErrorEquals',
  'IntervalSeconds',
  'MaxAttempts',
  'BackoffRate',
  'MaxDelaySeconds',
  'JitterStrategy',
  'Comment',
])

/**
 * Bounds and defaults.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html (read 2026-11-25).
 */
export const compileRetriers = ({ fields, pointer }: StateSource): readonly Retrier[] => {
  const entries = listField(fields, 'Retry', pointer)
  return compileEach(entries, (entry, index) => {
    const at = `${pointer}/Retry[${index}]`
    refuseUnknown(entry, at)
    optionalText(entry, 'Comment', at)
    return {
      errorEquals: errorNames(entry, at, index === entries.length - 1),
      intervalMs:
        1000 * numberField(entry, 'IntervalSeconds', at, { min: 1, max: 99_999_999, integer: true }, 1),
      attemptsMax: numberField(entry, 'MaxAttempts', at, { min: 0, max: 99_999_999, integer: true }, 3),
      backoffRate: numberField(entry, 'BackoffRate', at, { min: 1, max: Number.MAX_SAFE_INTEGER }, 2),
      delayMsMax:
        1000 *
        numberField(
          entry,
          'MaxDelaySeconds',
          at,
          { min: 1, max: 31_622_400, integer: true },
          Number.POSITIVE_INFINITY,
        ),
      jitter: jitterOf(entry, at),
    }
  })
}

const refuseUnknown = (entry: JsonObject, at: string): void => {
  const unknown = Object.keys(entry).find((field) => !knownFields.has(field))
  if (unknown !== undefined) throw unsupportedField(unknown, at)
}

/** `ErrorEquals`: names, of which `States.ALL` stands alone and in the last entry. */
export const errorNames = (entry: JsonObject, at: string, isLast: boolean): readonly string[] => {
  const names = requiredField(entry, 'ErrorEquals', at)
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string')) {
    throw schemaFailure("The field 'ErrorEquals' must be a non-empty list of names", at)
  }
  if (names.includes('States.ALL') && (names.length > 1 || !isLast)) {
    throw schemaFailure("'States.ALL' must stand alone, and in the last entry", `${at}/ErrorEquals`)
  }
  return names
}

const jitterOf = (entry: JsonObject, at: string): 'FULL' | 'NONE' => {
  const strategy = entry['JitterStrategy'] ?? 'NONE'
  if (strategy === 'FULL' || strategy === 'NONE') return strategy
  throw schemaFailure(`Expected FULL or NONE, got ${JSON.stringify(strategy)}`, `${at}/JitterStrategy`)
}

/** The delay before the given retry (1 is the first), before jitter. */
export const delayMs = (retrier: Retrier, retry: number): number =>
  Math.min(retrier.intervalMs * retrier.backoffRate ** (retry - 1), retrier.delayMsMax)

/** The delay with jitter: FULL draws uniformly from nothing to the computed delay. */
export const jittered = (retrier: Retrier, retry: number, uniform: () => number): number => {
  const delay = delayMs(retrier, retry)
  return retrier.jitter === 'FULL' ? uniform() * delay : delay
}

/** The first entry that names the failure decides, even when it is exhausted. */
export const retrierFor = (retriers: readonly Retrier[], failure: Failure): number =>
  retriers.findIndex((retrier) => matches(retrier.errorEquals, failure))
