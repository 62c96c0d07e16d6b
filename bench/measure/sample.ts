import { hashOf } from './random.ts'

/** A bounded sample of orders, each with what is kept of it. */
export interface OrderSample<Kept> {
  /** An order was submitted: what to keep of it, or undefined when it is not (or no longer) of the sample. */
  offer(orderId: string): Kept | undefined
  get(orderId: string): Kept | undefined
  /** By order id. */
  entries(): [orderId: string, kept: Kept][]
}

/**
 * The `max` orders with the lowest hash: a uniform sample that depends on the ids and the seed alone, so that every
 * contestant keeps the same orders, whatever becomes of them and in whatever order they come. Holds at most twice
 * as many at a time.
 */
export const createOrderSample = <Kept>(max: number, seed: number, make: () => Kept): OrderSample<Kept> => {
  const kept = new Map<string, Kept>()
  let hashBelow = 2 ** 32

  const prune = (): void => {
    const sorted = byHash(
      [...kept.keys()].map((orderId) => ({ orderId })),
      seed,
    )
    for (const { orderId } of sorted.slice(max)) kept.delete(orderId)
    hashBelow = (sorted[max - 1]?.hash ?? hashBelow) + 1
  }

  return {
    offer(orderId) {
      const known = kept.get(orderId)
      if (known !== undefined) return known
      if (hashOf(orderId, seed) >= hashBelow) return undefined
      if (kept.size >= 2 * max) prune()
      // The bound may just have sunk below this order's hash; the next pruning takes it out then.
      const fresh = make()
      kept.set(orderId, fresh)
      return fresh
    },
    get: (orderId) => kept.get(orderId),
    entries() {
      if (kept.size > max) prune()
      return [...kept].toSorted(([a], [b]) => (a < b ? -1 : 1))
    },
  }
}

/** The sample of a whole, from samples of its parts under the same seed; by order id. */
export const lowestHashes = <Sampled extends { readonly orderId: string }>(
  parts: readonly Sampled[],
  max: number,
  seed: number,
): Sampled[] =>
  (parts.length <= max
    ? [...parts]
    : byHash(parts, seed)
        .slice(0, max)
        .map(({ of }) => of)
  ).toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1))

const byHash = <Sampled extends { readonly orderId: string }>(
  orders: readonly Sampled[],
  seed: number,
): { readonly orderId: string; readonly hash: number; readonly of: Sampled }[] =>
  orders
    .map((of) => ({ orderId: of.orderId, hash: hashOf(of.orderId, seed), of }))
    .toSorted((a, b) => a.hash - b.hash || (a.orderId < b.orderId ? -1 : 1))
