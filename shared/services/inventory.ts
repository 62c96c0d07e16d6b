import { type Circumstances, type Desk, type Fact, obeying, type Request, stateOf } from '../idempotent.ts'
import { type Order, type OrderSummary, summaryOf } from '../order.ts'
import { patienceExhausted } from '../patience.ts'
import type { ServiceRecord, TransactItem } from '../records.ts'
import { unreachable } from '../unreachable.ts'

/* Events */

/**
 * A reservation of many skus is taken and given back in chunks, one transaction each. The chunks are notes between the
 * service and its record; others hear only of the whole.
 *
 *     ReserveInventory   StockHeld(99) → StockHeld(198) → StockHeld(230) + InventoryReserved
 *     shortage, fence    StockHeld(99) → StockReleased(0) + InventoryRejected
 *     ReleaseInventory   … InventoryReserved → StockReleased(198) → StockReleased(99) → StockReleased(0) + InventoryReleased
 */
export type InventoryFact =
  | Fact<'InventoryReserved' | 'InventoryRejected' | 'InventoryReleased'>
  | {
      readonly type: 'StockHeld'
      readonly data: { readonly lines: readonly StockLine[]; readonly held: number }
    }
  | { readonly type: 'StockReleased'; readonly data: { readonly held: number; readonly ending: Ending } }

/** So many pieces of a sku, all lines of the order together. */
export interface StockLine {
  readonly sku: string
  readonly quantity: number
}

/** Why the held chunks go back: there was too little, the reservation was fenced off, or it was undone. */
export type Ending = 'out-of-stock' | 'voided' | 'released'

/* State */

export interface InventoryState {
  readonly outcome: 'unknown' | 'reserved' | 'rejected' | 'released'
  /** Merged by sku, in the order of the sku; empty while nothing is held. */
  readonly lines: readonly StockLine[]
  /** The first so many lines are held. */
  readonly held: number
  /** Once set, chunks only go back. */
  readonly ending: Ending | undefined
}
export const initialState: InventoryState = { outcome: 'unknown', lines: [], held: 0, ending: undefined }

/* evolve */

export const evolve = (state: InventoryState, fact: InventoryFact): InventoryState => {
  switch (fact.type) {
    case 'StockHeld':
      return { ...state, lines: fact.data.lines, held: fact.data.held }
    case 'StockReleased':
      return { ...state, held: fact.data.held, ending: fact.data.ending }
    case 'InventoryReserved':
      return { ...state, outcome: 'reserved' }
    case 'InventoryRejected':
      return { ...state, outcome: 'rejected' }
    case 'InventoryReleased':
      return { ...state, outcome: 'released' }
    default:
      return unreachable(fact)
  }
}

/* Commands */

export type InventoryStep = 'ReserveInventory' | 'ReleaseInventory'
export type InventoryCommand =
  | {
      readonly type: 'ReserveInventory'
      readonly data: {
        readonly order: Order
        /** The stock would not give what the last chunk asked for. */
        readonly isShort: boolean
      }
    }
  | {
      readonly type: 'ReleaseInventory'
      readonly data: { readonly order: OrderSummary; readonly reason: string }
    }

/* decide */

/** A transaction holds at most 100 items; one of them is the reservation record. */
export const chunkLinesMax = 99

/** Decides the next write: one chunk, or the whole when it is small. Asked again until the command is answered. */
export const decide = (command: InventoryCommand, state: InventoryState): readonly InventoryFact[] => {
  switch (command.type) {
    case 'ReserveInventory': {
      const { order, isShort } = command.data
      if (state.outcome !== 'unknown') return []
      if (state.ending !== undefined) return release(summaryOf(order), state, state.ending)
      return isShort ? release(summaryOf(order), state, 'out-of-stock') : hold(order, state)
    }
    case 'ReleaseInventory': {
      const { order, reason } = command.data
      if (state.outcome === 'rejected' || state.outcome === 'released') return []
      if (state.outcome === 'reserved') return release(order, state, 'released', reason)
      // A fence: recorded before or amid the reservation, it is what ReserveInventory will be answered with.
      return release(order, state, state.ending ?? 'voided')
    }
    default:
      return unreachable(command)
  }
}

const hold = (order: Order, state: InventoryState): readonly InventoryFact[] => {
  const lines = state.held === 0 ? mergedBySku(order) : state.lines
  const held = Math.min(lines.length, state.held + chunkLinesMax)
  const chunk: InventoryFact = { type: 'StockHeld', data: { lines, held } }
  const isWhole = held === lines.length
  return isWhole ? [chunk, { type: 'InventoryReserved', data: { order: summaryOf(order) } }] : [chunk]
}

const release = (
  order: OrderSummary,
  state: InventoryState,
  ending: Ending,
  reason = '',
): readonly InventoryFact[] => {
  // The last chunk may be shorter than the others, so that all chunks begin where they began when they were held.
  const held = state.held === 0 ? 0 : Math.floor((state.held - 1) / chunkLinesMax) * chunkLinesMax
  const chunk: readonly InventoryFact[] =
    state.held === 0 ? [] : [{ type: 'StockReleased', data: { held, ending } }]
  if (held > 0) return chunk
  return ending === 'released'
    ? [...chunk, { type: 'InventoryReleased', data: { order, reason } }]
    : [...chunk, { type: 'InventoryRejected', data: { order, reason: ending } }]
}

/** A transaction may name an item only once. The order of the skus makes concurrent orders meet in the same order. */
export const mergedBySku = ({ lines }: Pick<Order, 'lines'>): readonly StockLine[] => {
  const quantities = new Map<string, number>()
  for (const { sku, quantity } of lines) quantities.set(sku, (quantities.get(sku) ?? 0) + quantity)
  return [...quantities]
    .map(([sku, quantity]) => ({ sku, quantity }))
    .sort((a, b) => (a.sku < b.sku ? -1 : a.sku > b.sku ? 1 : 0))
}

/* The stock */

/** A stock item: `{ pk: stockKey(sku), available }`, in the table of the reservation records. */
export const stockKey = (sku: string): string => `sku#${sku}`

const prepare = (
  request: Request<InventoryStep>,
  _state: InventoryState,
  _desk: Desk,
  { refused, givingUp }: Circumstances,
): InventoryCommand => {
  if (request.type === 'ReleaseInventory') return request
  const { order } = request.data
  return givingUp
    ? { type: 'ReleaseInventory', data: { order: summaryOf(order), reason: patienceExhausted } }
    : { type: 'ReserveInventory', data: { order, isShort: refused } }
}

/** The lines that a save takes from the stock or gives back, in one transaction with the record. */
const beside = (before: InventoryState, after: InventoryState, { name }: Desk): readonly TransactItem[] =>
  after.held >= before.held
    ? after.lines.slice(before.held, after.held).map((line) => ({ Update: take(name, line) }))
    : before.lines.slice(after.held, before.held).map((line) => ({ Update: giveBack(name, line) }))

const take = (TableName: string, { sku, quantity }: StockLine): NonNullable<TransactItem['Update']> => ({
  TableName,
  Key: { pk: stockKey(sku) },
  UpdateExpression: 'SET available = available - :quantity',
  ConditionExpression: 'available >= :quantity',
  ExpressionAttributeValues: { ':quantity': quantity },
})

const giveBack = (TableName: string, { sku, quantity }: StockLine): NonNullable<TransactItem['Update']> => ({
  TableName,
  Key: { pk: stockKey(sku) },
  UpdateExpression: 'SET available = available + :quantity',
  ExpressionAttributeValues: { ':quantity': quantity },
})

/** What the record keeps of a reservation; nothing when it holds nothing. */
interface Holding {
  readonly lines: readonly StockLine[]
  readonly held: number
  readonly ending?: Ending
}

const keep = ({ lines, held, ending }: InventoryState): Holding | undefined =>
  held === 0 ? undefined : { lines, held, ...(ending === undefined ? {} : { ending }) }

const recall = (holding: unknown): InventoryState => {
  const { lines, held, ending } = holding as Holding
  return { outcome: 'unknown', lines, held, ending }
}

const service = { initial: initialState, evolve, decide, prepare, beside, keep, recall }

export const inventory = obeying<InventoryStep, InventoryCommand, InventoryState, InventoryFact>(service)

/** What the inventory service has on record of an order. */
export const inventoryStateOf = (record: ServiceRecord): InventoryState => stateOf(service, record)

/** The pieces that an order holds now, by sku. */
export const heldBy = (record: ServiceRecord): readonly StockLine[] => {
  const { lines, held } = inventoryStateOf(record)
  return lines.slice(0, held)
}
