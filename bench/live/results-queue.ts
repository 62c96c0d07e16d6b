import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import type { Clock } from '../../shared/runtime.ts'
import { messageIn } from '../measure/messages.ts'
import { inBackground } from './background.ts'
import { paced, wallClock } from './pace.ts'
import type { LiveClients } from './target.ts'

/** How the orders of a run ended, as far as the bus has told. */
export interface ResultsQueue {
  /** Terminal facts by order: more than one type is a contradiction. */
  readonly ends: ReadonlyMap<string, ReadonlySet<string>>
  /** Receives until it is stopped. */
  stop(): Promise<void>
}

const waitSeconds = 1
/** SQS takes more: a loop that is answered at once is held back. */
const callsPerSecond = 100

/**
 * Empties the queue that hears of every end; what is about no order of this run is left over from another and dropped.
 * A receive whose answer is lost loses nothing, since the messages come again; of a queue that is dead `onFailure` hears.
 */
export const listen = (
  { sqs }: LiveClients,
  QueueUrl: string,
  orderIds: ReadonlySet<string>,
  onFailure: (error: unknown) => void,
  clock: Clock = wallClock,
): ResultsQueue => {
  const ends = new Map<string, Set<string>>()
  const pace = paced(callsPerSecond, clock)
  const receive = async (stopped: AbortSignal): Promise<void> => {
    const request = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds }
    const { Messages = [] } = await pace(() => sqs.send(new ReceiveMessageCommand(request)), stopped)
    for (const { Body } of Messages) {
      const message = messageIn(Body)
      if (message === undefined || !orderIds.has(message.orderId)) continue
      ends.set(message.orderId, (ends.get(message.orderId) ?? new Set()).add(message.type))
    }
    if (Messages.length === 0) return
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }))
    await pace(() => sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries })), stopped)
  }
  return { ends, stop: inBackground(receive, onFailure) }
}
