import { EvaluationError } from '../failure.ts'
import { isObject } from '../json.ts'
import type { Scope } from '../scope.ts'
import { compileIntrinsic, isIntrinsic } from './intrinsics.ts'
import { compilePath } from './path.ts'

/** The value of a field for the data at `$`. */
export type Fill = (root: unknown, scope: Scope) => unknown

/** Compiles a payload template: members whose names end in `.$` are paths or intrinsic functions. */
export const compilePayload = (template: unknown, field: string): Fill => {
  if (Array.isArray(template)) {
    if (isConstant(template)) return () => template
    const items = template.map((item, index) => compilePayload(item, `${field}[${index}]`))
    return (root, scope) => items.map((item) => item(root, scope))
  }
  return isObject(template) ? objectPayload(template, field) : () => template
}

const isConstant = (template: unknown): boolean => {
  if (Array.isArray(template)) return template.every(isConstant)
  if (!isObject(template)) return true
  return Object.entries(template).every(([key, value]) => !key.endsWith('.$') && isConstant(value))
}

const objectPayload = (template: Readonly<Record<string, unknown>>, field: string): Fill => {
  if (isConstant(template)) return () => template
  const members = Object.entries(template).map(([key, value]) =>
    key.endsWith('.$')
      ? ([key.slice(0, -2), compileDynamic(value, key, field)] as const)
      : ([key, compilePayload(value, `${field}/${key}`)] as const),
  )
  return (root, scope) => {
    const object: Record<string, unknown> = {}
    for (const [key, fill] of members) object[key] = fill(root, scope)
    return object
  }
}

/** A path or an intrinsic function, as the value of a `.$` member. */
export const compileDynamic = (value: unknown, key: string, field: string): Fill => {
  if (typeof value !== 'string') {
    throw new EvaluationError(
      'InvalidDefinition',
      `The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call at ${field}/${key}`,
    )
  }
  if (isIntrinsic(value)) return compileIntrinsic(value, `${field}/${key}`)
  const path = compilePath(value, `${field}/${key}`)
  return (root, scope) => {
    const found = path.find(root, scope)
    if (found !== undefined) return found
    throw new EvaluationError(
      'States.Runtime',
      `The JSONPath '${value}' specified for the field '${key}' could not be found in the input '${JSON.stringify(root)}'`,
    )
  }
}
