import { reaction } from '../reaction.ts'

/** The goods are on their way: the order is done. */
export const orderOnOrderShipped = reaction('OrderShipped', ({ data }) => ({
  type: 'CompleteOrder',
  data: { order: data.order },
}))
