import { orderIn, publishedIn } from '../measure/messages.ts'
import type { Observer } from '../virtual-aws/observer.ts'

/** How a run came to itself after its faults, with nobody acting. */
export interface Unaided {
  /** Orders that had come and had not ended when the last fault was over. */
  readonly open: number
  /** Those of them that ended after all. */
  readonly ended: number
  /** From the end of the last fault until the last of those had ended; absent where none did. */
  readonly recoveredMs?: number
}

export interface UnaidedFold {
  readonly observer: Observer
  submitted(orderId: string, atMs: number): void
  finish(): Unaided
}

/**
 * Time to recover: from the end of the last fault until the last end of an order that was late by it, with nobody
 * acting. The last fault ends when the latest of the windows (`fromMs` + `forMs`) does. Late are the orders that were
 * submitted before that moment and had not ended by it; an order ends when the bus has taken its first OrderCompleted or
 * OrderRejected, and one that the front door refused never does. Orders that came later count for nothing, even where they wait behind the late ones. A system without
 * a backlog thus recovers within the completion time of one order, and one in which `ended` stays below `open` has not
 * recovered without help.
 */
export const createUnaided = (faultsEndMs: number): UnaidedFold => {
  const open = new Set<string>()
  let ended = 0
  let lastEndMs = faultsEndMs
  return {
    observer: {
      call(call) {
        if (call.service !== 'events' || open.size === 0) return
        for (const { type, detail } of publishedIn(call)) {
          if (type !== 'OrderCompleted' && type !== 'OrderRejected') continue
          const isFirst = open.delete(orderIn(detail) ?? '')
          if (!isFirst || call.endedMs <= faultsEndMs) continue
          ended += 1
          lastEndMs = Math.max(lastEndMs, call.endedMs)
        }
      },
    },
    submitted(orderId, atMs) {
      if (atMs < faultsEndMs) open.add(orderId)
    },
    finish: () => ({
      open: open.size + ended,
      ended,
      ...(ended === 0 ? {} : { recoveredMs: lastEndMs - faultsEndMs }),
    }),
  }
}

/**
 * When the last of the faults that have a time is over, in ms after the first order: another definition takes over as
 * it comes. Undefined where none has a time, or where one goes on until somebody puts it right.
 */
export const faultsEnd = (faults: readonly object[]): number | undefined => {
  const ends = faults.flatMap((fault) => {
    const { kind, fromMs, forMs } = fault as {
      readonly kind?: unknown
      readonly fromMs?: unknown
      readonly forMs?: unknown
    }
    if (typeof fromMs !== 'number') return []
    if (typeof forMs === 'number') return [fromMs + forMs]
    return [kind === 'definition-update' ? fromMs : Number.POSITIVE_INFINITY]
  })
  const end = Math.max(...ends)
  return Number.isFinite(end) ? end : undefined
}
