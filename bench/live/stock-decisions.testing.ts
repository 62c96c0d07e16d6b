import { field, listOf } from '../measure/messages.ts'
import type { Observer } from '../virtual-aws/observer.ts'
import type { Workload } from '../workload/workload.ts'

/** So far apart that the warehouse has decided on one order before the next one comes. */
const apartMs = 5_000

/** Hears when the warehouse decided on each order: by the last transaction that it tried for it, kept or cancelled. */
export const stockDecisions = (): {
  readonly observer: Observer
  /** The same arrivals, one after the other in the order in which the warehouse decided on them. */
  readonly inTurn: (arrivals: Workload['arrivals']) => Workload['arrivals']
} => {
  const decidedMs = new Map<string, number>()
  return {
    observer: {
      call({ action, resource, input, endedMs }) {
        if (action !== 'TransactWriteItems' || resource !== 'InventoryTable') return
        for (const item of listOf(field(input, 'TransactItems'))) {
          const key = field(field(field(item, 'Put'), 'Item'), 'pk')
          if (typeof key === 'string') decidedMs.set(key, endedMs)
        }
      },
    },
    inTurn: (arrivals) =>
      arrivals
        .map((arrival) => {
          const atMs = decidedMs.get(arrival.orderId)
          if (atMs === undefined) throw new Error(`The warehouse never decided on ${arrival.orderId}.`)
          return { arrival, atMs }
        })
        .toSorted((a, b) => a.atMs - b.atMs)
        .map(({ arrival }, index) => ({ ...arrival, atMs: index * apartMs })),
  }
}
