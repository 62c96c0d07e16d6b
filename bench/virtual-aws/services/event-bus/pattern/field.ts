/** A value at a leaf of an event: text, number, true, false or null; never an object or an array. */
export type Leaf = string | number | boolean | null

/** Whether a leaf satisfies one alternative of a field's list. */
export type Matcher = (leaf: Leaf) => boolean

/** AWS refuses the pattern. The message is AWS's own wording, as far as it is known. */
export class InvalidPattern extends Error {
  override readonly name = 'InvalidEventPatternException'

  constructor(reason: string) {
    super(`Event pattern is not valid. Reason: ${reason}`)
  }
}

/** Refuses an operator that has more beside it: `{ "prefix": "a", "suffix": "b" }`. */
export const onlyKey = (expression: Readonly<Record<string, unknown>>, message: string): void => {
  if (Object.keys(expression).length !== 1) throw new InvalidPattern(message)
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
