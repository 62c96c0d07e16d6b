import { reaction } from '../reaction.ts'

/** The goods are not there: the order is rejected. */
export const orderOnInventoryRejected = reaction('InventoryRejected', ({ type, data }) => ({
  type: 'RejectOrder',
  data: { order: data.order, reason: type },
}))
