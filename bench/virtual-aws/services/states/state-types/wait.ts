import { missingField, refuseSeveral, type StateSource } from '../definition/fields.ts'
import { compileField, compileFlow } from '../definition/flow.ts'
import { schemaFailure } from '../definition/invalid.ts'
import { compileNumber } from '../definition/numbers.ts'
import { EvaluationError } from '../failure.ts'
import { shown } from '../json.ts'
import { isExpression, sourceOf } from '../jsonata/expression.ts'
import { compileReferencePath } from '../jsonpath/path.ts'
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

const alternatives = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath']

const compileDelay = (source: StateSource): Delay => {
  const { fields, pointer } = source
  refuseSeveral(fields, alternatives, pointer)
  const field = alternatives.find((name) => fields[name] !== undefined)
  if (field === undefined)
    throw schemaFailure(`A Wait state must have one of the fields ${alternatives.join(', ')}`, pointer)
  return field.startsWith('Seconds') ? secondsDelay(source) : timestampDelay(source)
}

const secondsDelay = (source: StateSource): Delay => {
  const seconds = compileNumber(source, 'Seconds', { min: 0, max: secondsMax, integer: true }, whyNoSeconds)
  if (seconds === undefined) throw missingField('Seconds', source.pointer)
  const read = namingThePath(source, 'Seconds', seconds)
  return (scope, data) => 1000 * read(scope, data)
}

const whyNoSeconds = (value: unknown, path: string): string => {
  const wrong = (what: string): string => `The SecondsPath parameter ${what}: ${path} == ${shown(value)}`
  if (typeof value !== 'number' || !Number.isInteger(value)) return wrong('cannot be parsed as a long value')
  return wrong(value < 0 ? 'references a negative value' : `references a value above ${secondsMax}`)
}

/** A path that finds nothing is told in words of the Wait state's own. */
const namingThePath = <Read>(
  { fields }: StateSource,
  field: string,
  read: (scope: Scope, data: unknown) => Read,
): ((scope: Scope, data: unknown) => Read) => {
  const text = fields[`${field}Path`]
  if (text === undefined) return read
  const path = compileReferencePath(String(text), `${field}Path`)
  return (scope, data) => {
    if (path.find(data, scope) !== undefined) return read(scope, data)
    throw new EvaluationError(
      'States.Runtime',
      `The ${field}Path parameter does not reference an input value: ${text}`,
    )
  }
}

const timestampDelay = (source: StateSource): Delay => {
  const { fields, pointer } = source
  const literal = fields['Timestamp']
  const isLater = source.language === 'JSONata' && isExpression(literal)
  if (literal !== undefined && !isLater && instantOf(literal) === undefined)
    throw schemaFailure('String does not match RFC3339 timestamp', `${pointer}/Timestamp`)
  const timestamp = compileField(source, 'Timestamp', 'string')
  if (timestamp === undefined) throw missingField('Timestamp', pointer)
  const read = namingThePath(source, 'Timestamp', timestamp)
  return (scope, data, nowMs) => {
    const value = read(scope, data)
    const instant = instantOf(value)
    if (instant !== undefined) return Math.max(0, instant - nowMs)
    throw isLater
      ? new EvaluationError(
          'States.QueryEvaluationError',
          `The JSONata expression '${sourceOf(literal)}' specified for the field 'Timestamp' returned no RFC3339 timestamp: ${value}`,
        )
      : new EvaluationError(
          'States.Runtime',
          `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${fields['TimestampPath']} == ${shown(value)}`,
        )
  }
}
