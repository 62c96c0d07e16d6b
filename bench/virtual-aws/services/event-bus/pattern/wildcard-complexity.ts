import { InvalidPattern, isObject } from './field.ts'
import { piecesOf } from './wildcard.ts'

/**
 * How many partial matches of a field's wildcards a text can keep alive at once, at most. AWS says what makes a rule
 * too complex (many wildcards, and sequences that repeat after one) and not where the limit is. A rule with three
 * filters of the form `*:stack/NAME/*`, nine by this count, was accepted and one with four refused:
 * https://github.com/vals-ai/Valkyrie/pull/278 (read 2026-11-25). Effect on results: none; a pattern near the limit may
 * be accepted here and refused by AWS, or the other way round.
 * Source of the rule: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
const aliveMax = 10

/** Refuses the alternatives of one field when their wildcards make matching too slow for AWS. They are valid apart. */
export const refuseTooComplex = (alternatives: readonly unknown[]): void => {
  const alive = alternatives.flatMap(wildcardsIn).reduce((sum, text) => sum + aliveAtOnce(text), 0)
  if (alive > aliveMax)
    throw new InvalidPattern(
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
    )
}

const wildcardsIn = (alternative: unknown): readonly string[] => {
  if (!isObject(alternative)) return []
  const but = alternative['anything-but']
  const operand = isObject(but) ? but['wildcard'] : alternative['wildcard']
  return (Array.isArray(operand) ? operand : [operand]).filter((text) => typeof text === 'string')
}

/** Each wildcard that was reached stays alive; beside it, the parts of the piece after it that end alike. */
const aliveAtOnce = (text: string): number => {
  const [, ...pieces] = piecesOf(text)
  if (pieces.length === 0) return 0
  // A piece that is whole has become the next wildcard; the last one has none.
  const parts = pieces.map((piece, index) => (index < pieces.length - 1 ? piece.slice(0, -1) : piece))
  return pieces.length + Math.max(...parts.map(longestChain))
}

/** The most prefixes of a text that all end one of its prefixes, as `/`, `/a/` and `/a/a/` of `/a/a/b` end the third. */
const longestChain = (text: string): number => {
  /** Of each length: the longest shorter prefix that ends the prefix of that length, and how many do. */
  const border = [0, 0]
  const chain = [0, 1]
  for (let length = 2; length <= text.length; length += 1) {
    const last = text.charAt(length - 1)
    let candidate = border[length - 1] ?? 0
    while (candidate > 0 && text.charAt(candidate) !== last) candidate = border[candidate] ?? 0
    if (text.charAt(candidate) === last) candidate += 1
    border.push(candidate)
    chain.push((chain[candidate] ?? 0) + 1)
  }
  return Math.max(...chain.slice(0, text.length + 1))
}
