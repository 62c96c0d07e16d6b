import type { Projection } from '../../world.ts'
import { utf8Bytes } from '../bytes.ts'
import { isRecord, type Properties } from '../properties.ts'
import { frozenCopy, type Item, isPlain, itemBytes, numberBytes, type Stored } from './item.ts'

/** Between the number of an item's shape, its size, and its leaves in the order of the shape. */
const separator = '\u0001'
/** Beyond this many shapes or words, items are too different for either to pay. */
const shapesMax = 4_096
const wordsMax = 4_096
/** The longest names of events and services have as many; a time has more. */
const wordCharactersMax = 20

/** What items have in common whose leaves alone differ. */
interface Shape {
  readonly number: number
  /** One of them. */
  readonly example: Item
  /** Of its size, what its leaves do not count for. */
  readonly bytes: number
}

/** A text that comes again and again: how it is packed, and its size. */
interface Word {
  readonly leaf: string
  readonly bytes: number
}

/**
 * A place in the tree of all shapes, reached by the brackets, names and leaves before it. Where a shape ends it is
 * told:
 *
 *     {  pk  .  facts  [  {  id  .  …  }  ]  }   shape 0
 *                         └  type  .  …  }  ]  }   shape 1
 */
class ShapeStep {
  shape: Shape | undefined
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

/** An item as a text. */
export class Packed implements Stored {
  readonly text: string
  readonly bytes: number
  readonly #packer: Packer

  constructor(text: string, bytes: number, packer: Packer) {
    this.text = text
    this.bytes = bytes
    this.#packer = packer
  }

  get item(): Item {
    return this.#packer.unpack(this.text).item
  }
}

/** Packs items into texts: names of attributes are told once a shape, short texts that come again once a packer. */
export class Packer {
  readonly #root = new ShapeStep()
  readonly #shapes: Shape[] = []
  readonly #wordOf = new Map<string, Word>()
  readonly #words: string[] = []
  readonly #leaves: string[] = []
  /** Of the leaves, as DynamoDB counts them. */
  #leafBytes = 0
  /** The first text of the item, most often its key: it comes again and again in an item about it. */
  #first: string | undefined
  #firstBytes = 0
  #isPackable = true
  /** What is read is most often asked for again at once, by the write that follows. */
  #unpackedText = ''
  #unpacked: Stored | undefined

  /** Undefined when the item is none, or holds what a text of leaves cannot. */
  pack(item: unknown): Packed | undefined {
    if (!isRecord(item)) return undefined
    const end = this.#walkAnew(item)
    if (!this.#isPackable) return undefined
    const shape = end.shape ?? this.#shapeOf(item, end)
    if (shape === undefined) return undefined
    const bytes = shape.bytes + this.#leafBytes
    this.#leaves[0] = String(shape.number)
    this.#leaves[1] = String(bytes)
    // Joined, it is one flat text; added up, it would be a tree that keeps all its parts.
    return new Packed(this.#leaves.join(separator), bytes, this)
  }

  unpack(packed: string): Stored {
    if (this.#unpacked !== undefined && packed === this.#unpackedText) return this.#unpacked
    const leaves = new Leaves(packed, this.#words)
    const shape = leaves.nextInteger()
    const bytes = leaves.nextInteger()
    this.#unpackedText = packed
    this.#unpacked = { item: filled(this.#shapes[shape]?.example, leaves, 'all') as Item, bytes }
    return this.#unpacked
  }

  unpackPart(packed: string, projection: Projection): Item {
    const leaves = new Leaves(packed, this.#words)
    const shape = leaves.nextInteger()
    leaves.pass()
    return filled(this.#shapes[shape]?.example, leaves, projection) as Item
  }

  #walkAnew(item: Item): ShapeStep {
    this.#leaves.length = 0
    this.#leaves.push('', '')
    this.#leafBytes = 0
    this.#first = undefined
    this.#isPackable = true
    return this.#walk(item, this.#root)
  }

  /** The shape of an item that was just walked, the first of its kind. */
  #shapeOf(item: Item, end: ShapeStep): Shape | undefined {
    if (this.#shapes.length >= shapesMax) return undefined
    const example = frozenCopy(item, 'Item') as Item
    // An attribute that a copy loses (`__proto__`) would shift the leaves after it.
    if (this.#walkAnew(example) !== end) return undefined
    end.shape = { number: this.#shapes.length, example, bytes: itemBytes(example) - this.#leafBytes }
    this.#shapes.push(end.shape)
    return end.shape
  }

  /** Writes the leaves on the way, and gives the place in the tree of shapes that the value leads to. */
  #walk(value: unknown, from: ShapeStep): ShapeStep {
    if (typeof value === 'object' && value !== null) {
      if (Array.isArray(value)) return this.#walkList(value, from)
      if (isPlain(value)) return this.#walkMap(value, from)
    }
    this.#leaves.push(this.#leafOf(value))
    return from.leaf
  }

  #walkList(list: readonly unknown[], from: ShapeStep): ShapeStep {
    let step = from.list
    for (const each of list) step = this.#walk(each, step)
    return step.end
  }

  #walkMap(map: Properties, from: ShapeStep): ShapeStep {
    let step = from.map
    for (const name in map) step = this.#walk(map[name], step.named(name))
    return step.end
  }

  #leafOf(value: unknown): string {
    switch (typeof value) {
      case 'string':
        return this.#textLeaf(value)
      case 'number':
        if (!Number.isFinite(value) || Object.is(value, -0)) this.#isPackable = false
        this.#leafBytes += numberBytes(value)
        return Number.isSafeInteger(value) && value >= 0 ? `#${value}` : `.${value}`
      case 'boolean':
        this.#leafBytes += 1
        return value ? '+' : '-'
      default:
        if (value !== null) this.#isPackable = false
        this.#leafBytes += 1
        return '0'
    }
  }

  #textLeaf(text: string): string {
    if (text === this.#first) {
      this.#leafBytes += this.#firstBytes
      return sameAsFirst
    }
    if (text.length <= wordCharactersMax) {
      const word = this.#wordFor(text)
      if (word !== undefined) {
        this.#leafBytes += word.bytes
        return word.leaf
      }
    } else if (text.length === hashCharacters) {
      const hash = hashLeaf(text)
      if (hash !== undefined) {
        this.#leafBytes += hashCharacters
        return hash
      }
    }
    return this.#ownLeaf(text)
  }

  /** Of a text that is packed as it is. */
  #ownLeaf(text: string): string {
    const bytes = utf8Bytes(text)
    this.#leafBytes += bytes
    if (this.#first === undefined) {
      this.#first = text
      this.#firstBytes = bytes
    }
    if (text.includes(separator)) this.#isPackable = false
    return `'${text}`
  }

  #wordFor(text: string): Word | undefined {
    const known = this.#wordOf.get(text)
    if (known !== undefined || this.#words.length >= wordsMax || /\d{3}/.test(text)) return known
    const word = { leaf: `w${this.#words.length}`, bytes: utf8Bytes(text) }
    this.#wordOf.set(text, word)
    this.#words.push(text)
    return word
  }
}

const sameAsFirst = '='

/** A SHA-256 as text, 64 hexadecimal digits, is packed into half as many characters: one a byte. */
const hashCharacters = 64
const hashMark = 'h'
const hashMarkCode = hashMark.charCodeAt(0)
const hashLeafCharacters = 1 + hashCharacters / 2

const digits = '0123456789abcdef'
const digitCodes = Array.from(digits, (digit) => digit.charCodeAt(0))
/** By the code of a character: what it stands for as a digit, or -1. */
const digitOf = Array.from({ length: 128 }, (_, code) => digits.indexOf(String.fromCharCode(code)))

const leafCodes: number[] = new Array(hashLeafCharacters).fill(hashMarkCode)
const hashCodes: number[] = new Array(hashCharacters).fill(0)

/** Undefined when the text is none. */
const hashLeaf = (text: string): string | undefined => {
  for (let at = 1; at < hashLeafCharacters; at += 1) {
    const high = digitOf[text.charCodeAt(2 * at - 2)] ?? -1
    const low = digitOf[text.charCodeAt(2 * at - 1)] ?? -1
    if (high < 0 || low < 0) return undefined
    leafCodes[at] = 16 * high + low
  }
  return String.fromCharCode(...leafCodes)
}

const hashIn = (packed: string, from: number): string => {
  for (let at = 1; at < hashLeafCharacters; at += 1) {
    const byte = packed.charCodeAt(from + at)
    hashCodes[2 * at - 2] = digitCodes[byte >> 4] ?? 0
    hashCodes[2 * at - 1] = digitCodes[byte & 15] ?? 0
  }
  return String.fromCharCode(...hashCodes)
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

/** A frozen value like the example, with other leaves. */
const filled = (example: unknown, leaves: Leaves, projection: Projection): unknown => {
  if (Array.isArray(example)) return Object.freeze(example.map((each) => filled(each, leaves, projection)))
  if (!isRecord(example)) return leaves.nextValue()
  const made: Record<string, unknown> = {}
  for (const name in example) {
    const wanted = projection === 'all' ? projection : projection[name]
    if (wanted === undefined) pass(example[name], leaves)
    else made[name] = filled(example[name], leaves, wanted)
  }
  return Object.freeze(made)
}

/** Leaves out what `filled` would make. */
const pass = (example: unknown, leaves: Leaves): void => {
  if (Array.isArray(example)) for (const each of example) pass(each, leaves)
  else if (!isRecord(example)) leaves.pass()
  else for (const name in example) pass(example[name], leaves)
}
