import { EvaluationError } from '../failure.ts'

/** Why a definition is refused, worded as AWS words it: `REASON: what at /States/Name/Field`. */
export class InvalidDefinition extends Error {
  constructor(reason: string) {
    super(`Invalid State Machine Definition: '${reason}'`)
    this.name = 'InvalidDefinition'
  }
}

export const schemaFailure = (what: string, pointer: string): InvalidDefinition =>
  new InvalidDefinition(`SCHEMA_VALIDATION_FAILED: ${what} at ${pointer === '' ? '/' : pointer}`)

export const missingTarget = (what: string, pointer: string): InvalidDefinition =>
  new InvalidDefinition(`MISSING_TRANSITION_TARGET: ${what} at ${pointer}`)

/** Compiles something below a pointer; a field that cannot be compiled is refused with its whole pointer. */
export const below = <T>(pointer: string, compile: () => T): T => {
  try {
    return compile()
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error
    const at = error.message.lastIndexOf(' at ')
    throw schemaFailure(error.message.slice(0, at), `${pointer}/${error.message.slice(at + 4)}`)
  }
}
