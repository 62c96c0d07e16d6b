import { hashOf } from './random.ts'

/**
 * The `max` orders with the lowest hash, by order id: a uniform sample that depends on the ids and the seed alone, so
 * that every contestant keeps the same orders, and that of a whole is the sample of the samples of its parts.
 */
export const lowestHashes = <Sampled extends { readonly orderId: string }>(
  orders: readonly Sampled[],
  max: number,
  seed: number,
): Sampled[] => {
  const hashes = Uint32Array.from(orders, ({ orderId }) => hashOf(orderId, seed))
  const bound = hashes.toSorted()[max - 1] ?? Number.POSITIVE_INFINITY
  return orders
    .flatMap((order, index) => {
      const hash = hashes[index] ?? 0
      return hash <= bound ? [{ order, hash }] : []
    })
    .toSorted((a, b) => a.hash - b.hash || (a.order.orderId < b.order.orderId ? -1 : 1))
    .slice(0, max)
    .map(({ order }) => order)
    .toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1))
}
