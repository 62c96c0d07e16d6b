import { beforeEach, describe, expect, it } from 'vitest'
import { friendlyModel, steppingClock } from './orders.testing.ts'
import { type ProviderCall, type ProviderModel, ProviderUnavailable, simulateWorld } from './providers.ts'

const startMs = Date.parse('2026-01-05T00:00:00.000Z')
const keyed = { key: 'o-1', attempt: 1 }
const charge = { ...keyed, amount: 20, currency: 'GBP', customerId: 'c-1' }
const shipment = { ...keyed, country: 'GB', units: 2 }
const mail = { ...keyed, customerId: 'c-1', template: 'completed' as const }

const calls: ProviderCall[] = []
beforeEach(() => {
  calls.length = 0
})
const worldOf = (model: Partial<ProviderModel> = {}) => {
  const clock = steppingClock(startMs)
  const world = simulateWorld({ ...friendlyModel, ...model }, (call) => calls.push(call))
  return { clock, world, ...world.providers(clock) }
}

describe('a provider that refuses for a while', () => {
  const spell = { fromMs: startMs, untilMs: startMs + 60_000 }

  it('refuses what is new, and goes on refusing it when the while is over', async () => {
    const { clock, gateway, world } = worldOf({ refusing: [{ provider: 'gateway', ...spell }] })
    expect(await gateway.charge(charge)).toEqual({ charged: false })
    await clock.sleep(60_000)
    expect(await gateway.charge({ ...charge, attempt: 2 })).toEqual({ charged: false })
    expect(await gateway.charge({ ...charge, key: 'o-2' })).toEqual({ charged: true })
    expect(world.ledger.get('o-1')?.charges).toBe(0)
  })

  it('stands by what it did before', async () => {
    const later = { fromMs: startMs + 60_000, untilMs: startMs + 120_000 }
    const { clock, gateway, carrier } = worldOf({
      refusing: [
        { provider: 'gateway', ...later },
        { provider: 'carrier', ...later },
      ],
    })
    await gateway.charge(charge)
    const shipped = await carrier.ship(shipment)
    await clock.sleep(60_000)
    expect(await gateway.charge(charge)).toEqual({ charged: true })
    expect(await carrier.ship(shipment)).toEqual(shipped)
    expect(await carrier.ship({ ...shipment, key: 'o-2' })).toEqual({ refused: true })
  })

  it('bounces mails', async () => {
    const { mailer } = worldOf({ refusing: [{ provider: 'mailer', ...spell }] })
    expect(await mailer.send(mail)).toEqual({ delivered: false })
  })
})

describe('a provider that is slow for a while', () => {
  it('takes so much longer, and no other does', async () => {
    const spell = { fromMs: startMs, untilMs: startMs + 60_000 }
    const { carrier, mailer } = worldOf({ slow: [{ provider: 'carrier', extraMs: 5_000, ...spell }] })
    await carrier.ship(shipment)
    await mailer.send(mail)
    const usual = worldOf()
    await usual.carrier.ship(shipment)
    await usual.mailer.send(mail)
    const took = calls.map(({ startedMs, endedMs }) => endedMs - startedMs)
    expect((took[0] ?? 0) - (took[2] ?? 0)).toBeCloseTo(5_000, 3)
    expect(took[1]).toBeCloseTo(took[3] ?? 0, 3)
  })
})

describe('the gateway', () => {
  it('charges once however often it is asked, and says each time that it did', async () => {
    const { gateway, world } = worldOf()
    expect(await gateway.charge(charge)).toEqual({ charged: true })
    expect(await gateway.charge({ ...charge, attempt: 2 })).toEqual({ charged: true })
    expect(world.ledger.get('o-1')?.charges).toBe(1)
  })

  it('gives back what was charged, once, and refuses a charge that comes later', async () => {
    const { gateway, world } = worldOf()
    await gateway.charge(charge)
    expect(await gateway.refund(keyed)).toEqual({ refunded: true })
    expect(await gateway.refund(keyed)).toEqual({ refunded: true })
    expect(await gateway.charge(charge)).toEqual({ charged: false })
    expect(world.ledger.get('o-1')).toMatchObject({ charges: 1, refunds: 1, paymentVoid: true })
  })

  it('refuses a charge that comes after a refund of nothing', async () => {
    const { gateway, world } = worldOf()
    expect(await gateway.refund(keyed)).toEqual({ refunded: false })
    expect(await gateway.charge(charge)).toEqual({ charged: false })
    expect(world.ledger.get('o-1')).toMatchObject({ charges: 0, refunds: 0 })
  })

  it('declines the cards that are fated to be declined, at every attempt', async () => {
    const { gateway, world } = worldOf({ cardsDeclined: 1 })
    expect(await gateway.charge(charge)).toEqual({ charged: false })
    expect(await gateway.charge({ ...charge, attempt: 2 })).toEqual({ charged: false })
    expect(world.ledger.get('o-1')?.charges).toBe(0)
  })

  it('may lose the answer to a charge that took effect; the repeat hears of it', async () => {
    const { gateway, world } = worldOf({ chargeAnswersLost: 1 })
    await expect(gateway.charge(charge)).rejects.toThrow(ProviderUnavailable)
    expect(world.ledger.get('o-1')?.charges).toBe(1)
    expect(await gateway.charge(charge)).toEqual({ charged: true })
    expect(calls.map(({ end }) => end)).toEqual(['answer lost', 'answered'])
  })
})

describe('the carrier', () => {
  it('ships once, and does not take back what has left', async () => {
    const { carrier, world } = worldOf()
    const { trackingId } = (await carrier.ship(shipment)) as { trackingId: string }
    expect(await carrier.ship(shipment)).toEqual({ trackingId })
    expect(await carrier.cancel(keyed)).toEqual({ cancelled: false, trackingId })
    expect(world.ledger.get('o-1')).toMatchObject({ shipments: 1, shipmentVoid: false })
  })

  it('refuses a shipment that comes after its cancellation', async () => {
    const { carrier, world } = worldOf()
    expect(await carrier.cancel(keyed)).toEqual({ cancelled: true })
    expect(await carrier.ship(shipment)).toEqual({ refused: true })
    expect(world.ledger.get('o-1')).toMatchObject({ shipments: 0, shipmentVoid: true })
  })

  it('refuses the shipments that are fated to be refused', async () => {
    const { carrier } = worldOf({ shipmentsRefused: 1 })
    expect(await carrier.ship(shipment)).toEqual({ refused: true })
  })
})

describe('the mailer', () => {
  it('delivers, or bounces what is fated to bounce', async () => {
    expect(await worldOf().mailer.send(mail)).toEqual({ delivered: true })
    expect(await worldOf({ mailsBounced: 1 }).mailer.send(mail)).toEqual({ delivered: false })
  })
})

describe('a provider', () => {
  const outages = [{ provider: 'carrier' as const, fromMs: startMs + 1_000, untilMs: startMs + 2_000 }]

  it.each([
    { name: 'just before', afterMs: 999, isOut: false },
    { name: 'at the start of', afterMs: 1_000, isOut: true },
    { name: 'at the last moment of', afterMs: 1_999, isOut: true },
    { name: 'at the end of', afterMs: 2_000, isOut: false },
  ])('asked $name its outage is out: $isOut', async ({ afterMs, isOut }) => {
    const { carrier, clock, world } = worldOf({ outages })
    await clock.sleep(afterMs)
    const asked = carrier.ship(shipment)
    if (isOut) {
      await expect(asked).rejects.toThrow('The carrier did not answer ship of "o-1".')
      expect(clock.nowMs()).toBe(startMs + afterMs + 1_000)
      expect(world.ledger.size).toBe(0)
    } else {
      expect(await asked).toHaveProperty('trackingId')
    }
  })

  it('lets the others work during its outage', async () => {
    const { gateway, clock } = worldOf({ outages })
    await clock.sleep(1_500)
    expect(await gateway.charge(charge)).toEqual({ charged: true })
  })

  it('takes the same time for the same order and attempt, another for another', async () => {
    const { gateway } = worldOf()
    for (const attempt of [1, 1, 2]) await gateway.charge({ ...charge, attempt })
    const [first, same, other] = calls.map(({ startedMs, endedMs }) => endedMs - startedMs)
    expect(same).toBeCloseTo(first ?? 0)
    expect(other).not.toBeCloseTo(first ?? 0)
  })

  it('has its effect at the middle of its service time', async () => {
    const clock = steppingClock(startMs)
    const world = simulateWorld(friendlyModel)
    const sleeps: { readonly ms: number; readonly charges: number }[] = []
    const watched = {
      ...clock,
      sleep: async (ms: number) => {
        sleeps.push({ ms, charges: world.ledger.get('o-1')?.charges ?? 0 })
      },
    }
    await world.providers(watched).gateway.charge(charge)
    const [before, after] = sleeps
    expect(before?.ms).toBe(after?.ms)
    expect(sleeps.map(({ charges }) => charges)).toEqual([0, 1])
  })
})
