import type { Message } from './message.ts'

const compactFrom = 64

/**
 * Messages in the order in which they came. Those that are gone are skipped, and let go of when they are at the front
 * or the half of all. (Rejected: to walk a Map by sequence, whose iterator steps over every entry deleted before.)
 */
export class OldestFirst<Kind extends Message> {
  #messages: Kind[] = []
  #head = 0
  #gone = 0

  add(message: Kind): void {
    this.#messages.push(message)
  }

  /** To be told of each message that is gone. */
  countGone(): void {
    this.#gone += 1
    if (this.#gone < compactFrom || this.#gone * 2 < this.#messages.length) return
    this.#messages = this.#messages.filter(({ state }) => state !== 'gone')
    this.#head = 0
    this.#gone = 0
  }

  first(): Kind | undefined {
    const messages = this.#messages
    let head = this.#head
    for (let message = messages[head]; message?.state === 'gone'; message = messages[head]) head += 1
    this.#head = head
    return messages[head]
  }

  /** What goes while it is walked is skipped. */
  *all(): Iterable<Kind> {
    const messages = this.#messages
    for (let index = this.#head; index < messages.length; index += 1) {
      const message = messages[index]
      if (message !== undefined && message.state !== 'gone') yield message
    }
  }
}
