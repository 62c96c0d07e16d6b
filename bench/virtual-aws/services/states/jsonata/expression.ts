import type jsonata from 'jsonata'
import { RefusedField } from '../definition/invalid.ts'
import { EvaluationError } from '../failure.ts'
import type { ExpressionServices, Scope } from '../scope.ts'
import { depthOf, type Node } from './ast.ts'
import { compile, type Evaluate } from './compile.ts'
import { awsFunctions, type JsonataFunction, missingFunctions, replacedFunctions } from './functions.ts'
import { boundReached, depthMax, parseExpression } from './library.ts'
import { NotJson, plain } from './plain.ts'
import { refuseReferences } from './references.ts'
import { type Settlement, Unsettled } from './unsettled.ts'
import { Outside } from './values.ts'

const [opening, closing] = ['{%', '%}'] as const

/**
 * A value of the JSON of a definition that is evaluated: `{% … %}`, with nothing before it and nothing behind it.
 * Source: "Writing JSONata expressions in JSON strings" in
 * https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (read 2026-11-25).
 */
export const isExpression = (value: unknown): value is string =>
  typeof value === 'string' &&
  value.startsWith(opening) &&
  value.endsWith(closing) &&
  value.length >= opening.length + closing.length

/** Refuses text that opens an expression and does not close it, or the other way round. */
export const refuseHalfExpression = (value: unknown, field: string): void => {
  if (typeof value !== 'string') return
  const isMarked = value.startsWith(opening) || value.endsWith(closing)
  if (isMarked && !isExpression(value))
    throw new RefusedField(
      `Expected text that starts with '${opening}' and ends with '${closing}', or with neither, got '${value}'`,
      field,
      'INVALID_JSONATA_EXPRESSION',
    )
}

export const sourceOf = (template: string): string => template.slice(2, -2).trim()

export interface Expression {
  readonly source: string
  /** Whether a closure evaluates it in the plain case. */
  readonly isCompiled: boolean
  /** The value, undefined for nothing. Throws `Unsettled` while the library has not answered. */
  readonly evaluate: Evaluate
}

/** Compiles what stands between `{%` and `%}`. Refuses a syntax error and what an expression may not name. */
export const compileExpression = (source: string, field: string): Expression => {
  const library = parse(source, field)
  const tree = library.ast() as unknown as Node
  refuseReferences(tree, field)
  // A closure does not count how deep it goes.
  const compiled = depthOf(tree) > depthMax ? undefined : compile(tree)
  const fallback = byLibrary(library, source, field)
  const evaluate: Evaluate = compiled === undefined ? fallback : orElse(compiled, fallback, source, field)
  return { source, isCompiled: compiled !== undefined, evaluate }
}

export const parse = (source: string, field: string): jsonata.Expression => {
  try {
    return parseExpression(source)
  } catch (error) {
    throw new RefusedField(messageOf(error), field, 'INVALID_JSONATA_EXPRESSION')
  }
}

const orElse =
  (compiled: Evaluate, fallback: Evaluate, source: string, field: string): Evaluate =>
  (scope) => {
    try {
      return compiled(scope)
    } catch (error) {
      if (error instanceof Outside) return fallback(scope)
      throw failed(source, field, error)
    }
  }

/** Evaluates by the library: throws `Unsettled` at first, and gives the answer when run again. */
const byLibrary = (library: jsonata.Expression, source: string, field: string): Evaluate => {
  const key = {}
  return (scope) => {
    const { settlements } = scope
    const answer = settlements.answers?.get(key)
    if (answer === undefined) {
      const settled = settle(library, scope).then((settlement) => {
        settlements.answers ??= new Map()
        settlements.answers.set(key, settlement)
      })
      throw new Unsettled(settled)
    }
    if (answer.ok) return answer.value
    throw answer.error instanceof NotJson
      ? queryFailure(source, field, 'returned an unsupported result type.')
      : failed(source, field, answer.error)
  }
}

const settle = (library: jsonata.Expression, scope: Scope): Promise<Settlement> =>
  library.evaluate(undefined, bindings(scope)).then(
    (value: unknown) => settlementOf(value),
    (error: unknown) => ({ ok: false, error }),
  )

const settlementOf = (value: unknown): Settlement => {
  try {
    return { ok: true, value: plain(value) }
  } catch (error) {
    return { ok: false, error }
  }
}

/** All that a name in an expression may mean, but for the library's own functions. */
export const bindings = (scope: Scope): Record<string, unknown> => {
  const bound: Record<string, unknown> = {}
  for (const name of missingFunctions) bound[name] = undefined
  for (const [name, call] of [...awsFunctions, ...replacedFunctions])
    bound[name] = bindTo(call, scope.services)
  for (const name in scope.variables) bound[name] = scope.variables[name]
  bound['states'] = {
    input: scope.input,
    context: scope.context(),
    ...(scope.result === undefined ? {} : { result: scope.result }),
    ...(scope.errorOutput === undefined ? {} : { errorOutput: scope.errorOutput }),
  }
  return bound
}

const bindTo =
  (call: JsonataFunction, services: ExpressionServices) =>
  (...values: readonly unknown[]): unknown =>
    call(services, ...values)

const failed = (source: string, field: string, error: unknown): unknown =>
  error instanceof Unsettled
    ? error
    : queryFailure(source, field, `threw an error during evaluation${told(error)}`)

const queryFailure = (source: string, field: string, what: string): EvaluationError =>
  new EvaluationError(
    'States.QueryEvaluationError',
    `The JSONata expression '${source}' specified for the field '${field}' ${what}`,
  )

/** AWS tells a coded error of the language in a sentence of its own, and a bound that was reached after a colon. */
const told = (error: unknown): string => {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined
  const bound = boundReached[String(code)]
  if (bound !== undefined) return `: ${bound}`
  return code === undefined ? `: ${messageOf(error)}` : `. ${code}: ${messageOf(error)}`
}

const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
