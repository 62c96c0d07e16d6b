import { joined, type Membership, nowhere } from './leaves.ts'

/** In which elements of arrays a field of a pattern is satisfied. */
export interface Choice {
  /** Of the leaves that match, each once. */
  readonly matching: readonly Membership[]
  /** Of all leaves, where the field may be absent; undefined where it may not. */
  readonly presence: readonly Membership[] | undefined
}

/**
 * Whether each field can be satisfied without two of them choosing different elements of the same array. Fields are
 * tried one after the other, going back when no choice of the later ones agrees; what has failed once is not tried
 * again, so that choices in arrays that no later field shares are not multiplied with each other.
 */
export const canAgree = (fields: readonly Choice[]): boolean => {
  const shared = arraysFrom(fields)
  const failed: readonly Membership[][] = fields.map(() => [])
  const from = (index: number, chosen: Membership): boolean => {
    const field = fields[index]
    if (field === undefined) return true
    const binding = restricted(chosen, shared[index] ?? new Set())
    if (failed[index]?.some((known) => isSame(known, binding)) === true) return false
    const agrees =
      field.matching.some((own) => {
        const together = joined(binding, own)
        return together !== undefined && from(index + 1, together)
      }) ||
      (field.presence?.every((own) => joined(binding, own) === undefined) === true &&
        from(index + 1, binding))
    if (!agrees) failed[index]?.push(binding)
    return agrees
  }
  return from(0, nowhere)
}

/** By field: the arrays that it or a later one chooses from. */
const arraysFrom = (fields: readonly Choice[]): readonly ReadonlySet<unknown>[] => {
  const arrays = new Set<unknown>()
  return fields
    .toReversed()
    .map(({ matching, presence }) => {
      for (const membership of [...matching, ...(presence ?? [])])
        for (const array of membership.keys()) arrays.add(array)
      return new Set(arrays)
    })
    .toReversed()
}

const restricted = (membership: Membership, arrays: ReadonlySet<unknown>): Membership =>
  new Map([...membership].filter(([array]) => arrays.has(array)))

const isSame = (one: Membership, other: Membership): boolean =>
  one.size === other.size && [...one].every(([array, index]) => other.get(array) === index)
