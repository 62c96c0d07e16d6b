import type { ReceivedMessage } from '../../world.ts'
import type { FifoMessage } from './fifo-group.ts'

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html, ReceiveRequestAttemptId (read 2026-11-25). */
const attemptWindowMs = 300_000

interface Attempt {
  readonly atMs: number
  readonly given: readonly ReceivedMessage[]
  readonly messages: readonly FifoMessage[]
  readonly receives: readonly number[]
  hiddenUntilMs: number
}

/** What receives with an attempt id gave, to be given again to whoever lost the answer. */
export class ReceiveAttempts {
  /** In the order of `atMs`. */
  readonly #attempts = new Map<string, Attempt>()

  remember(
    id: string,
    messages: readonly FifoMessage[],
    given: readonly ReceivedMessage[],
    nowMs: number,
  ): void {
    const [first] = messages
    if (first === undefined) return
    const receives = messages.map((message) => message.receives)
    // Deleted first, so that it comes last.
    this.#attempts.delete(id)
    this.#attempts.set(id, { atMs: nowMs, given, messages, receives, hiddenUntilMs: first.hiddenUntilMs })
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
    this.#forget(nowMs)
    const attempt = this.#attempts.get(id)
    if (attempt === undefined || !isUntouched(attempt)) return undefined
    for (const message of attempt.messages) hide(message)
    attempt.hiddenUntilMs = attempt.messages[0]?.hiddenUntilMs ?? attempt.hiddenUntilMs
    return attempt.given
  }

  #forget(nowMs: number): void {
    for (const [id, { atMs }] of this.#attempts) {
      if (nowMs - atMs < attemptWindowMs) return
      this.#attempts.delete(id)
    }
  }
}

const isUntouched = ({ messages, receives, hiddenUntilMs }: Attempt): boolean =>
  messages.every(
    (message, index) =>
      message.state === 'in flight' &&
      message.receives === receives[index] &&
      message.hiddenUntilMs === hiddenUntilMs,
  )
