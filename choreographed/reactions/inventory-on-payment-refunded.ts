import { reaction } from '../reaction.ts'

/** The money went back: so do the goods. */
export const inventoryOnPaymentRefunded = reaction('PaymentRefunded', ({ data }) => ({
  type: 'ReleaseInventory',
  data: { order: data.order, reason: data.reason },
}))
