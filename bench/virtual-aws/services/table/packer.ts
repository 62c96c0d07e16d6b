import type { Projection } from '../../world.ts'
import { utf8Bytes } from '../bytes.ts'
import { isRecord, type Properties } from '../properties.ts'
import { frozenCopy, type Item, isPlain, itemBytes, numberBytes, type Stored } from './item.ts'
import { Leaves, sameAsFirst, separator } from './leaves.ts'
import { hashCharacters, hashLeaf } from './packed-hash.ts'
import { type Shape, ShapeStep } from './shapes.ts'

/** Beyond this many shapes or words, items are too different for either to pay. */
const shapesMax = 4_096
const wordsMax = 4_096
/** The longest names of events and services have as many; a time has more. */
const wordCharactersMax = 20

/** A text that comes again and again: how it is packed, and its size. */
interface Word {
  readonly leaf: string
  readonly bytes: number
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
  #leaves: string[] = []
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
    // The number of the shape and the size come first.
    this.#leaves = ['', '']
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
      const word = isNumbered(text) ? undefined : this.#wordFor(text)
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
    if (known !== undefined || this.#words.length >= wordsMax) return known
    const word = { leaf: `w${this.#words.length}`, bytes: utf8Bytes(text) }
    this.#wordOf.set(text, word)
    this.#words.push(text)
    return word
  }
}

/** Ends in three digits: one of so many that it is no word. */
const isNumbered = (text: string): boolean =>
  isDigit(text.charCodeAt(text.length - 1)) &&
  isDigit(text.charCodeAt(text.length - 2)) &&
  isDigit(text.charCodeAt(text.length - 3))

const isDigit = (code: number): boolean => code >= 48 && code <= 57

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
