import { EvaluationError } from '../failure.ts'
import { isObject, typeName } from '../json.ts'
import type { Scope } from '../scope.ts'
import type { Evaluate } from './compile.ts'
import { compileExpression, isExpression, refuseHalfExpression, sourceOf } from './expression.ts'

/**
 * Compiles a field of a JSONata state: JSON in which any string may be `{% … %}`. An expression that gives nothing
 * fails the state, as on AWS. `field` is the path that AWS's messages use: `Output/result`.
 */
export const compileTemplate = (template: unknown, field: string): Evaluate => {
  if (isExpression(template)) return mandatory(template, field)
  if (Array.isArray(template)) return arrayTemplate(template, field)
  if (isObject(template)) return objectTemplate(template, field)
  refuseHalfExpression(template, field)
  return () => template
}

const isConstant = (template: unknown): boolean => {
  if (Array.isArray(template)) return template.every(isConstant)
  return isObject(template) ? Object.values(template).every(isConstant) : !isExpression(template)
}

const mandatory = (template: string, field: string): Evaluate => {
  const { source, evaluate } = compileExpression(sourceOf(template), field)
  return (scope) => {
    const value = evaluate(scope)
    if (value !== undefined) return value
    throw new EvaluationError(
      'States.QueryEvaluationError',
      `The JSONata expression '${source}' specified for the field '${field}' returned nothing (undefined).`,
    )
  }
}

const arrayTemplate = (template: readonly unknown[], field: string): Evaluate => {
  const items = template.map((item, index) => compileTemplate(item, `${field}[${index}]`))
  if (isConstant(template)) return () => template
  return (scope) => items.map((item) => item(scope))
}

const objectTemplate = (template: Readonly<Record<string, unknown>>, field: string): Evaluate => {
  const members = Object.entries(template).map(
    ([key, value]) => [key, compileTemplate(value, `${field}/${key}`)] as const,
  )
  if (isConstant(template)) return () => template
  return (scope) => {
    const object: Record<string, unknown> = {}
    for (const [key, evaluate] of members) object[key] = evaluate(scope)
    return object
  }
}

const nothing = (): void => undefined

/** A field whose value must be of one type, as `Seconds` or `Condition`; `look` sees it before it is judged. */
export const compileTyped = (
  template: unknown,
  field: string,
  expected: 'number' | 'boolean' | 'string' | 'array',
  look: (value: unknown) => void = nothing,
): Evaluate => {
  const evaluate = compileTemplate(template, field)
  if (!isExpression(template)) return evaluate
  const source = sourceOf(template)
  return (scope: Scope) => {
    const value = evaluate(scope)
    look(value)
    if (typeName(value) === expected) return value
    throw new EvaluationError(
      'States.QueryEvaluationError',
      `The JSONata expression '${source}' specified for the field '${field}' returned an unexpected result type. Expected '${expected}', but was '${typeName(value)}' for value: ${JSON.stringify(value)}`,
    )
  }
}
