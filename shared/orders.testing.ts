import type { Desk, Request } from './idempotent.ts'
import type { CommandName } from './messages/names.ts'
import type { DataOf } from './messages/registry.ts'
import { type Order, type OrderSummary, summaryOf } from './order.ts'
import { type ProviderModel, ProviderUnavailable, type SimulatedWorld, simulateWorld } from './providers.ts'
import type { Clock } from './runtime.ts'
import type { FakeTable } from './tables.testing.ts'

/** For tests: an order of so many skus, `quantity` pieces of each at 10 a piece. */
export const orderOf = (orderId: string, skus = 1, quantity = 2): Order => ({
  orderId,
  customerId: 'c-1',
  country: 'GB',
  currency: 'GBP',
  amount: skus * quantity * 10,
  lines: Array.from({ length: skus }, (_, index) => ({ sku: `s${index}`, quantity, unitPrice: 10 })),
})

export const anOrder: Order = orderOf('o-1')
export const aSummary: OrderSummary = summaryOf(anOrder)

export const friendlyModel: ProviderModel = {
  seed: 1,
  cardsDeclined: 0,
  shipmentsRefused: 0,
  mailsBounced: 0,
  chargeAnswersLost: 0,
  outages: [],
}

/** A clock that stands at its start and moves on by whatever is slept. */
export const steppingClock = (startMs: number = Date.parse('2026-01-05T00:00:00.000Z')): Clock => {
  let nowMs = startMs
  return {
    nowMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms
    },
  }
}

export interface DeskFields {
  readonly table: FakeTable
  readonly clock?: Clock
  readonly world?: SimulatedWorld
}

export const deskOf = ({
  table,
  clock = steppingClock(),
  world = simulateWorld(friendlyModel),
}: DeskFields): Desk => ({
  dynamo: table.dynamo,
  name: 'table',
  clock,
  providers: world.providers(clock),
})

/** The same desk, on a day when nobody outside answers who is asked for anything but to undo. */
export const unanswered = (desk: Desk): Desk => {
  const { gateway, carrier } = desk.providers
  const silence = async (): Promise<never> => {
    throw new ProviderUnavailable('Nobody answers.')
  }
  return {
    ...desk,
    providers: {
      gateway: { ...gateway, charge: silence },
      carrier: { ...carrier, ship: silence },
      mailer: { send: silence },
    },
  }
}

/** A request as the first delivery of the message `cause` makes it. */
export const requestOf = <Name extends CommandName>(
  type: Name,
  data: DataOf<Name>,
  attempt = 1,
): Request<Name> =>
  ({ type, orderId: data.order.orderId, data, causeId: `cause of ${type}`, attempt }) as Request<Name>
