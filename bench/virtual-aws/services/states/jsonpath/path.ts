import { RefusedField } from '../definition/invalid.ts'
import { EvaluationError } from '../failure.ts'
import type { Scope } from '../scope.ts'
import { compileFind, isDefinite } from './find.ts'
import { type ParsedPath, parsePath } from './parse.ts'
import type { Selector } from './selector.ts'

export interface Path {
  readonly text: string
  /** Only fields and single indexes from `$`, as `ResultPath` needs. */
  readonly isReference: boolean
  readonly parsed: ParsedPath
  /** What it finds: the value of a definite path, undefined for none; an array of all finds otherwise. */
  find(root: unknown, scope: Scope): unknown
}

/**
 * Compiles a path. A syntax error is refused in AWS's words, naming the field.
 * Source: https://github.com/aws-cloudformation/cfn-lint/issues/4078 (an answer of AWS, read 2026-11-25).
 */
export const compilePath = (text: string, field: string): Path => {
  const parsed = parseAt(text, field)
  const { root, selectors } = parsed
  const find = compileFind(selectors)
  return {
    text,
    isReference: root === '$' && isDefinite(selectors) && selectors.every(isPlace),
    parsed,
    find: (data, scope) => find(rootValue(root, data, scope)),
  }
}

/**
 * Compiles a path that leads to one place at most, as all fields that end in `Path` have it but for `InputPath` and
 * `OutputPath`, and the `Variable` of a rule. Sources: "Reference Paths" in https://states-language.net/spec.html and, in
 * AWS's words, https://github.com/aws-cloudformation/cfn-lint/issues/4076 (both read 2026-11-25).
 */
export const compileReferencePath = (text: string, field: string): Path => {
  if (!text.startsWith('$'))
    throw new RefusedField("Value is not a Reference Path: Reference path didn't start with '$'", field)
  const path = compilePath(text, field)
  const { selectors } = path.parsed
  const isOnePlace = selectors.every((selector) => selector.kind === 'length' || isPlace(selector))
  if (!isOnePlace || !isDefinite(selectors))
    throw new RefusedField(`Value is not a Reference Path: ${text}`, field)
  return path
}

const parseAt = (text: string, field: string): ParsedPath => {
  try {
    return parsePath(text)
  } catch (error) {
    throw new RefusedField('Value must be a valid JSONPath.', field, undefined, { cause: error })
  }
}

const rootValue = (root: ParsedPath['root'], data: unknown, scope: Scope): unknown => {
  if (root === '$') return data
  return root === '$$' ? scope.context() : scope.variables[root.variable]
}

const isPlace = (selector: Selector): boolean =>
  selector.kind === 'indexes' || (selector.kind === 'names' && selector.names.length === 1)

/** A path that must find something, else the state fails as AWS words it for a field such as `InputPath`. */
export const mustFind = (path: Path, root: unknown, scope: Scope): unknown => {
  const found = path.find(root, scope)
  if (found !== undefined) return found
  throw new EvaluationError(
    'States.Runtime',
    root === null && path.parsed.root === '$'
      ? 'Unable to apply Path transformation to null or empty input.'
      : `Invalid path '${path.text}' : No results for path: ${canonical(path.parsed)}`,
  )
}

/** `$['a'][0]`, as AWS writes a path that found nothing. */
const canonical = ({ selectors }: ParsedPath): string => `$${selectors.map(canonicalSelector).join('')}`

const canonicalSelector = (selector: Selector): string => {
  switch (selector.kind) {
    case 'names':
      return `[${selector.names.map((name) => `'${name}'`).join(',')}]`
    case 'indexes':
      return `[${selector.indexes.join(',')}]`
    case 'slice':
      return `[${selector.from ?? ''}:${selector.to ?? ''}]`
    case 'all':
      return '[*]'
    case 'descendants':
      return '..'
    case 'length':
      return '.length()'
    case 'filter':
      return '[?]'
    default:
      return selector satisfies never
  }
}
