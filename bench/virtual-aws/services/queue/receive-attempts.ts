import type { ReceivedMessage } from '../../world.ts'
import type { FifoMessage } from './fifo-group.ts'
import { Recent } from './recent.ts'

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html, ReceiveRequestAttemptId (read 2026-11-25). */
const windowMs = 300_000

interface Attempt {
  readonly atMs: number
  readonly given: readonly ReceivedMessage[]
  readonly messages: readonly FifoMessage[]
  readonly receives: readonly number[]
  hiddenUntilMs: number
}

/** What receives with an attempt id gave, to be given again to whoever lost the answer. */
export class ReceiveAttempts {
  readonly #attempts = new Recent<Attempt>(windowMs)

  remember(
    id: string,
    messages: readonly FifoMessage[],
    given: readonly ReceivedMessage[],
    nowMs: number,
  ): void {
    const [first] = messages
    if (first === undefined) return
    const receives = messages.map((message) => message.receives)
    this.#attempts.remember(id, {
      atMs: nowMs,
      given,
      messages,
      receives,
      hiddenUntilMs: first.hiddenUntilMs,
    })
  }

  /**
   * What the attempt gave, hidden anew by `hide`; undefined when it is too old, or any of the messages has been
   * deleted, shown or hidden otherwise since.
   */
  again(
    id: string,
    nowMs: number,
    hide: (message: FifoMessage) => void,
  ): readonly ReceivedMessage[] | undefined {
    const attempt = this.#attempts.find(id, nowMs)
    if (attempt === undefined || !isUntouched(attempt)) return undefined
    for (const message of attempt.messages) hide(message)
    attempt.hiddenUntilMs = attempt.messages[0]?.hiddenUntilMs ?? attempt.hiddenUntilMs
    return attempt.given
  }
}

const isUntouched = ({ messages, receives, hiddenUntilMs }: Attempt): boolean =>
  messages.every(
    (message, index) =>
      message.state === 'in flight' &&
      message.receives === receives[index] &&
      message.hiddenUntilMs === hiddenUntilMs,
  )
