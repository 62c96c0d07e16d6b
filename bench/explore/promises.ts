import type { Fault, WorldModel } from '../scenarios/scenario.ts'
import { absent, between, type Field, oneOf, rangeWithin, soonBetween } from './fields.ts'

/** Within which bounds the design promises to survive faults of a kind, or why it promises nothing of them. */
export type Promised<Of extends Fault> =
  | { readonly within: { readonly [Name in Exclude<keyof Of, 'kind'>]-?: Field<Of[Name]> } }
  | { readonly nothing: string }

const share = between(0.01, 0.3, 0.01)
const provider = oneOf('gateway', 'carrier', 'mailer')
const service = oneOf('order', 'inventory', 'payment', 'shipping', 'notification')
/**
 * The steps whose failure is caught and undone. A state that invokes its function itself takes what cannot be read for
 * final: behind such a state a compensation that cannot be read ends the execution, and a notification that cannot is
 * given up on no record. A queue brings the same message back until it can be read.
 */
const stepUndone = oneOf('CreateOrder', 'ReserveInventory', 'ProcessPayment', 'ArrangeShipping')

/**
 * A handful of orders is through within seconds, where nothing keeps them up: what begins later strikes compensations,
 * retries and whoever comes last.
 */
const beginning = soonBetween(0, 120_000, 100)

/** Lasts less than what a message is tried for. */
const spell = (longestMs: number) => ({
  fromMs: beginning,
  forMs: between(1_000, longestMs, 1_000),
})

/**
 * What the design promises to survive, by kind of fault: under any of these, and several at once, the business laws
 * hold. Exploration draws its schedules from here and from nowhere else. A new kind is an entry.
 */
export const promises: { readonly [Kind in Fault['kind']]: Promised<Extract<Fault, { kind: Kind }>> } = {
  // The laws hold above three in ten as well. But what dies after it has told the next step tells it once more, which in
  // choreography multiplies from step to step: of 13 invocations an order come 40 to 60 at three in ten and over 200 at
  // a half; at eight in ten a single order took over a million events of the kernel. A conductor takes one answer a
  // task, and stays below 20 invocations at a half.
  crash: {
    within: {
      at: oneOf('before-effect', 'before-answer', 'after-answer', 'before-return'),
      probability: share,
    },
  },
  hang: { within: { at: oneOf('before-effect', 'before-answer'), probability: share } },
  'service-outage': { within: { service, step: absent, ...spell(1_200_000) } },
  duplicate: {
    within: { at: oneOf('queue', 'rule'), probability: share, delayMs: rangeWithin(0, 3_600_000, 1_000) },
  },
  delay: {
    within: {
      at: oneOf('queue', 'rule'),
      step: absent,
      probability: between(0.01, 1, 0.01),
      delayMs: rangeWithin(0, 300_000, 1_000),
    },
  },
  'provider-outage': { within: { provider, ...spell(2_400_000) } },
  'provider-slow': { within: { provider, extraMs: between(100, 30_000, 100), ...spell(1_200_000) } },
  'provider-refusal': { within: { provider, ...spell(1_200_000) } },
  'door-refusal': { nothing: 'an order that nobody took is nowhere' },
  'bus-refusal': { within: spell(1_200_000) },
  // A function is given ten seconds.
  'bus-slow': { within: { extraMs: between(100, 5_000, 100), ...spell(1_200_000) } },
  'bus-stall': { within: spell(1_200_000) },
  'orchestrator-refusal': { nothing: 'an order that nobody took is nowhere, and the door is its own' },
  'coordination-throttled': { within: { perSecond: between(1, 50), ...spell(1_200_000) } },
  'concurrency-taken': { within: { executions: between(900, 999), ...spell(1_200_000) } },
  'permission-lost': { nothing: 'a rule takes it for final, and a dead letter waits for somebody' },
  'rule-disabled': { nothing: 'what no rule matches is lost' },
  'wrong-pattern': { nothing: 'what no rule matches is lost' },
  'queue-changed': {
    within: { service, setting: oneOf('VisibilityTimeout'), seconds: between(1, 60), ...spell(1_200_000) },
  },
  poison: { nothing: 'what can never be read is dead-lettered' },
  schema: { within: { step: stepUndone, producer: oneOf('ahead'), ...spell(1_200_000) } },
  'definition-update': { within: { fromMs: beginning } },
  'definition-broken': { nothing: 'what fails in a state that catches nothing waits for somebody' },
  'nobody-listens': { nothing: 'what nobody hears, nobody does' },
  'rule-missing': { nothing: 'what no rule matches is lost' },
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

/**
 * Spells that last longer than this in all may outlast patience, each making the next one longer: then who gives up is
 * a matter of milliseconds, and the styles need not agree.
 */
export const spellsWithinPatienceMs = 1_200_000
