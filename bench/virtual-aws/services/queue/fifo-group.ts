import type { Message } from './message.ts'
import { OldestFirst } from './oldest-first.ts'

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

/** One message group. */
export class Group {
  readonly id: string
  readonly messages = new OldestFirst<FifoMessage>()
  visible = 0
  /** While it is not 0 nothing of the group is given out. */
  inFlight = 0
  /** Since when its first message may be received; undefined: it may not. */
  availability: Availability | undefined

  constructor(id: string) {
    this.id = id
  }
}
