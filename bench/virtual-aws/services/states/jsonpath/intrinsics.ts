import { RefusedField } from '../definition/invalid.ts'
import { EvaluationError } from '../failure.ts'
import type { Scope } from '../scope.ts'
import { failCall, intrinsics } from './intrinsic-functions.ts'
import { type IntrinsicTerm, parseIntrinsic } from './intrinsic-parser.ts'
import { compilePath } from './path.ts'

export const isIntrinsic = (text: string): boolean => text.startsWith('States.')

type Evaluate = (root: unknown, scope: Scope) => unknown

/**
 * Compiles `States.…(…)`; the function gives its value for the data at `$`. Unknown functions are refused; what goes
 * wrong in a call is told with the call, as AWS does.
 */
export const compileIntrinsic = (text: string, field: string): Evaluate => {
  const evaluate = compileTerm(parse(text, field), field)
  return (root, scope) => {
    try {
      return evaluate(root, scope)
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error
      throw new EvaluationError(
        error.error,
        `The function '${text}' had the following error: ${error.message}`,
      )
    }
  }
}

/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html (read 2026-11-25). */
const callsMax = 10

const parse = (text: string, field: string): IntrinsicTerm => {
  const term = parsed(text, field)
  if (callsIn(term) > callsMax)
    throw new RefusedField(`Expected at most ${callsMax} intrinsic functions, got ${callsIn(term)}`, field)
  return term
}

const callsIn = (term: IntrinsicTerm): number =>
  term.kind === 'call' ? term.terms.reduce((sum, inner) => sum + callsIn(inner), 1) : 0

const parsed = (text: string, field: string): IntrinsicTerm => {
  try {
    return parseIntrinsic(text)
  } catch (error) {
    throw new RefusedField(`Invalid intrinsic function: ${(error as Error).message}`, field)
  }
}

const compileTerm = (term: IntrinsicTerm, field: string): Evaluate => {
  if (term.kind === 'literal')
    return term.openEscape === undefined ? () => term.value : () => refuseEscape(term.openEscape)
  if (term.kind === 'path') {
    const path = compilePath(term.path, field)
    return (root, scope) => {
      const found = path.find(root, scope)
      return found === undefined ? missing(path.text, root) : found
    }
  }
  return compileCall(term, field)
}

const compileCall = ({ name, terms }: Extract<IntrinsicTerm, { kind: 'call' }>, field: string): Evaluate => {
  const intrinsic = intrinsics.get(name)
  if (intrinsic === undefined)
    throw new RefusedField(`The intrinsic function States.${name} is not recognized`, field)
  const { least, most, call } = intrinsic
  if (terms.length < least || terms.length > most)
    return () =>
      failCall(`Expected ${least === most ? least : `at least ${least}`} arguments, got ${terms.length}`)
  const arguments_ = terms.map((inner, index) => {
    const isTemplate =
      name === 'Format' && index === 0 && inner.kind === 'literal' && inner.openEscape === undefined
    return isTemplate ? () => inner.template ?? inner.value : compileTerm(inner, field)
  })
  return (root, scope) =>
    call(
      arguments_.map((evaluate) => evaluate(root, scope)),
      scope.services,
    )
}

/**
 * A backslash stands before an apostrophe, a brace or a backslash.
 * Source: "Intrinsic Functions" in https://states-language.net/spec.html (read 2026-11-25).
 */
const refuseEscape = (escaped: string | undefined): never => {
  throw new EvaluationError('States.Runtime', `Open escape backslash before '${escaped}'`)
}

/** A path that finds nothing is the state's failure and not the function's. */
const missing = (path: string, root: unknown): never => {
  throw new EvaluationError(
    'States.Runtime',
    `The JsonPath argument for the field '${path}' could not be found in the input '${JSON.stringify(root)}'`,
  )
}
