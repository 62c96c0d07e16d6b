import { describe, expect, it } from 'vitest'
import { faultsEnd, unaidedOf } from './unaided.ts'

/** Orders by when they came and when they ended, around a fault that ends at 1,000. */
const unaided = (orders: readonly (readonly [number, number | undefined])[], touched?: readonly number[]) =>
  unaidedOf(
    {
      intendedMs: Float64Array.from(orders, ([fromMs]) => fromMs),
      completionMs: Float64Array.from(orders, ([fromMs, endMs]) => (endMs ?? Number.NaN) - fromMs),
    },
    { orders: touched ?? [...orders.keys()], faultsEndMs: 1_000 },
  )

describe('the time to recover', () => {
  it.each([
    { name: 'counts no order that ended by the end of the fault', orders: [[0, 1_000]], open: 0, ended: 0 },
    {
      name: 'runs until the last order that was open then has ended',
      orders: [
        [0, 1_001],
        [500, 1_700],
        [600, 900],
      ],
      open: 2,
      ended: 2,
      recoveredMs: 700,
    },
    {
      name: 'counts no order that came when the fault was over',
      orders: [[1_000, 9_000]],
      open: 0,
      ended: 0,
    },
    { name: 'counts an order that never ended as open', orders: [[999, undefined]], open: 1, ended: 0 },
    {
      name: 'is of those that ended where others never do',
      orders: [
        [0, 1_200],
        [0, undefined],
      ],
      open: 2,
      ended: 1,
      recoveredMs: 200,
    },
  ] as const)('$name', ({ name: _, orders, ...found }) => {
    expect(unaided(orders)).toEqual(found)
  })

  it('is of the orders that were touched, and of no others', () => {
    const orders = [
      [0, 1_200],
      [0, 5_000],
      [0, undefined],
    ] as const
    expect(unaided(orders, [0])).toEqual({ open: 1, ended: 1, recoveredMs: 200 })
  })

  it('is none where no order was touched', () => {
    expect(unaided([[0, 5_000]], [])).toBeUndefined()
  })
})

describe('the end of the faults', () => {
  it.each([
    { name: 'of none is nowhere', faults: [], end: undefined },
    { name: 'of one without a window is nowhere', faults: [{ probability: 0.1 }], end: undefined },
    {
      name: 'is the end of the last window',
      faults: [
        { fromMs: 5, forMs: 9 },
        { fromMs: 7, forMs: 1 },
      ],
      end: 14,
    },
    {
      name: 'of another definition alone is nowhere: it has no duration',
      faults: [{ kind: 'definition-update', fromMs: 7 }],
      end: undefined,
    },
    {
      name: 'is not before another definition came',
      faults: [
        { fromMs: 5, forMs: 1 },
        { kind: 'definition-update', fromMs: 7 },
      ],
      end: 7,
    },
    {
      name: 'is nowhere where one goes on until somebody puts it right',
      faults: [
        { fromMs: 5, forMs: 1 },
        { kind: 'wrong-pattern', fromMs: 7 },
      ],
      end: undefined,
    },
  ])('$name', ({ faults, end }) => {
    expect(faultsEnd(faults)).toBe(end)
  })
})
