/** Ends an exhaustive switch: a case that the types know and the switch does not stops compiling here. */
export const unreachable = (value: never): never => {
  throw new Error(`Expected no other case; got ${JSON.stringify(value)}.`)
}
