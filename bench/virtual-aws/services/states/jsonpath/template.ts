import { RefusedField } from '../definition/invalid.ts'
import { EvaluationError } from '../failure.ts'
import { isObject } from '../json.ts'
import type { Scope } from '../scope.ts'
import { compileIntrinsic, isIntrinsic } from './intrinsics.ts'
import { compilePath, mustFind, type Path } from './path.ts'

/** The value of a field for the data at `$`. */
export type Fill = (root: unknown, scope: Scope) => unknown

/**
 * Compiles a payload template: members whose names end in `.$` are paths or intrinsic functions. The specification asks
 * for an object and AWS takes anything.
 * Source: https://github.com/aws/amazon-states-language-service/pull/83 (tried on AWS by its authors, read 2026-11-25).
 */
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
  const twice = Object.keys(template).find((key) => `${key}.$` in template)
  if (twice !== undefined)
    throw new RefusedField(`Expected either '${twice}' or '${twice}.$', got both`, field)
  const members = Object.entries(template).map(([key, value]) =>
    key.endsWith('.$')
      ? ([key.slice(0, -2), compileDynamic(value, key, field)] as const)
      : ([key, compilePayload(value, `${field}/${key}`)] as const),
  )
  // A copy of an object that has all members already is made faster than one that gets them one by one.
  const like = Object.fromEntries(members.map(([key]) => [key, null]))
  return (root, scope) => {
    const object: Record<string, unknown> = { ...like }
    for (const [key, fill] of members) object[key] = fill(root, scope)
    return object
  }
}

/** A path or an intrinsic function, as the value of a `.$` member. AWS says of both what is wrong in one sentence. */
export const compileDynamic = (value: unknown, key: string, field: string): Fill => {
  try {
    if (isIntrinsic(String(value))) return compileIntrinsic(String(value), field)
    return mustFill(compilePath(String(value), field), key)
  } catch (error) {
    if (!(error instanceof RefusedField)) throw error
    throw new RefusedField(
      `The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call`,
      field,
    )
  }
}

const mustFill =
  (path: Path, key: string): Fill =>
  (root, scope) => {
    const found = path.find(root, scope)
    if (found !== undefined) return found
    if (root === null && path.parsed.root === '$') return mustFind(path, root, scope)
    throw new EvaluationError(
      'States.Runtime',
      `The JSONPath '${path.text}' specified for the field '${key}' could not be found in the input '${JSON.stringify(root)}'`,
    )
  }
