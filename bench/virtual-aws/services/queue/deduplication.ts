import type { Accepted } from './queue.ts'
import { Recent } from './recent.ts'

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html (read 2026-11-25). */
const windowMs = 300_000

/**
 * What was sent in the last five minutes, counted from the first time: a repeat does not prolong it, and the message
 * may have been deleted by now.
 */
export class Deduplication {
  readonly #sent = new Recent<Accepted & { readonly atMs: number }>(windowMs)

  find(key: string, nowMs: number): Accepted | undefined {
    return this.#sent.find(key, nowMs)
  }

  remember(key: string, id: string, sequenceNumber: string, nowMs: number): void {
    this.#sent.remember(key, { id, sequenceNumber, atMs: nowMs })
  }
}
