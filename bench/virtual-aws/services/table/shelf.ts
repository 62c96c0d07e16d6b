import { isRecord } from '../properties.ts'
import type { Item } from './item.ts'

export interface Stored {
  readonly item: Item
  readonly bytes: number
}

/** Items written last are kept as they are, between this many and twice as many of a table. */
const openMin = 1_024
/** Packed, an item as small as a count of stock would take as much. In bytes as DynamoDB counts them. */
const smallBytesMax = 64

/**
 * The items of a table, by key. Those that were written long ago are packed: a run of a hundred thousand orders leaves
 * millions of small objects, which the garbage collector would walk again and again. Packing shows nowhere but in
 * memory and time.
 *
 *     open    key → item, in the order of the last write ──── the oldest half ────▶ packed   key → text
 *     small   key → item
 */
export class Shelf {
  readonly #open = new Map<string, Stored>()
  readonly #small = new Map<string, Stored>()
  readonly #packed = new Map<string, string>()
  readonly #packer = new Packer()
  readonly #openMin: number

  constructor(openItemsMin: number = openMin) {
    this.#openMin = openItemsMin
  }

  get(key: string): Stored | undefined {
    const asItIs = this.#small.get(key) ?? this.#open.get(key)
    if (asItIs !== undefined) return asItIs
    const packed = this.#packed.get(key)
    return packed === undefined ? undefined : this.#packer.unpack(packed)
  }

  set(key: string, stored: Stored): void {
    if (stored.bytes <= smallBytesMax) {
      if (!this.#small.has(key)) this.#forget(key)
      this.#small.set(key, stored)
      return
    }
    this.delete(key)
    this.#open.set(key, stored)
    if (this.#open.size >= 2 * this.#openMin) this.#packOldest()
  }

  delete(key: string): void {
    this.#small.delete(key)
    this.#forget(key)
  }

  #forget(key: string): void {
    this.#open.delete(key)
    this.#packed.delete(key)
  }

  *keys(): Iterable<string> {
    yield* this.#small.keys()
    yield* this.#packed.keys()
    yield* this.#open.keys()
  }

  *values(): Iterable<Stored> {
    yield* this.#small.values()
    for (const packed of this.#packed.values()) yield this.#packer.unpack(packed)
    yield* this.#open.values()
  }

  #packOldest(): void {
    let left = this.#openMin
    for (const [key, stored] of this.#open) {
      if (left === 0) return
      left -= 1
      const packed = this.#packer.pack(stored)
      // What cannot be packed goes to the end of the line, and stays open.
      this.#open.delete(key)
      if (packed === undefined) this.#open.set(key, stored)
      else this.#packed.set(key, packed)
    }
  }
}

/** A packed item: the number of its shape, its size, and its leaves in the order of the shape. */
const separator = '\u0001'
/** Beyond this many shapes or words, items are too different for either to pay. */
const shapesMax = 4_096
const wordsMax = 4_096
const wordCharactersMax = 24

/**
 * A place in the tree of all shapes, reached by the brackets, names and leaves before it. Where a shape ends there is
 * its number:
 *
 *     {  pk  .  facts  [  {  id  .  …  }  ]  }   shape 0
 *                         └  type  .  …  }  ]  }   shape 1
 */
class ShapeStep {
  shape = -1
  #leaf: ShapeStep | undefined
  #list: ShapeStep | undefined
  #map: ShapeStep | undefined
  #end: ShapeStep | undefined
  #names: Map<string, ShapeStep> | undefined
  /** The name that was gone last is most often the next one, too. */
  #lastName = ''
  #lastStep: ShapeStep | undefined

  get leaf(): ShapeStep {
    this.#leaf ??= new ShapeStep()
    return this.#leaf
  }

  get list(): ShapeStep {
    this.#list ??= new ShapeStep()
    return this.#list
  }

  get map(): ShapeStep {
    this.#map ??= new ShapeStep()
    return this.#map
  }

  /** Of the list or map that was begun last. */
  get end(): ShapeStep {
    this.#end ??= new ShapeStep()
    return this.#end
  }

  named(name: string): ShapeStep {
    if (name === this.#lastName && this.#lastStep !== undefined) return this.#lastStep
    this.#names ??= new Map()
    let step = this.#names.get(name)
    if (step === undefined) {
      step = new ShapeStep()
      this.#names.set(name, step)
    }
    this.#lastName = name
    this.#lastStep = step
    return step
  }
}

const sameAsFirst = '='

/** A SHA-256 as text, 64 hexadecimal digits, is packed into half as many characters: one a byte. */
const hashCharacters = 64
const hashForm = /^[0-9a-f]{64}$/
const hashMark = 'h'
const hashMarkCode = hashMark.charCodeAt(0)
const hashLeafCharacters = 1 + hashCharacters / 2

const codes: number[] = new Array(hashLeafCharacters).fill(hashMarkCode)

const hashLeaf = (text: string): string => {
  for (let at = 1; at < hashLeafCharacters; at += 1)
    codes[at] = digitAt(text, 2 * at - 2) * 16 + digitAt(text, 2 * at - 1)
  return String.fromCharCode(...codes)
}

const digitAt = (text: string, index: number): number => {
  const code = text.charCodeAt(index)
  return code < 58 ? code - 48 : code - 87
}

const byteTexts = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

const hashIn = (leaf: string): string => {
  const bytes: string[] = []
  for (let at = 1; at < leaf.length; at += 1) bytes.push(byteTexts[leaf.charCodeAt(at)] ?? '')
  return bytes.join('')
}

/** Packs items into texts: names of attributes are told once a shape, short texts that come again once a packer. */
class Packer {
  readonly #root = new ShapeStep()
  /** An item of each shape. */
  readonly #examples: Item[] = []
  readonly #wordIds = new Map<string, string>()
  readonly #words: string[] = []
  readonly #leaves: string[] = []
  /** The first text of the item, most often its key: it comes again and again in an item about it. */
  #first: string | undefined
  #isPackable = true

  /** Undefined when the item holds what a text of leaves cannot. */
  pack({ item, bytes }: Stored): string | undefined {
    const leaves = this.#leaves
    leaves.length = 0
    leaves.push('', String(bytes))
    this.#first = undefined
    this.#isPackable = true
    const last = this.#walk(item, this.#root)
    if (!this.#isPackable) return undefined
    if (last.shape < 0) {
      if (this.#examples.length >= shapesMax) return undefined
      last.shape = this.#examples.length
      this.#examples.push(item)
    }
    leaves[0] = String(last.shape)
    // Joined, it is one flat text; added up, it would be a tree that keeps all its parts.
    return leaves.join(separator)
  }

  unpack(packed: string): Stored {
    const leaves = new Leaves(packed, this.#words)
    const shape = Number(leaves.next())
    const bytes = Number(leaves.next())
    return { item: filled(this.#examples[shape], leaves) as Item, bytes }
  }

  /** Writes the leaves on the way, and gives the place in the tree of shapes that the value leads to. */
  #walk(value: unknown, from: ShapeStep): ShapeStep {
    if (typeof value !== 'object' || value === null) {
      this.#leaves.push(this.#leafOf(value))
      return from.leaf
    }
    if (Array.isArray(value)) {
      let step = from.list
      for (const each of value) step = this.#walk(each, step)
      return step.end
    }
    let step = from.map
    for (const name of Object.keys(value)) step = this.#walk((value as Item)[name], step.named(name))
    return step.end
  }

  #leafOf(value: unknown): string {
    switch (typeof value) {
      case 'string':
        return this.#textLeaf(value)
      case 'number':
        if (Object.is(value, -0)) this.#isPackable = false
        return `#${value}`
      case 'boolean':
        return value ? '+' : '-'
      default:
        if (value !== null) this.#isPackable = false
        return '0'
    }
  }

  #textLeaf(text: string): string {
    if (text.length <= wordCharactersMax) {
      const known = this.#wordIds.get(text)
      if (known !== undefined) return known
      if (this.#words.length < wordsMax && !/\d{3}/.test(text)) {
        const leaf = `w${this.#words.length.toString(36)}`
        this.#wordIds.set(text, leaf)
        this.#words.push(text)
        return leaf
      }
    }
    if (text === this.#first) return sameAsFirst
    if (text.length === hashCharacters && hashForm.test(text)) return hashLeaf(text)
    this.#first ??= text
    if (text.includes(separator)) this.#isPackable = false
    return `'${text}`
  }
}

/** The leaves of a packed item, one after the other. */
class Leaves {
  readonly #packed: string
  readonly #words: readonly string[]
  #from = 0
  #first: string | undefined

  constructor(packed: string, words: readonly string[]) {
    this.#packed = packed
    this.#words = words
  }

  next(): string {
    const from = this.#from
    // Any byte may be in a hash, that of the separator too: it ends by its length.
    const isHash = this.#packed.charCodeAt(from) === hashMarkCode
    const found = isHash ? from + hashLeafCharacters : this.#packed.indexOf(separator, from)
    const until = found < 0 ? this.#packed.length : found
    this.#from = until + 1
    return this.#packed.slice(from, until)
  }

  nextValue(): unknown {
    const leaf = this.next()
    const rest = leaf.slice(1)
    switch (leaf.charAt(0)) {
      case "'":
        this.#first ??= rest
        return rest
      case sameAsFirst:
        return this.#first
      case hashMark:
        return hashIn(leaf)
      case 'w':
        return this.#words[Number.parseInt(rest, 36)]
      case '#':
        return Number(rest)
      case '0':
        return null
      default:
        return leaf === '+'
    }
  }
}

/** A frozen value like the example, with other leaves. */
const filled = (example: unknown, leaves: Leaves): unknown => {
  if (Array.isArray(example)) return Object.freeze(example.map((each) => filled(each, leaves)))
  if (!isRecord(example)) return leaves.nextValue()
  const made: Record<string, unknown> = {}
  for (const name of Object.keys(example)) made[name] = filled(example[name], leaves)
  return Object.freeze(made)
}
