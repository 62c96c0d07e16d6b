import { reaction } from '../reaction.ts'

/** There is no money: the goods go back. */
export const inventoryOnPaymentDeclined = reaction('PaymentDeclined', ({ type, data }) => ({
  type: 'ReleaseInventory',
  data: { order: data.order, reason: type },
}))
