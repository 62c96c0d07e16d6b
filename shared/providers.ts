import type { Clock } from './runtime.ts'

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
  /** Times in ms since the Unix epoch. */
  readonly outages: readonly {
    readonly provider: ProviderName
    readonly fromMs: number
    readonly untilMs: number
  }[]
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
  refunds: number
  shipments: number
  paymentVoid: boolean
  shipmentVoid: boolean
}

export interface SimulatedWorld {
  readonly providers: (clock: Clock) => Providers
  readonly ledger: ReadonlyMap<string, Readonly<LedgerEntry>>
}

/** Builds the outside world; every environment shares its ledger, each brings its own clock. */
export declare const simulateWorld: (
  model: ProviderModel,
  observe?: (call: ProviderCall) => void,
) => SimulatedWorld
