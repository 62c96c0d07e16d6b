/** An intrinsic function call as it stands in a definition: `States.Format('{}', $.a)`. */
export type IntrinsicTerm =
  | { readonly kind: 'call'; readonly name: string; readonly terms: readonly IntrinsicTerm[] }
  | { readonly kind: 'path'; readonly path: string }
  | {
      readonly kind: 'literal'
      readonly value: unknown
      /** Of a text: with its braces still escaped, as `States.Format` needs it. */
      readonly template?: string
      /** Of a text: the first character behind a backslash that needs none. */
      readonly openEscape?: string | undefined
    }

/** Reads one call. Throws a plain Error that says what is wrong. */
export const parseIntrinsic = (text: string): IntrinsicTerm => {
  const reader = new Reader(text)
  const term = reader.term()
  reader.end()
  return term
}

const callForm = /^States\.(\w+)\(/
const literalForm = /^(?:null|true|false|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)/

const pieceForm = /\\.|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[\s\S]/g
const nesting: Readonly<Record<string, number>> = { '[': 1, '(': 1, ']': -1, ')': -1 }

/** A path as far as it goes: what stands in its brackets and parentheses does not end it. */
const pathAt = (text: string): string => {
  let depth = 0
  let length = 0
  for (const [piece] of text.matchAll(pieceForm)) {
    if (depth === 0 && /^[,)'\s]/.test(piece)) break
    depth += nesting[piece] ?? 0
    length += piece.length
  }
  return text.slice(0, length)
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  term(): IntrinsicTerm {
    this.#space()
    const rest = this.#text.slice(this.#at)
    const call = callForm.exec(rest)
    if (call !== null) return this.#call(call[0].length, call[1] ?? '')
    if (rest.startsWith("'")) return this.#quoted()
    if (rest.startsWith('$')) {
      const path = pathAt(rest)
      return this.#take(path.length, { kind: 'path', path })
    }
    const literal = literalForm.exec(rest)?.[0]
    if (literal !== undefined)
      return this.#take(literal.length, { kind: 'literal', value: JSON.parse(literal) })
    throw this.#unexpected()
  }

  end(): void {
    this.#space()
    if (this.#at < this.#text.length) throw this.#unexpected()
  }

  #call(length: number, name: string): IntrinsicTerm {
    this.#at += length
    const terms: IntrinsicTerm[] = []
    this.#space()
    while (this.#text[this.#at] !== ')') {
      if (terms.length > 0) this.#expect(',')
      terms.push(this.term())
      this.#space()
    }
    this.#at += 1
    return { kind: 'call', name, terms }
  }

  /** `\'`, `\{`, `\}` and `\\` are the characters; in a template braces stay escaped. */
  #quoted(): IntrinsicTerm {
    let value = ''
    let template = ''
    let openEscape: string | undefined
    for (this.#at += 1; this.#at < this.#text.length; this.#at += 1) {
      const char = this.#text.charAt(this.#at)
      if (char === "'") {
        this.#at += 1
        return { kind: 'literal', value, template, openEscape }
      }
      if (char !== '\\') {
        value += char
        template += char
      } else {
        this.#at += 1
        const escaped = this.#text.charAt(this.#at)
        if (!/['{}\\]/.test(escaped)) openEscape ??= escaped
        value += escaped
        template += /[{}]/.test(escaped) ? `\\${escaped}` : escaped
      }
    }
    throw this.#unexpected()
  }

  #take(length: number, term: IntrinsicTerm): IntrinsicTerm {
    this.#at += length
    return term
  }

  #expect(char: string): void {
    this.#space()
    if (this.#text[this.#at] !== char) throw this.#unexpected()
    this.#at += 1
  }

  #space(): void {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at += 1
  }

  #unexpected(): Error {
    return new Error(`Unexpected '${this.#text.slice(this.#at, this.#at + 10)}' in '${this.#text}'`)
  }
}
