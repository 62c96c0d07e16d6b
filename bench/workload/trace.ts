import { chance } from '../../shared/chance.ts'
import { sha256Hex } from '../../shared/sha256.ts'
import { BadInput } from './bad-input.ts'
import { executionName, pence, someText, time, wholeNumber } from './fields.ts'
import { type Row, readRows } from './rows.ts'
import { checkSpan } from './span.ts'
import type { Arrival, Workload } from './workload.ts'

export interface TraceOptions {
  /** The file's name, for messages and the report. */
  readonly source: string
  readonly seed: number
  /** How many times faster than in the trace the orders come. */
  readonly timeScale: number
  /** Take only so many orders, the earliest. */
  readonly count?: number
}

/** With more lines the payload of a state, at most 256 KiB, would not hold them with room to spare. */
export const linesMax = 2_500
export const unitsMax = 10_000_000
export const poundsMax = 10_000_000

/** Who orders without saying who; the trace leaves the column empty. */
const nobody = 'guest'

/**
 * Reads a trace of orders from the text of a CSV file. Rows of kind `order` are orders; other kinds are counted and
 * otherwise ignored. Times bear no offset and are taken as UTC. When all of them are whole minutes, each order is
 * put somewhere in its minute by a hash of the seed and its id, otherwise somewhere in its second. Throws BadInput.
 */
export const parseTrace = (text: string, { source, seed, timeScale, count }: TraceOptions): Workload => {
  if (!(timeScale > 0 && Number.isFinite(timeScale))) {
    throw new BadInput(`--time-scale: expected a number above 0, got ${timeScale}`)
  }
  if (count !== undefined && !(Number.isSafeInteger(count) && count > 0)) {
    throw new BadInput(`--count: expected a whole number of at least 1, got ${count}`)
  }
  const { orders, skipped } = sortOut(readRows(text, source))
  if (orders.length === 0) throw new BadInput(`${source}: expected at least one row of kind order, got none`)
  return {
    source,
    sha256: sha256Hex(text),
    currency: 'GBP',
    arrivals: arrivalsOf(orders, { seed, timeScale, count }),
    skipped,
  }
}

/** An order with the time that the trace gives it. */
type Placed = Omit<Arrival, 'atMs'> & { readonly timeMs: number }

const sortOut = (rows: readonly Row[]) => {
  const orders: Placed[] = []
  const skipped = new Map<string, number>()
  const lineOf = new Map<string, number>()
  for (const row of rows) {
    const kind = someText(row, 'kind')
    if (kind !== 'order') {
      skipped.set(kind, (skipped.get(kind) ?? 0) + 1)
      continue
    }
    const order = orderOf(row)
    const before = lineOf.get(order.orderId)
    if (before !== undefined) {
      throw new BadInput(
        `${row.file}, line ${row.line}, column order_id: expected an id that is used once, got "${order.orderId}" again after line ${before}`,
      )
    }
    lineOf.set(order.orderId, row.line)
    orders.push(order)
  }
  return { orders, skipped: Object.fromEntries(skipped) }
}

const orderOf = (row: Row): Placed => {
  const orderId = executionName(row, 'order_id')
  const timeMs = time(row, 'ts')
  const country = someText(row, 'country')
  const lines = wholeNumber(row, 'lines', 1, linesMax)
  return {
    orderId,
    timeMs,
    customerId: someText(row, 'customer_id', 'or none') || nobody,
    country,
    lines,
    units: wholeNumber(row, 'units', lines, unitsMax),
    amount: pence(row, 'amount_gbp', poundsMax),
  }
}

const arrivalsOf = (
  orders: readonly Placed[],
  { seed, timeScale, count }: { seed: number; timeScale: number; count: number | undefined },
): readonly Arrival[] => {
  const resolutionMs = orders.every(({ timeMs }) => timeMs % 60_000 === 0) ? 60_000 : 1_000
  // Array.sort is stable, so equal times keep their position. The first `count` are taken before the jitter, so
  // that every seed takes the same ones.
  const jittered = orders
    .toSorted((a, b) => a.timeMs - b.timeMs)
    .slice(0, count)
    .map((order) => ({
      ...order,
      timeMs: order.timeMs + Math.floor(chance(seed, 'workload', 'jitter', order.orderId) * resolutionMs),
    }))
    .sort((a, b) => a.timeMs - b.timeMs)
  const firstMs = jittered[0]?.timeMs ?? 0
  checkSpan(((jittered.at(-1)?.timeMs ?? 0) - firstMs) / timeScale, '--time-scale', timeScale)
  return jittered.map(({ timeMs, ...order }) => ({ ...order, atMs: (timeMs - firstMs) / timeScale }))
}
