import type { Accepted } from './queue.ts'

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html (read 2026-11-25). */
export const deduplicationWindowMs = 300_000

interface Remembered extends Accepted {
  readonly atMs: number
}

/**
 * What was sent in the last five minutes, counted from the first time: a repeat does not prolong it, and the message
 * may have been deleted by now.
 */
export class Deduplication {
  /** In the order of `atMs`. */
  readonly #remembered = new Map<string, Remembered>()

  find(key: string, nowMs: number): Accepted | undefined {
    this.#forget(nowMs)
    return this.#remembered.get(key)
  }

  remember(key: string, { id, sequenceNumber }: Accepted, nowMs: number): void {
    this.#remembered.set(key, {
      id,
      ...(sequenceNumber !== undefined && { sequenceNumber }),
      atMs: nowMs,
    })
  }

  #forget(nowMs: number): void {
    for (const [key, { atMs }] of this.#remembered) {
      if (nowMs - atMs < deduplicationWindowMs) return
      this.#remembered.delete(key)
    }
  }
}
