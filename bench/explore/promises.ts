import type { Fault, WorldModel } from '../scenarios/scenario.ts'
import { between, type Field, oneOf, rangeWithin } from './fields.ts'

/** Within which bounds the design promises to survive faults of a kind, or why it promises nothing of them. */
export type Promised<Of extends Fault> =
  | { readonly within: { readonly [Name in Exclude<keyof Of, 'kind'>]-?: Field<Of[Name]> } }
  | { readonly nothing: string }

/**
 * What the design promises to survive, by kind of fault: under any of these, and several at once, the business laws
 * hold. Exploration draws its schedules from here and from nowhere else. A new kind is an entry.
 */
export const promises: { readonly [Kind in Fault['kind']]: Promised<Extract<Fault, { kind: Kind }>> } = {
  crash: {
    within: {
      at: oneOf('before-answer', 'after-answer', 'before-return'),
      probability: between(0.01, 0.3, 0.01),
    },
  },
  duplicate: {
    within: {
      at: oneOf('queue', 'rule'),
      probability: between(0.01, 0.3, 0.01),
      delayMs: rangeWithin(0, 3_600_000, 1_000),
    },
  },
  'provider-outage': {
    within: {
      provider: oneOf('gateway', 'carrier', 'mailer'),
      fromMs: between(0, 120_000, 100),
      forMs: between(1_000, 2_400_000, 1_000),
    },
  },
}

/** How unkind the outside world may be: refusals are no faults, and every compensation begins with one. */
export const unkindness: { readonly [Rate in keyof WorldModel]: Field<number> } = {
  skusOutOfStock: between(0.05, 0.3, 0.05),
  skusScarce: between(0.1, 1, 0.1),
  cardsDeclined: between(0.1, 0.6, 0.1),
  shipmentsRefused: between(0.1, 0.6, 0.1),
  mailsBounced: between(0.1, 0.6, 0.1),
  chargeAnswersLost: between(0.1, 0.6, 0.1),
}

/** Outages of one provider that last longer than this in all may outlast patience: then who gives up is a matter of milliseconds. */
export const outageWithinPatienceMs = 1_200_000
