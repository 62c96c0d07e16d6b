import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { messageIn } from '../measure/messages.ts'
import type { LiveClients } from './target.ts'

/** How the orders of a run ended, as far as the bus has told. */
export interface ResultsQueue {
  /** Terminal facts by order: more than one type is a contradiction. */
  readonly ends: ReadonlyMap<string, ReadonlySet<string>>
  /** Receives until it is stopped. */
  stop(): Promise<void>
}

const waitSeconds = 1
const pauseAfterErrorMs = 1_000

/** Empties the queue that hears of every end; what is about no order of this run is left over from another and dropped. */
export const listen = (
  { sqs }: LiveClients,
  QueueUrl: string,
  orderIds: ReadonlySet<string>,
): ResultsQueue => {
  const ends = new Map<string, Set<string>>()
  let isStopped = false
  const receive = async (): Promise<void> => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: waitSeconds }),
    )
    for (const { Body } of Messages) {
      const message = messageIn(Body)
      if (message === undefined || !orderIds.has(message.orderId)) continue
      ends.set(message.orderId, (ends.get(message.orderId) ?? new Set()).add(message.type))
    }
    if (Messages.length === 0) return
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }))
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
  }
  const loop = async (): Promise<void> => {
    while (!isStopped) {
      try {
        await receive()
      } catch (error) {
        // One failed receive loses nothing: the messages come again.
        lastError = error
        failures += 1
        if (failures > failuresMax) throw lastError
        await new Promise((resolve) => setTimeout(resolve, pauseAfterErrorMs))
        continue
      }
      failures = 0
    }
  }
  let failures = 0
  let lastError: unknown
  const looping = loop()
  // Whoever stops it hears how it failed; until then nobody waits for it.
  looping.catch(() => undefined)
  return {
    ends,
    stop: async () => {
      isStopped = true
      await looping
    },
  }
}

const failuresMax = 10
