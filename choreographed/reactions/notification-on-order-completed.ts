import { reaction } from '../reaction.ts'

/** An order is done: its customer is told. */
export const notificationOnOrderCompleted = reaction('OrderCompleted', ({ type, data }) => ({
  type: 'NotifyCustomer',
  data: { order: data.order, outcome: type },
}))
