import { reaction } from '../reaction.ts'

/** The goods will not leave: the money goes back. */
export const paymentOnShippingFailed = reaction('ShippingFailed', ({ type, data }) => ({
  type: 'RefundPayment',
  data: { order: data.order, reason: type },
}))
