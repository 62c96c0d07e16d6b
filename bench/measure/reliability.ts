import type { ContestantResult } from '../results.ts'
import type { ApiCall, Observer } from '../virtual-aws/observer.ts'
import { field, listOf, publishedIn } from './messages.ts'

/** What went wrong and was healed, or was not; the same sentences for every style. */
export interface ReliabilityFold {
  readonly observer: Observer
  finish(): ContestantResult['reliability']
}

/**
 * - deadLettered: messages that ended in a dead-letter queue.
 * - dropped: messages that expired, or that a bus gave up with no dead-letter queue to take them.
 * - retries: attempts at a step after an earlier attempt at it: state transitions that are a retry, and records
 *   handed to a function that had been received before, duplicates apart. A message put off by
 *   ChangeMessageVisibility counts when it comes back, so that no attempt counts twice.
 * - throttled: requests, transitions and invocations that a quota refused or delayed.
 * - duplicatesDelivered: messages and events delivered again although they had been delivered.
 * - unmatchedEvents: events that no rule matched; an event that nobody hears is no fault.
 * - crashes: invocations that died or timed out before they answered.
 * - transactionConflicts: table calls refused because another transaction held one of their items.
 * - overdue: OrderOverdue events that the bus took; only a style with an order view can publish them.
 */
export const createReliability = (): ReliabilityFold => {
  const counts = {
    deadLettered: 0,
    retries: 0,
    throttled: 0,
    duplicatesDelivered: 0,
    unmatchedEvents: 0,
    crashes: 0,
    transactionConflicts: 0,
    overdue: 0,
    dropped: 0,
  }
  const queues = new Set<string>()
  /** Received bodies of duplicates whose invocation has not ended: a copy bears its original's receive count. */
  const copies = new Map<unknown, number>()
  const isCopy = (body: unknown): boolean => {
    const waiting = copies.get(body)
    if (waiting === undefined) return false
    if (waiting === 1) copies.delete(body)
    else copies.set(body, waiting - 1)
    return true
  }
  return {
    observer: {
      call(call) {
        if (call.service === 'sqs') queues.add(call.resource)
        if (call.service === 'events')
          for (const { type } of publishedIn(call)) if (type === 'OrderOverdue') counts.overdue += 1
        if (call.service === 'dynamodb' && isConflict(call)) counts.transactionConflicts += 1
      },
      invocation({ event, end }) {
        if (end === 'crashed' || end === 'timed out') counts.crashes += 1
        for (const record of listOf(field(event, 'Records')))
          if (isRedelivered(record) && !isCopy(field(record, 'body'))) counts.retries += 1
      },
      transition({ retry }) {
        if (retry > 0) counts.retries += 1
      },
      lost({ how }) {
        counts[lostAs[how]] += 1
      },
      throttled() {
        counts.throttled += 1
      },
      duplicate(resource, body) {
        counts.duplicatesDelivered += 1
        // A duplicate of an event, on its way to a queue, is a message of its own there and received for the first time.
        if (queues.has(resource) && copies.size < copiesMax) copies.set(body, (copies.get(body) ?? 0) + 1)
      },
    },
    finish: () => ({ ...counts }),
  }
}

/** The counts of a run, from those of its shards. */
export const reliabilityOf = (
  shards: readonly ContestantResult['reliability'][],
): ContestantResult['reliability'] => {
  const total = createReliability().finish()
  const kinds = Object.keys(total) as (keyof typeof total)[]
  for (const kind of kinds) total[kind] = shards.reduce((sum, shard) => sum + (shard[kind] ?? 0), 0)
  return total
}

/** A bound that no run comes near: it holds only what is between its receive and the end of its invocation. */
const copiesMax = 10_000

const lostAs = {
  'dead-lettered': 'deadLettered',
  expired: 'dropped',
  dropped: 'dropped',
  unmatched: 'unmatchedEvents',
} as const

const isRedelivered = (record: unknown): boolean =>
  Number(field(field(record, 'attributes'), 'ApproximateReceiveCount') ?? 1) > 1

/** A cancelled transaction tells why in its reasons, item by item; other calls have an error of their own. */
const isConflict = ({ error, output }: ApiCall): boolean => {
  if (error === 'TransactionConflictException') return true
  if (error !== 'TransactionCanceledException') return false
  return listOf(field(output, 'CancellationReasons')).some(
    (reason) => field(reason, 'Code') === 'TransactionConflict',
  )
}
