import * as inventory from '../../shared/services/inventory.ts'
import * as notification from '../../shared/services/notification.ts'
import * as order from '../../shared/services/order.ts'
import * as payment from '../../shared/services/payment.ts'
import * as shipping from '../../shared/services/shipping.ts'
import { field, listOf } from '../measure/messages.ts'
import type { ApiCall } from '../virtual-aws/observer.ts'

/** What a call made of an order's record, in a word or two; undefined when it wrote none, or was refused. */
export const stateWritten = ({ action, resource, input, error }: ApiCall): string | undefined => {
  if (error !== undefined) return undefined
  switch (action) {
    case 'PutItem':
      return stateOfRecord(resource, field(input, 'Item'))
    case 'TransactWriteItems': {
      const [put] = listOf(field(input, 'TransactItems')).flatMap((item) => field(item, 'Put') ?? [])
      return put === undefined ? undefined : stateOfRecord(resource, field(put, 'Item'))
    }
    case 'UpdateItem':
      return stateOfView(field(input, 'ExpressionAttributeValues'))
    default:
      return undefined
  }
}

/** By the words of the services themselves, from the facts that a record holds. */
const stateOfRecord = (table: string, record: unknown): string | undefined => {
  const facts = field(record, 'facts')
  if (!Array.isArray(facts)) return undefined
  return reads[table]?.(facts as never[])
}

const reads: Readonly<Record<string, (facts: readonly never[]) => string>> = {
  OrderTable: (facts) => facts.reduce(order.evolve, order.initialState),
  PaymentTable: (facts) => facts.reduce(payment.evolve, payment.initialState),
  ShippingTable: (facts) => facts.reduce(shipping.evolve, shipping.initialState),
  NotificationTable: (facts) => facts.reduce(notification.evolve, notification.initialState),
  InventoryTable: (facts) => {
    const { outcome } = facts.reduce(inventory.evolve, inventory.initialState)
    return outcome === 'unknown' ? 'stock held in part' : outcome
  },
}

const stateOfView = (values: unknown): string | undefined => {
  const stage = field(values, ':stage')
  if (typeof stage === 'string') return stage
  return field(values, ':dueAt') === undefined ? undefined : 'overdue'
}
