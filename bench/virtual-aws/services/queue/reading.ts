import type { QueueReading } from '../../world.ts'
import type { Message } from './message.ts'

/**
 * A message that a standard queue gave out so often is passed over by the age of its oldest message, as long as it is
 * not deleted. Source:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html,
 * ApproximateAgeOfOldestMessage (read 2026-11-26).
 */
const receivesOverlooked = 3

/** What a queue has been through with a message that came to it as a dead letter. */
export interface Arrival {
  readonly atMs: number
  /** By then, elsewhere. */
  readonly receives: number
}

/**
 * What SQS's own metrics say of a queue just before `atMs`, without any effect on it: a message that becomes visible
 * or too old by then is counted so, and left as it is. In a dead-letter queue the age is counted from the move.
 */
export const readingAt = (
  messages: Iterable<Message>,
  atMs: number,
  retentionMs: number,
  kind: 'standard' | 'fifo',
  arrivalOf: (sequence: number) => Arrival | undefined,
): QueueReading => {
  let visible = 0
  let oldestMs = Number.POSITIVE_INFINITY
  let newest = 0
  for (const message of messages) {
    if (message.sentMs + retentionMs <= atMs) continue
    newest = message.sequence
    if (message.state === 'visible' || message.hiddenUntilMs < atMs) visible += 1
    const arrival = message.deadLetteredFrom === undefined ? undefined : arrivalOf(message.sequence)
    const receives = message.receives - (arrival?.receives ?? 0)
    if (kind === 'standard' && receives >= receivesOverlooked) continue
    oldestMs = Math.min(oldestMs, arrival?.atMs ?? message.sentMs)
  }
  const oldestAgeMs = oldestMs === Number.POSITIVE_INFINITY ? undefined : atMs - oldestMs
  return { visible, oldestAgeMs, newest }
}
