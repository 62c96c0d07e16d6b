import type { RecoveryResult } from '../results.ts'
import type { Footprint } from './footprint.ts'

/** The orders that faults touched, by their places in the workload, and when the last of the faults was over. */
interface Touched {
  readonly orders: readonly number[]
  readonly faultsEndMs: number
}

/**
 * How a run came to itself after its faults, with nobody acting: of the orders that the faults touched, those that had
 * come by the end of the last fault and had not ended; from that moment until the last of them had ended. Undefined
 * where no order was touched: there is nothing to recover from. Orders that came later count for nothing, even where
 * they wait behind the others. One that ended in nobody's hearing never ended.
 */
export const unaidedOf = (
  { intendedMs, completionMs }: Pick<Footprint, 'intendedMs' | 'completionMs'>,
  { orders, faultsEndMs }: Touched,
): RecoveryResult['unaided'] => {
  if (orders.length === 0) return undefined
  const endMsOf = (order: number): number =>
    (intendedMs[order] ?? Number.NaN) + (completionMs[order] ?? Number.NaN)
  const open = orders.filter(
    (order) => (intendedMs[order] ?? Number.NaN) < faultsEndMs && !(endMsOf(order) <= faultsEndMs),
  )
  const endsMs = open.map(endMsOf).filter((endMs) => !Number.isNaN(endMs))
  return {
    open: open.length,
    ended: endsMs.length,
    ...(endsMs.length === 0 ? {} : { recoveredMs: Math.max(...endsMs) - faultsEndMs }),
  }
}

/**
 * When the last of the faults that have a time is over, in ms after the first order. Undefined where none has a
 * duration, or where one goes on until somebody puts it right; another definition takes over as it comes.
 */
export const faultsEnd = (faults: readonly object[]): number | undefined => {
  const times = faults.map((fault) => fault as Readonly<Record<'kind' | 'fromMs' | 'forMs', unknown>>)
  if (!times.some(({ forMs }) => typeof forMs === 'number')) return undefined
  const ends = times.flatMap(({ kind, fromMs, forMs }) => {
    if (typeof fromMs !== 'number') return []
    if (typeof forMs === 'number') return [fromMs + forMs]
    return [kind === 'definition-update' ? fromMs : Number.POSITIVE_INFINITY]
  })
  const end = Math.max(...ends)
  return Number.isFinite(end) ? end : undefined
}
