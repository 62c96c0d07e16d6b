import { NotModelled } from '../../properties.ts'
import { validationException } from '../errors.ts'

/** A piece of an expression: `kind` tells names (#n, plain), values (:v), symbols, and the end. */
export interface Token {
  readonly kind: 'name' | 'placeholder' | 'value' | 'symbol' | 'end'
  readonly text: string
}

const form = /\s*(?:(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|([A-Za-z_][A-Za-z0-9_]*)|(<>|<=|>=|[=<>(),.+-]))/y

/** Reads an expression token by token; what the grammar does not know is an error that shows where. */
export class Tokens {
  readonly #tokens: readonly Token[]
  readonly #kind: string
  #next = 0

  constructor(text: string, kind: string) {
    this.#kind = kind
    this.#tokens = tokenized(text, kind)
  }

  peek(): Token {
    return this.#tokens[this.#next] ?? end
  }

  take(): Token {
    const token = this.peek()
    this.#next += 1
    return token
  }

  /** Takes the next token when it is this symbol or this word (words in any case). */
  takeIf(text: string): boolean {
    const token = this.peek()
    const is =
      token.kind === 'symbol'
        ? token.text === text
        : token.kind === 'name' && token.text.toUpperCase() === text
    if (is) this.#next += 1
    return is
  }

  expect(text: string): void {
    if (!this.takeIf(text)) throw this.unexpected()
  }

  /** AWS shows the token before, the one that does not fit, and the one after it. */
  unexpected(): Error {
    const near = this.#tokens
      .slice(Math.max(0, this.#next - 1), this.#next + 2)
      .map(({ text }) => text)
      .join(' ')
    const { kind, text } = this.peek()
    return this.#invalid(`Syntax error; token: "${kind === 'end' ? '<EOF>' : text}", near: "${near}"`)
  }

  reserved(name: string): Error {
    return this.#invalid(`Attribute name is a reserved keyword; reserved keyword: ${name}`)
  }

  #invalid(why: string): Error {
    return validationException(`Invalid ${this.#kind}: ${why}`)
  }
}

const end: Token = { kind: 'end', text: '' }

const tokenized = (text: string, kind: string): readonly Token[] => {
  const tokens: Token[] = []
  const pattern = new RegExp(form)
  const length = text.trimEnd().length
  while (pattern.lastIndex < length) {
    const from = pattern.lastIndex
    const match = pattern.exec(text)
    if (match === null && /^\s*\[/.test(text.slice(from)))
      throw new NotModelled(`dynamodb: an element of a list is not modelled: ${text.slice(from).trim()}`)
    if (match === null)
      throw validationException(
        `Invalid ${kind}: Syntax error; token: "${text.slice(from).trim().charAt(0)}", near: "${text.slice(from, from + 20).trim()}"`,
      )
    const [, placeholder, value, name, symbol] = match
    if (placeholder !== undefined) tokens.push({ kind: 'placeholder', text: placeholder })
    else if (value !== undefined) tokens.push({ kind: 'value', text: value })
    else if (name !== undefined) tokens.push({ kind: 'name', text: name })
    else tokens.push({ kind: 'symbol', text: symbol ?? '' })
  }
  return tokens
}
