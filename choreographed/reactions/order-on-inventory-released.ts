import { reaction } from '../reaction.ts'

/** The goods went back: the order is rejected, for the reason that began it. */
export const orderOnInventoryReleased = reaction('InventoryReleased', ({ data }) => ({
  type: 'RejectOrder',
  data: { order: data.order, reason: data.reason },
}))
