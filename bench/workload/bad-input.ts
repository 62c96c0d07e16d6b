/** What the user gave cannot be used. One line: where, what was expected, what came. */
export class BadInput extends Error {
  override readonly name = 'BadInput'
}
