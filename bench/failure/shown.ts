import type { Witnesses } from './effect.ts'

/**
 * The fewest orders of which each contestant that a fault touched is shown by one: those that show most of the
 * contestants are taken first, which for three of them cannot be bettered. Of those that show equally many, one that is
 * fulfilled undisturbed; of these the one that ended later by the most, in all of these together; then the first of the
 * workload. Gives the orders, by their places
 * in the workload, and which of them shows each contestant; one that nothing touched is shown by the first.
 */
export const shownOrders = (
  contestants: readonly Witnesses[],
): { readonly orders: readonly number[]; readonly showing: readonly (number | undefined)[] } => {
  const orders: number[] = []
  const showing: (number | undefined)[] = contestants.map(() => undefined)
  const isOpen = (contestant: number): boolean =>
    showing[contestant] === undefined && (contestants[contestant]?.orders.length ?? 0) > 0
  for (;;) {
    const open = [...contestants.keys()].filter(isOpen)
    const next = best(open.flatMap((contestant) => contestants[contestant] ?? []))
    if (next === undefined) break
    orders.push(next)
    for (const contestant of open)
      if (contestants[contestant]?.orders.includes(next) === true) showing[contestant] = next
  }
  return { orders, showing: showing.map((order) => order ?? orders[0]) }
}

/** Counted by place: where a run of millions of orders lost most of them, they are all candidates. */
const best = (contestants: readonly Witnesses[]): number | undefined => {
  const places = 1 + contestants.reduce((last, { orders }) => Math.max(last, orders.at(-1) ?? -1), -1)
  const times = new Uint8Array(places)
  const fulfilled = new Uint8Array(places)
  const laterMs = new Float64Array(places)
  for (const { orders, delayMs, isFulfilledUndisturbed } of contestants)
    for (const order of orders) {
      times[order] = (times[order] ?? 0) + 1
      fulfilled[order] = (fulfilled[order] ?? 0) + (isFulfilledUndisturbed(order) ? 1 : 0)
      laterMs[order] = (laterMs[order] ?? 0) + delayMs(order)
    }
  const isBetter = (one: number, other: number): boolean => {
    const more = (fulfilled[one] ?? 0) - (fulfilled[other] ?? 0)
    return more > 0 || (more === 0 && (laterMs[one] ?? 0) > (laterMs[other] ?? 0))
  }
  const most = times.reduce((before, now) => Math.max(before, now), 1)
  let found: number | undefined
  for (let order = 0; order < places; order += 1)
    if (times[order] === most && (found === undefined || isBetter(order, found))) found = order
  return found
}
