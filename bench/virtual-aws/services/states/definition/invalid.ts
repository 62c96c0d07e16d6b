/** Why a definition is refused, worded as AWS words it: `REASON: what at /States/Name/Field`, one or several. */
export class InvalidDefinition extends Error {
  readonly reasons: readonly string[]

  constructor(...reasons: string[]) {
    super(`Invalid State Machine Definition: '${reasons.join(', ')}'`)
    this.name = 'InvalidDefinition'
    this.reasons = reasons
  }
}

/**
 * Compiles each of a list; what is wrong with them is told together, and what is not modelled only where nothing is.
 * Sources: https://github.com/floci-io/floci/pull/2786 and
 * https://github.com/serverless-operations/serverless-step-functions/issues/36 (answers of AWS, read 2026-11-25).
 */
export const compileEach = <From, To>(
  list: readonly From[],
  compile: (one: From, index: number) => To,
): readonly To[] => {
  const compiled: To[] = []
  const reasons: string[] = []
  const others: unknown[] = []
  list.forEach((one, index) => {
    try {
      compiled.push(compile(one, index))
    } catch (error) {
      if (error instanceof InvalidDefinition) reasons.push(...error.reasons)
      else others.push(error)
    }
  })
  if (reasons.length > 0) throw new InvalidDefinition(...reasons)
  if (others.length > 0) throw others[0]
  return compiled
}

export const schemaFailure = (what: string, pointer: string): InvalidDefinition =>
  new InvalidDefinition(`SCHEMA_VALIDATION_FAILED: ${what} at ${pointer === '' ? '/' : pointer}`)

export const unsupportedField = (field: string, pointer: string): InvalidDefinition =>
  schemaFailure(`Field '${field}' is not supported`, pointer)

type Code = 'SCHEMA_VALIDATION_FAILED' | 'INVALID_JSONATA_EXPRESSION' | 'UNSUPPORTED_JSONATA_EXPRESSION'

/** Thrown where a field is compiled; whoever compiles the state says where the state stands. */
export class RefusedField extends Error {
  readonly code: Code
  readonly field: string

  constructor(
    what: string,
    field: string,
    code: Code = 'SCHEMA_VALIDATION_FAILED',
    options?: { readonly cause: unknown },
  ) {
    super(what, options)
    this.name = 'RefusedField'
    this.code = code
    this.field = field
  }
}

/** Compiles something below a pointer; a field that cannot be compiled is refused with its whole pointer. */
export const below = <T>(pointer: string, compile: () => T): T => {
  try {
    return compile()
  } catch (error) {
    if (!(error instanceof RefusedField)) throw error
    throw new InvalidDefinition(`${error.code}: ${error.message} at ${pointer}/${error.field}`)
  }
}
