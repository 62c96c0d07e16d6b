import { hashIn, hashLeafCharacters, hashMark } from './packed-hash.ts'

/** Between the number of an item's shape, its size, and its leaves in the order of the shape. */
export const separator = '\u0001'

/** Stands for the first text of the item that is packed as it is. */
export const sameAsFirst = '='

/** The leaves of a packed item, one after the other. */
export class Leaves {
  readonly #packed: string
  readonly #words: readonly string[]
  #from = 0
  #first: string | undefined

  constructor(packed: string, words: readonly string[]) {
    this.#packed = packed
    this.#words = words
  }

  /** Of digits alone. */
  nextInteger(): number {
    let integer = 0
    for (let at = this.#from; ; at += 1) {
      const code = this.#packed.charCodeAt(at)
      if (code >= 48 && code <= 57) integer = 10 * integer + code - 48
      else {
        this.#from = at + 1
        return integer
      }
    }
  }

  nextValue(): unknown {
    const from = this.#from
    switch (this.#packed.charAt(from)) {
      case "'": {
        const text = this.#rest(from + 1)
        this.#first ??= text
        return text
      }
      case hashMark:
        // Any byte may be in a hash, that of the separator too: it ends by its length.
        this.#from = from + hashLeafCharacters + 1
        return hashIn(this.#packed, from)
      case 'w':
        this.#from = from + 1
        return this.#words[this.nextInteger()]
      case '#':
        this.#from = from + 1
        return this.nextInteger()
      case '.':
        return Number(this.#rest(from + 1))
      case sameAsFirst:
        this.#from = from + 2
        return this.#first
      case '0':
        this.#from = from + 2
        return null
      default:
        this.#from = from + 2
        return this.#packed.charAt(from) === '+'
    }
  }

  /** Leaves a leaf out. */
  pass(): void {
    const from = this.#from
    const mark = this.#packed.charAt(from)
    if (mark === hashMark) this.#from = from + hashLeafCharacters + 1
    else if (mark === "'" && this.#first === undefined) this.nextValue()
    else this.#from = this.#endOf(from) + 1
  }

  /** Up to the next separator, which is passed. */
  #rest(from: number): string {
    const until = this.#endOf(from)
    this.#from = until + 1
    return this.#packed.slice(from, until)
  }

  #endOf(from: number): number {
    const found = this.#packed.indexOf(separator, from)
    return found < 0 ? this.#packed.length : found
  }
}
