import { filterOperators } from './filter.ts'
import type { FilterOperand, FilterPlace, FilterTest, Selector } from './selector.ts'

/** Reads the selectors of a place; handed in, since paths hold filters and filters hold paths. */
type ReadSelectors = (text: string, whole: string) => readonly Selector[]

/**
 * Reads the condition of `[?(…)]`, in order of binding: `||`, `&&`, `!`, parentheses, and comparisons of places,
 * literals and regular expressions.
 */
export const parseFilter = (text: string, whole: string, readSelectors: ReadSelectors): FilterTest => {
  const reader = new FilterReader(text, whole, readSelectors)
  const test = reader.either()
  reader.end()
  return test
}

const operatorForm = /^(?:==|!=|<=|>=|=~|<|>|[a-z]+\b)/i
const patternForm = /^\/((?:[^/\\]|\\.)+)\/([a-z]*)/
const literalForm =
  /^('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|\[[^\]]*\])/

class FilterReader {
  #rest: string
  readonly #text: string
  readonly #whole: string
  readonly #readSelectors: ReadSelectors

  constructor(text: string, whole: string, readSelectors: ReadSelectors) {
    this.#text = text
    this.#rest = text.trim()
    this.#whole = whole
    this.#readSelectors = readSelectors
  }

  either(): FilterTest {
    return this.#combined('or', '||', () => this.#both())
  }

  end(): void {
    if (this.#rest !== '') this.#refuse()
  }

  #both(): FilterTest {
    return this.#combined('and', '&&', () => this.#one())
  }

  #combined(kind: 'and' | 'or', sign: string, read: () => FilterTest): FilterTest {
    const tests = [read()]
    while (this.#skip(sign)) tests.push(read())
    const [only] = tests
    return tests.length === 1 && only !== undefined ? only : { kind, tests }
  }

  #one(): FilterTest {
    if (this.#rest.startsWith('!=') === false && this.#skip('!')) return { kind: 'not', test: this.#one() }
    if (this.#skip('(')) {
      const test = this.either()
      if (!this.#skip(')')) this.#refuse()
      return test
    }
    return this.#comparison()
  }

  #comparison(): FilterTest {
    const left = this.#operand()
    const operator = this.#take(operatorForm)?.toLowerCase()
    if (operator !== undefined && !filterOperators.includes(operator)) this.#refuse()
    if (operator !== undefined) return { kind: 'compare', operator, left, right: this.#operand() }
    return left.kind === 'place' ? { kind: 'exists', place: left.place } : this.#refuse()
  }

  #operand(): FilterOperand {
    if (/^[@$]/.test(this.#rest)) return { kind: 'place', place: this.#place() }
    const pattern = this.#take(patternForm)
    if (pattern !== undefined) return { kind: 'literal', value: this.#pattern(pattern) }
    const literal = this.#take(literalForm)
    if (literal === undefined) return this.#refuse()
    return { kind: 'literal', value: this.#literal(literal) }
  }

  #place(): FilterPlace {
    const root = this.#rest.startsWith('@') ? '@' : '$'
    let at = 1
    let depth = 0
    for (; at < this.#rest.length; at += 1) {
      const char = this.#rest.charAt(at)
      if (char === '[' || char === '(') depth += 1
      else if (depth > 0 && (char === ']' || char === ')')) depth -= 1
      else if (depth === 0 && /[\s=!<>&|)~,]/.test(char)) break
    }
    const selectors = this.#readSelectors(this.#rest.slice(1, at), this.#whole)
    this.#rest = this.#rest.slice(at).trimStart()
    return { root, selectors }
  }

  /** A whole text must match, as in Java, and the flags are Java's. */
  #pattern(text: string): RegExp {
    const [, source = '', flags = ''] = patternForm.exec(text) ?? []
    if (!/^[ims]*$/.test(flags)) this.#refuse()
    try {
      return new RegExp(`^(?:${source})$`, flags)
    } catch {
      return this.#refuse()
    }
  }

  #literal(text: string): unknown {
    const asJson = text.replace(/'((?:[^'\\]|\\.)*)'/g, (_, inside: string) =>
      JSON.stringify(inside.replace(/\\(.)/g, '$1')),
    )
    try {
      return JSON.parse(asJson)
    } catch {
      return this.#refuse()
    }
  }

  #skip(sign: string): boolean {
    if (!this.#rest.startsWith(sign)) return false
    this.#rest = this.#rest.slice(sign.length).trimStart()
    return true
  }

  #take(form: RegExp): string | undefined {
    const found = form.exec(this.#rest)?.[0]
    if (found !== undefined) this.#rest = this.#rest.slice(found.length).trimStart()
    return found
  }

  #refuse(): never {
    throw new Error(
      `Expected comparisons with ${filterOperators.join(', ')}, combined with &&, || and !, got '${this.#text}' in '${this.#whole}'`,
    )
  }
}
