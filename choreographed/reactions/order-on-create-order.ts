import { reaction } from '../reaction.ts'

/** The front door: the command lies in the order service's own queue, sent by whoever takes orders. */
export const orderOnCreateOrder = reaction('CreateOrder', ({ data }) => ({ type: 'CreateOrder', data }))
