import type { ServiceRecord } from '../../shared/records.ts'
import { inventoryStateOf } from '../../shared/services/inventory.ts'
import { notificationStateOf } from '../../shared/services/notification.ts'
import { orderStateOf } from '../../shared/services/order.ts'
import { paymentStateOf } from '../../shared/services/payment.ts'
import { shippingStateOf } from '../../shared/services/shipping.ts'
import { readOfRecords } from '../laws.ts'
import type { Deployment } from '../virtual-aws/deploy.ts'

/** The state of one record an order, each a place in a list of names: a hundred thousand of them stay small. */
export interface Recorded {
  readonly names: readonly string[]
  readonly states: Uint8Array
}

interface Book {
  /** As in the output that names its table. */
  readonly table: string
  readonly reads: Parameters<ReturnType<Deployment['table']>['item']>[1]
  readonly stateOf: (item: object) => string
}

const record = (table: string, stateOf: (record: ServiceRecord) => string): Book => ({
  table,
  reads: readOfRecords,
  stateOf: (item) => stateOf(item as ServiceRecord),
})

/** The order view is no service's record, but who asks where an order is asks it: what it says counts as well. */
const books: Readonly<Record<string, Book>> = {
  order: record('Order', orderStateOf),
  inventory: record('Inventory', (kept) => {
    const { outcome, held } = inventoryStateOf(kept)
    return held > 0 ? `${outcome}, holding` : outcome
  }),
  payment: record('Payment', paymentStateOf),
  shipping: record('Shipping', shippingStateOf),
  notification: record('Notification', notificationStateOf),
  view: {
    table: 'View',
    reads: { stage: 'all', overdueAt: 'all' },
    stateOf: (item) =>
      `${String(Reflect.get(item, 'stage'))}${Reflect.get(item, 'overdueAt') === undefined ? '' : ', overdue'}`,
  },
}

const none = 'no record'

/** What each service has on record of each order, where its contestant has a table for it. */
export const recordedBy = (
  deployment: Deployment,
  orders: readonly { readonly orderId: string }[],
): ReadonlyMap<string, Recorded> =>
  new Map(
    Object.entries(books).flatMap(([service, { table: name, reads, stateOf }]) => {
      const output = deployment.outputs[`${name}TableName`]
      if (output === undefined) return []
      const table = deployment.table(output)
      const places = new Map<string, number>()
      const states = Uint8Array.from(orders, ({ orderId }) => {
        const item = table.item(orderId, reads)
        const state = item === undefined ? none : stateOf(item)
        const place = places.get(state) ?? places.size
        places.set(state, place)
        return place
      })
      return [[service, { names: [...places.keys()], states }] as const]
    }),
  )

/** Numbers of parts, one after the other; of millions of them no plain list is made. */
export const inParts = <Numbers extends Float64Array | Uint32Array | Uint8Array>(
  parts: readonly Numbers[],
  make: (length: number) => Numbers,
): Numbers => {
  const whole = make(parts.reduce((sum, { length }) => sum + length, 0))
  let from = 0
  for (const part of parts) {
    whole.set(part, from)
    from += part.length
  }
  return whole
}

/** Of parts of the orders, one after the other. */
export const recordedInParts = (parts: readonly Recorded[]): Recorded => {
  const names = [...new Set(parts.flatMap((part) => part.names))]
  const states = parts.map((part) => {
    const places = part.names.map((name) => names.indexOf(name))
    return part.states.map((state) => places[state] ?? 0)
  })
  return { names, states: inParts(states, (length) => new Uint8Array(length)) }
}

/** Of how many orders two runs have different records. */
export const recordedOtherwise = (one: Recorded, other: Recorded): number => {
  const sameAs = one.names.map((name) => other.names.indexOf(name))
  let otherwise = 0
  for (const [index, state] of one.states.entries()) if (sameAs[state] !== other.states[index]) otherwise += 1
  return otherwise
}
