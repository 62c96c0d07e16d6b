import { chance } from './chance.ts'
import type { CommandName } from './messages/names.ts'
import { ProviderUnavailable } from './providers.ts'

/** How long an outage is put up with before a step is given up, the same in every style. */
export const patienceMs = 30 * 60_000

/** How long after its creation an order that has not ended is overdue, the same in every style: patience, and time to undo. */
export const overdueAfterMs = 45 * 60_000

/** How an outage is retried, the same in every style: each delay is uniform between 0 and its bound. */
export const retrySchedule = {
  intervalMs: 1_000,
  backoffRate: 2,
  delayMsMax: 60_000,
  retriesMax: 99,
} as const

/**
 * After so many receives a queue dead-letters a message, in every style: a step's attempts and its compensation's. A
 * conductor sends the compensation as a message of its own, retried afresh; a reaction that gives its step up undoes it
 * under the message that it has, whose receives pay for both.
 */
export const receivesMax = 2 * (retrySchedule.retriesMax + 1)

/** A table that did not answer, was throttled, or whose conflicts did not end: ask again later. */
export class TableUnavailable extends Error {
  override readonly name = 'TableUnavailable'
}

/** A bus that did not take an event: what is recorded is published again later. */
export class BusUnavailable extends Error {
  override readonly name = 'BusUnavailable'
}

/** Outages by name. Anything else that is thrown is a defect or a crash. */
export const technicalErrors = ['ProviderUnavailable', 'TableUnavailable', 'BusUnavailable'] as const

/** The name under which a conductor hears that patience has run out. */
export const patienceExhausted = 'PatienceExhausted'

export const isOutage = (error: unknown): error is ProviderUnavailable | TableUnavailable | BusUnavailable =>
  error instanceof ProviderUnavailable || error instanceof TableUnavailable || error instanceof BusUnavailable

/**
 * What becomes of a step whose outage outlasts patience: `fence` it off by its compensation, `settle` for failure as
 * its own fact, or `never` give up (what undoes or ends an order must be done).
 */
export const atEndOfPatience: Readonly<Record<CommandName, 'fence' | 'settle' | 'never'>> = {
  CreateOrder: 'fence',
  ReserveInventory: 'fence',
  ProcessPayment: 'fence',
  ArrangeShipping: 'fence',
  CompleteOrder: 'never',
  NotifyCustomer: 'settle',
  CancelShipping: 'never',
  RefundPayment: 'never',
  ReleaseInventory: 'never',
  RejectOrder: 'never',
}

/** Whether a message of that time (ISO 8601) has been waited for long enough. */
export const hasRunOut = (messageTime: string, nowMs: number): boolean =>
  nowMs - Date.parse(messageTime) >= patienceMs

/** Delay before the next attempt, after that many failed ones; jitter is hashed from the message's id. */
export const retryDelayMs = (failedAttempts: number, messageId: string): number => {
  const { intervalMs, backoffRate, delayMsMax } = retrySchedule
  const bound = Math.min(delayMsMax, intervalMs * backoffRate ** (failedAttempts - 1))
  return bound * chance(0, 'retry', messageId, failedAttempts)
}
