import { reaction } from '../reaction.ts'

/** The money is there: the goods can leave. */
export const shippingOnPaymentProcessed = reaction('PaymentProcessed', ({ data }) => ({
  type: 'ArrangeShipping',
  data,
}))
