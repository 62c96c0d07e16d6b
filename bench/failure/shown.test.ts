import { describe, expect, it } from 'vitest'
import type { Witnesses } from './effect.ts'
import { shownOrders } from './shown.ts'

const witnesses = (
  orders: readonly number[],
  delays: Readonly<Record<number, number>> = {},
  rejected: readonly number[] = [],
): Witnesses => ({
  orders,
  delayMs: (order) => delays[order] ?? 0,
  isFulfilledUndisturbed: (order) => !rejected.includes(order),
})

describe('the orders that show what a fault did', () => {
  it('are one, where one shows it in all contestants', () => {
    expect(shownOrders([witnesses([1, 2]), witnesses([0, 2]), witnesses([2, 3])])).toEqual({
      orders: [2],
      showing: [2, 2, 2],
    })
  })

  it('are as few as can be, where none shows it in all', () => {
    expect(shownOrders([witnesses([1, 4]), witnesses([2, 5]), witnesses([5, 7])])).toEqual({
      orders: [5, 1],
      showing: [1, 5, 5],
    })
  })

  it('are those that ended later by the most, in all contestants that they show together', () => {
    const late = { 3: 10, 4: 60, 5: 40 }
    expect(shownOrders([witnesses([3, 4, 5], late), witnesses([3, 4, 5], { 5: 50 })]).orders).toEqual([5])
  })

  it('are rather those that are fulfilled undisturbed than those that ended later', () => {
    const late = { 3: 10, 4: 60, 5: 40 }
    expect(shownOrders([witnesses([3, 4, 5], late, [4])]).orders).toEqual([5])
    expect(shownOrders([witnesses([4], late, [4])]).orders).toEqual([4])
  })

  it('are the first of the workload, where all are alike', () => {
    expect(shownOrders([witnesses([6, 9])]).orders).toEqual([6])
  })

  it('show a contestant that nothing touched as well', () => {
    expect(shownOrders([witnesses([]), witnesses([8]), witnesses([])])).toEqual({
      orders: [8],
      showing: [8, 8, 8],
    })
  })

  it('are none where no contestant was touched', () => {
    expect(shownOrders([witnesses([]), witnesses([])])).toEqual({
      orders: [],
      showing: [undefined, undefined],
    })
  })
})
