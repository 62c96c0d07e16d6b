import { reaction } from '../reaction.ts'

/** The goods are set aside: the customer can be charged. */
export const paymentOnInventoryReserved = reaction('InventoryReserved', ({ data }) => ({
  type: 'ProcessPayment',
  data,
}))
