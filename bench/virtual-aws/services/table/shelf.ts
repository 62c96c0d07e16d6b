import type { Projection } from '../../world.ts'
import { type Item, itemBytesMax, type Stored, storable } from './item.ts'
import { Packed, Packer } from './packer.ts'

/** Items updated last are kept as they are, between this many and twice as many of a table. */
const openMin = 64
/** Packed, an item as small as a count of stock would take as much. In bytes as DynamoDB counts them. */
const smallBytesMax = 64

/**
 * The items of a table, by key. What is put is packed at once, and what is updated when it has been left alone for a
 * while: a run of a hundred thousand orders leaves millions of small objects, which the garbage collector would walk
 * again and again. Packing shows nowhere but in memory and time.
 */
export class Shelf {
  /** Each as a text when it is packed. */
  readonly #items = new Map<string, Stored | string>()
  /** Keys of items that are to be packed, in the order of their updates. */
  readonly #open = new Set<string>()
  readonly #packer = new Packer()
  readonly #openMin: number

  constructor(openItemsMin: number = openMin) {
    this.#openMin = openItemsMin
  }

  /** An item as a request gives it, checked, copied and measured, ready to be set. */
  storable(given: unknown): Stored {
    const packed = this.#packer.pack(given)
    // The slow way says what is wrong, and where.
    return packed === undefined || packed.bytes > itemBytesMax ? storable(given) : packed
  }

  get(key: string): Stored | undefined {
    const found = this.#items.get(key)
    return typeof found === 'string' ? this.#packer.unpack(found) : found
  }

  /** An item, or at least what the projection names of it: what else is packed stays so. */
  part(key: string, projection: Projection): Item | undefined {
    const found = this.#items.get(key)
    return typeof found === 'string' ? this.#packer.unpackPart(found, projection) : found?.item
  }

  set(key: string, stored: Stored): void {
    const isSmall = stored.bytes <= smallBytesMax
    if (stored instanceof Packed) {
      this.#items.set(key, isSmall ? this.#packer.unpack(stored.text) : stored.text)
      this.#open.delete(key)
      return
    }
    this.#items.set(key, stored)
    if (isSmall) return
    this.#open.add(key)
    if (this.#open.size >= 2 * this.#openMin) this.#packOldest()
  }

  delete(key: string): void {
    this.#items.delete(key)
    this.#open.delete(key)
  }

  keys(): Iterable<string> {
    return this.#items.keys()
  }

  *values(): Iterable<Stored> {
    for (const found of this.#items.values())
      yield typeof found === 'string' ? this.#packer.unpack(found) : found
  }

  #packOldest(): void {
    let left = this.#openMin
    for (const key of this.#open) {
      if (left === 0) return
      left -= 1
      this.#open.delete(key)
      const stored = this.#items.get(key)
      if (typeof stored !== 'object') continue
      // What cannot be packed stays as it is.
      const packed = this.#packer.pack(stored.item)
      if (packed !== undefined) this.#items.set(key, packed.text)
    }
  }
}
