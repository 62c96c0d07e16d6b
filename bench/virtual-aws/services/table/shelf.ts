import { isRecord } from '../properties.ts'
import type { Item } from './item.ts'

export interface Stored {
  readonly item: Item
  readonly bytes: number
}

/** Items written last are kept as they are, between this many and twice as many of a table. */
const openMin = 1_024

/**
 * The items of a table, by key. Those that were written long ago are packed: a run of a hundred thousand orders leaves
 * millions of small objects, which the garbage collector would walk again and again. Packing shows nowhere but in
 * memory and time.
 *
 *     open    key → item, in the order of the last write ──── the oldest half ────▶ packed   key → text
 */
export class Shelf {
  readonly #open = new Map<string, Stored>()
  readonly #packed = new Map<string, string>()
  readonly #packer = new Packer()
  readonly #openMin: number

  constructor(openItemsMin: number = openMin) {
    this.#openMin = openItemsMin
  }

  get(key: string): Stored | undefined {
    const open = this.#open.get(key)
    if (open !== undefined) return open
    const packed = this.#packed.get(key)
    return packed === undefined ? undefined : this.#packer.unpack(packed)
  }

  set(key: string, stored: Stored): void {
    this.#open.delete(key)
    this.#open.set(key, stored)
    this.#packed.delete(key)
    if (this.#open.size >= 2 * this.#openMin) this.#packOldest()
  }

  delete(key: string): void {
    this.#open.delete(key)
    this.#packed.delete(key)
  }

  *keys(): Iterable<string> {
    yield* this.#packed.keys()
    yield* this.#open.keys()
  }

  *values(): Iterable<Stored> {
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

/** Packs items into texts: names of attributes are told once a shape, short texts that come again once a packer. */
class Packer {
  readonly #shapeIds = new Map<string, number>()
  readonly #shapes: unknown[] = []
  readonly #wordIds = new Map<string, number>()
  readonly #words: string[] = []
  #parts: string[] = []

  /** Undefined when the item holds what a text of leaves cannot. */
  pack({ item, bytes }: Stored): string | undefined {
    const parts = ['', bytes.toString(36)]
    this.#parts = parts
    const shape = this.#shapeOf(item)
    const id = shape === undefined ? undefined : this.#shapeId(shape, item)
    if (id === undefined) return undefined
    parts[0] = id.toString(36)
    // Joined, it is one flat text; added up, it would be a tree that keeps all its parts.
    return parts.join(separator)
  }

  unpack(packed: string): Stored {
    const [shape = '', bytes = '', ...leaves] = packed.split(separator)
    let next = 0
    const leaf = (): unknown => {
      next += 1
      return this.#leafIn(leaves[next - 1] ?? '')
    }
    const item = filled(this.#shapes[Number.parseInt(shape, 36)], leaf) as Item
    return { item, bytes: Number.parseInt(bytes, 36) }
  }

  #shapeId(shape: string, item: Item): number | undefined {
    const known = this.#shapeIds.get(shape)
    if (known !== undefined) return known
    if (this.#shapes.length >= shapesMax) return undefined
    this.#shapes.push(item)
    this.#shapeIds.set(shape, this.#shapes.length - 1)
    return this.#shapes.length - 1
  }

  /** Writes the leaves on the way; undefined when one of them cannot be. */
  #shapeOf(value: unknown): string | undefined {
    if (Array.isArray(value)) return this.#shapeOfAll('[', value.entries())
    if (isRecord(value)) return this.#shapeOfAll('{', Object.entries(value))
    const leaf = this.#leafOf(value)
    if (leaf === undefined) return undefined
    this.#parts.push(leaf)
    return '.'
  }

  #shapeOfAll(
    bracket: '[' | '{',
    entries: Iterable<readonly [string | number, unknown]>,
  ): string | undefined {
    let shape: string = bracket
    for (const [name, value] of entries) {
      const inner = this.#shapeOf(value)
      if (inner === undefined) return undefined
      shape += bracket === '{' ? `${JSON.stringify(name)}${inner}` : inner
    }
    return `${shape})`
  }

  #leafOf(value: unknown): string | undefined {
    switch (typeof value) {
      case 'string':
        return this.#textLeaf(value)
      case 'number':
        return Object.is(value, -0) ? undefined : `#${value}`
      case 'boolean':
        return value ? '+' : '-'
      default:
        return value === null ? '0' : undefined
    }
  }

  #textLeaf(text: string): string | undefined {
    if (text.length <= wordCharactersMax) {
      const known = this.#wordIds.get(text)
      if (known !== undefined) return `w${known.toString(36)}`
      if (this.#words.length < wordsMax && !/\d{3}/.test(text)) {
        this.#wordIds.set(text, this.#words.length)
        this.#words.push(text)
        return `w${(this.#words.length - 1).toString(36)}`
      }
    }
    return text.includes(separator) ? undefined : `'${text}`
  }

  #leafIn(leaf: string): unknown {
    const rest = leaf.slice(1)
    switch (leaf.charAt(0)) {
      case "'":
        return rest
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
const filled = (example: unknown, leaf: () => unknown): unknown => {
  if (Array.isArray(example)) return Object.freeze(example.map((each) => filled(each, leaf)))
  if (!isRecord(example)) return leaf()
  const made: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(example)) made[name] = filled(value, leaf)
  return Object.freeze(made)
}
