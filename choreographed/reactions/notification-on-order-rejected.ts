import { reaction } from '../reaction.ts'

/** An order came to nothing: its customer is told. */
export const notificationOnOrderRejected = reaction('OrderRejected', ({ type, data }) => ({
  type: 'NotifyCustomer',
  data: { order: data.order, outcome: type },
}))
