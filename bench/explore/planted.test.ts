import { describe, expect, it } from 'vitest'
import { contestants } from '../contestants.ts'
import { laws } from '../laws.ts'
import { type Arena, findingsOf, firstFound } from './findings.ts'
import {
  arenaOf,
  impatientQueue,
  keyOfTheAttempt,
  listening,
  refundingBeforeCancelling,
  releasingBeforeRefunding,
  releasingOnShippingFailed,
  silentOnRedelivery,
  soundTemplates,
  undoingTooLate,
} from './planted.testing.ts'
import { shrink } from './shrink.ts'

describe('a planted bug is found within 1,000 runs, and shrunk to what it takes', () => {
  const planted: readonly { name: string; arena: Arena; law: string; faults: number; orders?: number }[] = [
    {
      name: 'idempotency: a repeated charge has another key (orchestrated)',
      arena: arenaOf('orchestrated', { code: keyOfTheAttempt }),
      law: laws.onlyWhatWasOrdered,
      faults: 1,
    },
    {
      name: 'idempotency: a repeated charge has another key (choreographed)',
      arena: arenaOf('choreographed', { code: keyOfTheAttempt }),
      law: laws.onlyWhatWasOrdered,
      faults: 1,
    },
    {
      name: 're-publication: on redelivery nobody is told again (choreographed)',
      arena: arenaOf('choreographed', { code: silentOnRedelivery }),
      law: laws.ends,
      faults: 1,
    },
    {
      name: 're-publication: on redelivery nobody is told again (orchestrated)',
      arena: arenaOf('orchestrated', { code: silentOnRedelivery }),
      law: laws.ends,
      faults: 1,
    },
    {
      name: 'compensation order: the reservation is undone and the payment left (orchestrated)',
      arena: arenaOf('orchestrated', { template: undoingTooLate }),
      law: laws.paidMeansFulfilled,
      faults: 0,
    },
    ...['orchestrated', 'orchestrated-direct'].flatMap((id) => [
      {
        name: `compensation order: the goods go back before the money (${id})`,
        arena: arenaOf(id, { template: releasingBeforeRefunding }),
        law: laws.inTurn,
        faults: 0,
      },
      {
        name: `compensation order: the money goes back before the shipment is cancelled (${id})`,
        arena: arenaOf(id, { template: refundingBeforeCancelling }),
        law: laws.inTurn,
        faults: 1,
      },
    ]),
    {
      name: 'compensation order: the goods go back on hearing that nothing ships (choreographed)',
      arena: arenaOf('choreographed', {
        code: releasingOnShippingFailed,
        template: listening('InventoryOnPaymentRefundedRule', 'shipping-service', 'ShippingFailed'),
      }),
      law: laws.inTurn,
      faults: 0,
      // Which of two events comes first is chance: with an order left out it is drawn anew.
      orders: 3,
    },
    {
      name: 'DLQ wiring: a queue gives its messages up after three receives (choreographed)',
      arena: arenaOf('choreographed', { template: impatientQueue('PaymentOnInventoryReservedQueue', 3) }),
      law: laws.ends,
      faults: 1,
    },
  ]
  it.each(planted)(
    '$name',
    async ({ arena, law, faults, orders = 2 }) => {
      const found = await firstFound({ seed: 1, faultsMax: 3, from: 0, upTo: 1_000 }, arena)
      if (found === undefined) throw new Error('Nothing was found.')
      const shrunk = await shrink(found, arena)
      expect(shrunk.finding.law).toBe(law)
      expect(shrunk.schedule.faults.length).toBeLessThanOrEqual(faults)
      // An invocation has one fate: a batch of two may be what it takes.
      expect(shrunk.schedule.orders.length).toBeLessThanOrEqual(orders)
      // What was planted broke it, not the design.
      const sound = { ...arena, contestants, templates: soundTemplates }
      expect(await findingsOf(shrunk.schedule, sound)).toEqual([])
    },
    120_000,
  )
})
