import type { Item } from './item.ts'

/** What items have in common whose leaves alone differ. */
export interface Shape {
  readonly number: number
  /** One of them. */
  readonly example: Item
  /** Of its size, what its leaves do not count for. */
  readonly bytes: number
}

/**
 * A place in the tree of all shapes, reached by the brackets, names and leaves before it. Where a shape ends it is
 * told:
 *
 *     {  pk  .  facts  [  {  id  .  …  }  ]  }   shape 0
 *                         └  type  .  …  }  ]  }   shape 1
 */
export class ShapeStep {
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
