import { chance, lognormal } from './chance.ts'
import type { Clock } from './clock.ts'

/** The outside world. Every request bears an idempotency key: a repeat gets the first answer. */
export interface Providers {
  readonly gateway: {
    charge(request: ChargeRequest): Promise<{ readonly charged: boolean }>
    /** A fence: gives back what was charged under the key, and refuses a charge that comes later. */
    refund(request: KeyedRequest): Promise<{ readonly refunded: boolean }>
  }
  readonly carrier: {
    ship(request: ShipRequest): Promise<{ readonly trackingId: string } | { readonly refused: true }>
    /** A fence: refuses a shipment that comes later. `cancelled: false` when it has left already. */
    cancel(request: KeyedRequest): Promise<{ readonly cancelled: boolean; readonly trackingId?: string }>
  }
  readonly mailer: {
    send(request: MailRequest): Promise<{ readonly delivered: boolean }>
  }
}

export interface KeyedRequest {
  /** Idempotency key: the order's id. */
  readonly key: string
  /** 1 on the first delivery; only service times and technical failures depend on it. */
  readonly attempt: number
}
export interface ChargeRequest extends KeyedRequest {
  readonly amount: number
  readonly currency: string
  readonly customerId: string
}
export interface ShipRequest extends KeyedRequest {
  readonly country: string
  readonly units: number
}
export interface MailRequest extends KeyedRequest {
  readonly customerId: string
  readonly template: 'completed' | 'rejected'
}

export type ProviderName = keyof Providers

/** A provider that did not answer: nothing is known of the effect; ask again with the same key. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable'
}

/** How the simulated world behaves. Rates are per order, hashed from (seed, provider, order id). */
export interface ProviderModel {
  readonly seed: number
  readonly cardsDeclined: number
  readonly shipmentsRefused: number
  readonly mailsBounced: number
  readonly chargeAnswersLost: number
  readonly outages: readonly ProviderSpell[]
  /** Every answer takes so much longer. */
  readonly slow?: readonly (ProviderSpell & { readonly extraMs: number })[]
  /** Every request that is new is refused: cards are declined, shipments refused, mails bounce. */
  readonly refusing?: readonly ProviderSpell[]
}

/** Times in ms since the Unix epoch. */
export interface ProviderSpell {
  readonly provider: ProviderName
  readonly fromMs: number
  readonly untilMs: number
}

export interface ProviderCall {
  readonly provider: ProviderName
  readonly operation: string
  readonly key: string
  readonly startedMs: number
  readonly endedMs: number
  readonly end: 'answered' | 'unavailable' | 'answer lost'
}

/** What the gateway and the carrier remember of an order; the laws read it. */
export interface LedgerEntry {
  charges: number
  /** Minor units of all charges together, refunded or not. */
  charged: number
  refunds: number
  shipments: number
  paymentVoid: boolean
  shipmentVoid: boolean
}

export interface SimulatedWorld {
  readonly providers: (clock: Clock) => Providers
  readonly ledger: ReadonlyMap<string, Readonly<LedgerEntry>>
}

/** Median and 99th percentile in ms of an answer. Assumptions, not measurements: orders of magnitude of the trade. */
export const serviceTimes = {
  gateway: { p50: 300, p99: 1_200 },
  carrier: { p50: 200, p99: 800 },
  mailer: { p50: 50, p99: 200 },
} as const satisfies Readonly<Record<ProviderName, { readonly p50: number; readonly p99: number }>>

/** How long a caller waits before it knows that a provider is out. */
export const unavailableAfterMs = 1_000

/**
 * Builds the outside world; every environment shares its ledger, each brings its own clock. A provider is the arbiter
 * of its own effects: they take place one after the other, each at the middle of its call.
 */
export const simulateWorld = (
  model: ProviderModel,
  observe?: (call: ProviderCall) => void,
): SimulatedWorld => {
  const ledger = new Map<string, LedgerEntry>()
  const entryOf = (key: string): LedgerEntry => {
    const known = ledger.get(key)
    if (known !== undefined) return known
    const fresh = {
      charges: 0,
      charged: 0,
      refunds: 0,
      shipments: 0,
      paymentVoid: false,
      shipmentVoid: false,
    }
    ledger.set(key, fresh)
    return fresh
  }
  const refusedFor = new Set<string>()
  /** What was refused under a key stays refused, after the spell too. */
  const refuses = (provider: ProviderName, key: string, nowMs: number): boolean => {
    if (model.refusing === undefined) return false
    const request = `${provider} ${key}`
    if (isWithin(model.refusing, provider, nowMs)) refusedFor.add(request)
    return refusedFor.has(request)
  }
  return {
    ledger,
    providers: (clock) => {
      const call = callsOf(model, clock, observe)
      return {
        gateway: {
          charge: (request) =>
            call('gateway', 'charge', request, () => {
              const entry = entryOf(request.key)
              const isNew = entry.charges === 0 && !entry.paymentVoid
              return isNew && refuses('gateway', request.key, clock.nowMs())
                ? { charged: false }
                : charge(entry, request, model)
            }),
          refund: (request) => call('gateway', 'refund', request, () => refund(entryOf(request.key))),
        },
        carrier: {
          ship: (request) =>
            call('carrier', 'ship', request, () => {
              const entry = entryOf(request.key)
              return entry.shipments === 0 && refuses('carrier', request.key, clock.nowMs())
                ? { refused: true as const }
                : ship(entry, request.key, model)
            }),
          cancel: (request) =>
            call('carrier', 'cancel', request, () => cancel(entryOf(request.key), request.key)),
        },
        mailer: {
          send: (request) =>
            call('mailer', 'send', request, () => ({
              delivered: !(
                refuses('mailer', request.key, clock.nowMs()) ||
                befalls(model, model.mailsBounced, 'mailer', 'mail bounced', request.key)
              ),
            })),
        },
      }
    },
  }
}

const answerLost = Symbol('answer lost')

const charge = (entry: LedgerEntry, { key, amount }: ChargeRequest, model: ProviderModel) => {
  if (entry.paymentVoid) return { charged: false }
  if (entry.charges > 0) return { charged: true }
  if (befalls(model, model.cardsDeclined, 'gateway', 'card declined', key)) return { charged: false }
  entry.charges += 1
  entry.charged += amount
  // Lost when the charge takes effect, so only once: a repeat finds the charge made, and hears of it.
  return befalls(model, model.chargeAnswersLost, 'gateway', 'answer lost', key)
    ? answerLost
    : { charged: true }
}

const refund = (entry: LedgerEntry) => {
  entry.paymentVoid = true
  entry.refunds = entry.charges
  return { refunded: entry.refunds > 0 }
}

const ship = (entry: LedgerEntry, key: string, model: ProviderModel) => {
  if (entry.shipments > 0) return { trackingId: trackingIdOf(key) }
  const isRefused = befalls(model, model.shipmentsRefused, 'carrier', 'shipment refused', key)
  if (entry.shipmentVoid || isRefused) return { refused: true as const }
  entry.shipments += 1
  return { trackingId: trackingIdOf(key) }
}

const cancel = (entry: LedgerEntry, key: string) => {
  if (entry.shipments > 0) return { cancelled: false, trackingId: trackingIdOf(key) }
  entry.shipmentVoid = true
  return { cancelled: true }
}

const trackingIdOf = (key: string): string => `track-${key}`

/** Hashed from the order alone: the same in every style, at every attempt. */
const befalls = (
  { seed }: ProviderModel,
  rate: number,
  provider: ProviderName,
  fate: string,
  key: string,
): boolean => rate > 0 && chance(seed, provider, fate, key) < rate

/** Calls as one environment makes them: half the service time, the effect, the other half. */
const callsOf =
  (model: ProviderModel, clock: Clock, observe: ((call: ProviderCall) => void) | undefined) =>
  async <Answer>(
    provider: ProviderName,
    operation: string,
    { key, attempt }: KeyedRequest,
    effect: () => Answer | typeof answerLost,
  ): Promise<Answer> => {
    const startedMs = clock.nowMs()
    const ended = (end: ProviderCall['end']): void =>
      observe?.({ provider, operation, key, startedMs, endedMs: clock.nowMs(), end })
    if (isWithin(model.outages, provider, startedMs)) {
      await clock.sleep(unavailableAfterMs)
      ended('unavailable')
      throw new ProviderUnavailable(`The ${provider} did not answer ${operation} of "${key}".`)
    }
    const { p50, p99 } = serviceTimes[provider]
    const serviceMs = lognormal(p50, p99, model.seed, provider, operation, key, attempt)
    const halfMs = (serviceMs + extraMs(model, provider, startedMs)) / 2
    await clock.sleep(halfMs)
    const answer = effect()
    await clock.sleep(halfMs)
    if (answer === answerLost) {
      ended('answer lost')
      throw new ProviderUnavailable(`The answer of the ${provider} to ${operation} of "${key}" was lost.`)
    }
    ended('answered')
    return answer
  }

const isWithin = (spells: readonly ProviderSpell[], provider: ProviderName, nowMs: number): boolean =>
  spells.some((spell) => spell.provider === provider && spell.fromMs <= nowMs && nowMs < spell.untilMs)

const extraMs = ({ slow = [] }: ProviderModel, provider: ProviderName, nowMs: number): number =>
  slow.reduce((sum, spell) => sum + (isWithin([spell], provider, nowMs) ? spell.extraMs : 0), 0)
