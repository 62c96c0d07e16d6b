import type { ReceivedMessage, WatchedQueue } from '../../world.ts'
import type { NewMessage } from './message.ts'
import type { QueueSettings } from './settings.ts'

/** Of both kinds. Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const inFlightMax = 120_000
/** Counted from the receive; no change of visibility goes beyond. */
export const visibilityMsMax = 43_200_000

export interface QueueIdentity {
  /** How the handles of its receives begin. */
  readonly handlePrefix: string
  readonly logicalId: string
  readonly name: string
  readonly arn: string
  readonly url: string
}

/** What a receive gave; `overLimit` when messages were there but too many are in flight. */
export interface Received {
  readonly messages: readonly ReceivedMessage[]
  readonly overLimit: boolean
}

export interface Counts {
  readonly visible: number
  readonly inFlight: number
  readonly delayed: number
}

/** What SendMessage says of a message that it took in, or of the earlier one that it repeats. */
export interface Accepted {
  readonly id: string
  readonly sequenceNumber?: string
}

/** Why a receipt handle has no effect. */
export type HandleRefusal = 'not a handle' | 'not there' | 'not in flight' | 'expired' | 'beyond the limit'

/** A queue of either kind, as the actions and event source mappings use it. */
export interface Queue extends WatchedQueue {
  readonly kind: 'standard' | 'fifo'
  readonly identity: QueueIdentity
  readonly settings: QueueSettings
  /** Takes effect at once; what is in flight keeps the visibility that it was received with. */
  configure(settings: QueueSettings): void
  /** Takes a message in, and tells the listeners. Undefined delay: the queue's own. */
  send(message: NewMessage, delayMs: number | undefined): Accepted
  /** Takes what has been visible longest, or only what became visible at `sinceMs`. */
  receive(max: number, visibilityTimeoutMs?: number, sinceMs?: number, attemptId?: string): Received
  /** Deletes by a handle; undefined when AWS says that it was deleted. */
  remove(handle: unknown): HandleRefusal | undefined
  /** Undefined when it took effect. */
  changeVisibility(handle: unknown, timeoutMs: number): HandleRefusal | undefined
  /**
   * Takes the message that came first out of the queue, as a move does: no receive is counted. `mayGo` is told where
   * it was dead-lettered; when it may not go it stays, and the answer is undefined.
   */
  takeOldest(mayGo: (deadLetteredFrom: string | undefined) => boolean): NewMessage | undefined
  /** Deletes everything, in flight or not. */
  purge(): void
  onVisible(listener: () => void): void
  offVisible(listener: () => void): void
  /** Messages that may be received now, or those of them that became visible at `sinceMs`; some may be too old. */
  visibleCount(sinceMs?: number): number
  counts(): Counts
}

/** Where a queue hands on what was received too often. */
export type DeadLetter = (arn: string, message: NewMessage) => void
