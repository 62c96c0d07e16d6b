import type { Message } from './message.ts'

export interface FifoMessage extends Message {
  readonly group: Group
  readonly deduplicationId: string
  readonly sequenceNumber: string
}

/** That something of a group may be received since then; it holds until the group has another, or none. */
export interface Availability {
  readonly group: Group
  readonly sinceMs: number
}

/** The messages of one message group, in the order in which they were sent. */
export class Group {
  readonly id: string
  /** From `#head` on; those that are gone by now are skipped. */
  #messages: FifoMessage[] = []
  #head = 0
  visible = 0
  /** While it is not 0 nothing of the group is given out. */
  inFlight = 0
  /** Since when its first message may be received; undefined: it may not. */
  availability: Availability | undefined

  constructor(id: string) {
    this.id = id
  }

  add(message: FifoMessage): void {
    this.#messages.push(message)
  }

  first(): FifoMessage | undefined {
    const messages = this.#messages
    let head = this.#head
    for (let message = messages[head]; message?.state === 'gone'; message = messages[head]) head += 1
    if (head >= compactAfter && head * 2 >= messages.length) {
      this.#messages = messages.slice(head)
      head = 0
    }
    this.#head = head
    return this.#messages[head]
  }

  *inOrder(): Iterable<FifoMessage> {
    const messages = this.#messages
    for (let index = this.#head; index < messages.length; index += 1) {
      const message = messages[index]
      if (message !== undefined && message.state !== 'gone') yield message
    }
  }
}

const compactAfter = 64
