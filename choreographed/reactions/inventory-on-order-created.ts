import { reaction } from '../reaction.ts'

/** An order exists: the warehouse sets aside what it asks for. */
export const inventoryOnOrderCreated = reaction('OrderCreated', ({ data }) => ({
  type: 'ReserveInventory',
  data,
}))
