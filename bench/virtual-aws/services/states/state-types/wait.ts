import { literalOrExpression, type StateSource } from '../definition/fields.ts'
import { compileField, compileFlow, type FieldReader } from '../definition/flow.ts'
import { schemaFailure } from '../definition/invalid.ts'
import { EvaluationError } from '../failure.ts'
import { isExpression } from '../jsonata/expression.ts'
import type { Scope } from '../scope.ts'
import { instantOf } from '../timestamp.ts'
import type { StateCompiler } from './state-compiler.ts'

/** Longest wait in seconds. Source: Amazon States Language, Wait (read 2026-11-22). */
const secondsMax = 99_999_999

/** How long to wait from now. */
type Delay = (scope: Scope, data: unknown, nowMs: number) => number

/** Lets virtual time pass: for some seconds, or until a time; a time that is past does not hold it up. */
export const compileWait: StateCompiler = (source, { next }) => {
  const flow = compileFlow(source)
  const delay = compileDelay(source)
  return {
    enter: (visit) => {
      const { scope, execution } = visit
      const data = flow.input(scope)
      const delayMs = delay(scope, data, execution.world.kernel.nowMs)
      visit.after(delayMs, () => visit.evaluate(() => visit.leave(next, flow.leave(visit.scope, data))))
    },
  }
}

const compileDelay = (source: StateSource): Delay => {
  const { fields, pointer } = source
  const given = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'].filter(
    (field) => fields[field] !== undefined,
  )
  const [field] = given
  if (field === undefined || given.length > 1) {
    throw schemaFailure(
      'A Wait state must have exactly one of Seconds, SecondsPath, Timestamp and TimestampPath',
      pointer,
    )
  }
  return field.startsWith('Seconds') ? secondsDelay(source) : timestampDelay(source)
}

const secondsDelay = (source: StateSource): Delay => {
  const { fields, pointer } = source
  literalOrExpression(source, 'Seconds', 'number')
  const literal = fields['Seconds']
  if (typeof literal === 'number' && !(Number.isInteger(literal) && literal >= 0 && literal <= secondsMax)) {
    throw schemaFailure(`Expected an integer from 0 to ${secondsMax}, got ${literal}`, `${pointer}/Seconds`)
  }
  const read = readerOf(source, 'Seconds', 'number')
  return (scope, data) => 1000 * secondsOf(read(scope, data), String(fields['SecondsPath'] ?? literal))
}

const readerOf = (source: StateSource, field: string, type: 'number' | 'string'): FieldReader => {
  const path = source.fields[`${field}Path`]
  const read = compileField(source, field, type)
  if (read === undefined)
    throw schemaFailure(`The field '${field}' is required but was missing`, source.pointer)
  if (path === undefined) return read
  return (scope, data) => {
    try {
      return read(scope, data)
    } catch {
      throw new EvaluationError(
        'States.Runtime',
        `The ${field}Path parameter does not reference an input value: ${path}`,
      )
    }
  }
}

const secondsOf = (value: unknown, where: string): number => {
  const wrong = (what: string): never => {
    throw new EvaluationError('States.Runtime', `The SecondsPath parameter ${what}: ${where} == ${value}`)
  }
  if (typeof value !== 'number' || !Number.isInteger(value)) return wrong('cannot be parsed as a long value')
  if (value < 0) return wrong('references a negative value')
  return value <= secondsMax ? value : wrong(`references a value above ${secondsMax}`)
}

const timestampDelay = (source: StateSource): Delay => {
  const { fields, pointer } = source
  const literal = fields['Timestamp']
  if (literal !== undefined && !isExpression(literal) && instantOf(literal) === undefined) {
    throw schemaFailure('String does not match RFC3339 timestamp', `${pointer}/Timestamp`)
  }
  const read = readerOf(source, 'Timestamp', 'string')
  const where = fields['TimestampPath'] ?? literal
  return (scope, data, nowMs) => {
    const value = read(scope, data)
    const instant = instantOf(value)
    if (instant !== undefined) return Math.max(0, instant - nowMs)
    throw new EvaluationError(
      'States.Runtime',
      `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${where} == ${value}`,
    )
  }
}
