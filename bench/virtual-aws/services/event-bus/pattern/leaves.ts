import { isObject, type Leaf } from './field.ts'

/** Which element of which array a leaf lies in: array → index. Only objects and arrays in an array count as such. */
export type Membership = ReadonlyMap<readonly unknown[], number>

export interface FoundLeaf {
  readonly leaf: Leaf
  readonly membership: Membership
}

/** Of a leaf that lies in no element of any array. */
export const nowhere: Membership = new Map()

/**
 * The leaves of an event at a path. AWS joins the names on the way with dots, so `a.b` is found as `{a: {b}}` and as
 * `{"a.b"}`; arrays are looked through at any depth.
 *
 * `names[from][to]` holds the steps from `from` up to `to` joined, so that nothing is joined while matching.
 */
export const leavesAt = (event: unknown, names: readonly (readonly string[])[]): readonly FoundLeaf[] => {
  const found: FoundLeaf[] = []
  collect(event, names, 0, nowhere, found)
  return found
}

/** The joined names of each stretch of a path. */
export const stretchesOf = (path: string): readonly (readonly string[])[] => {
  const steps = path.split('.')
  return steps.map((_, from) =>
    steps.slice(from).map((_, length) => steps.slice(from, from + length + 1).join('.')),
  )
}

const collect = (
  value: unknown,
  names: readonly (readonly string[])[],
  from: number,
  membership: Membership,
  found: FoundLeaf[],
): void => {
  if (Array.isArray(value)) {
    value.forEach((element, index) => {
      const inside = typeof element === 'object' && element !== null
      collect(element, names, from, inside ? new Map(membership).set(value, index) : membership, found)
    })
    return
  }
  if (isObject(value)) {
    names[from]?.forEach((name, length) => {
      if (Object.hasOwn(value, name)) collect(value[name], names, from + length + 1, membership, found)
    })
    return
  }
  if (from === names.length && isLeaf(value)) found.push({ leaf: value, membership })
}

const isLeaf = (value: unknown): value is Leaf => value === null || typeof value !== 'object'

/** The two together, or undefined when they lie in different elements of one array. */
export const joined = (one: Membership, other: Membership): Membership | undefined => {
  if (other.size === 0) return one
  if (one.size === 0) return other
  for (const [array, index] of other) {
    const known = one.get(array)
    if (known !== undefined && known !== index) return undefined
  }
  return new Map([...one, ...other])
}
