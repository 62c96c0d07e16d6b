import { consistsOf } from '../../pieces.ts'
import { InvalidPattern, type Matcher } from './field.ts'

/** `{ "wildcard": "a*b" }`: `*` stands for any text, `\*` and `\\` for themselves. */
export const wildcard = (operand: unknown): Matcher => {
  if (typeof operand !== 'string') throw new InvalidPattern('wildcard match pattern must be a string')
  const pieces = piecesOf(operand)
  return (leaf) => typeof leaf === 'string' && consistsOf(leaf, pieces)
}

/** The literal texts between the wildcards. */
export const piecesOf = (text: string): readonly string[] => {
  const pieces = ['']
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index)
    // AWS counts positions from the quotation mark before the text.
    if (character === '*' && text.charAt(index + 1) === '*')
      throw new InvalidPattern(`Consecutive wildcard characters at pos ${index + 1}`)
    if (character === '*') {
      pieces.push('')
      continue
    }
    let literal = character
    if (character === '\\') {
      index += 1
      literal = text.charAt(index)
      if (literal !== '*' && literal !== '\\')
        throw new InvalidPattern(`Invalid escape character at pos ${index}`)
    }
    pieces[pieces.length - 1] += literal
  }
  return pieces
}
