/** Why a definition is refused, worded as AWS words it: `REASON: what at /States/Name/Field`. */
export class InvalidDefinition extends Error {
  constructor(reason: string) {
    super(`Invalid State Machine Definition: '${reason}'`)
    this.name = 'InvalidDefinition'
  }
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
