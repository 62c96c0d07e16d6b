import type { QueueReading, ReceivedMessage, World } from '../../world.ts'
import { AvailableGroups } from './available-groups.ts'
import { Deadlines } from './deadlines.ts'
import { Deduplication } from './deduplication.ts'
import { type FifoMessage, Group } from './fifo-group.ts'
import { LiveMessages } from './live-messages.ts'
import { type NewMessage, onItsWay, readHandle, received } from './message.ts'
import { OldestFirst } from './oldest-first.ts'
import {
  type Accepted,
  type Counts,
  type DeadLetter,
  type HandleRefusal,
  inFlightMax,
  type Queue,
  type QueueIdentity,
  type Received,
  visibilityMsMax,
} from './queue.ts'
import { readingAt } from './reading.ts'
import { ReceiveAttempts } from './receive-attempts.ts'
import type { QueueSettings } from './settings.ts'
import { WakeUps } from './wake-ups.ts'

/**
 * A FIFO queue: exactly once, and in the order of sending within a message group. A group of which anything is in
 * flight is locked; it becomes available again when all of that has been deleted or has come back:
 *
 *     locked ── last in flight deleted or timed out, first message visible ──▶ available ── receive ──▶ locked
 *
 * Listeners are told when a group becomes available, not of a message behind others: it comes with them, or when
 * they are done. As in a standard queue nothing costs a kernel event unless somebody waits.
 */
export class FifoQueue implements Queue {
  readonly kind = 'fifo'
  readonly identity: QueueIdentity
  readonly #world: World
  readonly #deadLetter: DeadLetter
  #settings: QueueSettings
  readonly #live = new LiveMessages<FifoMessage>()
  readonly #inOrder = new OldestFirst<FifoMessage>()
  readonly #groups = new Map<string, Group>()
  readonly #available = new AvailableGroups()
  readonly #hidden = new Deadlines<FifoMessage>()
  readonly #deduplication = new Deduplication()
  readonly #attempts = new ReceiveAttempts()
  readonly #wakeUps: WakeUps
  #counts = { visible: 0, 'in flight': 0, delayed: 0, gone: 0 }
  #sequence = 0

  constructor(world: World, identity: QueueIdentity, settings: QueueSettings, deadLetter: DeadLetter) {
    this.#world = world
    this.identity = identity
    this.#settings = settings
    this.#deadLetter = deadLetter
    this.#wakeUps = new WakeUps(world.kernel, () => this.#promote())
  }

  get settings(): QueueSettings {
    return this.#settings
  }

  /**
   * A new delay is for messages in the queue too. Source:
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html (read 2026-11-25).
   */
  configure(settings: QueueSettings): void {
    const changesDelay = settings.delayMs !== this.#settings.delayMs
    this.#settings = settings
    if (!changesDelay) return
    for (const message of this.#inOrder.all()) {
      if (message.state === 'delayed') this.#hide(message, message.sentMs + settings.delayMs)
    }
    this.#promote()
  }

  /** Within the deduplication window a repeat is accepted, with the ids of the first one, and not delivered. */
  send(message: NewMessage, delayMs: number | undefined): Accepted {
    const { kernel } = this.#world
    const { groupId = '', deduplicationId = message.id } = message
    const key =
      this.#settings.fifo?.deduplicationScope === 'messageGroup'
        ? `${groupId} ${deduplicationId}`
        : deduplicationId
    const earlier = this.#deduplication.find(key, kernel.nowMs)
    if (earlier !== undefined) return earlier
    const accepted = this.#enter(message, groupId, deduplicationId, delayMs ?? this.#settings.delayMs)
    this.#deduplication.remember(key, accepted.id, accepted.sequenceNumber, kernel.nowMs)
    return accepted
  }

  receive(
    max: number,
    visibilityTimeoutMs = this.#settings.visibilityTimeoutMs,
    sinceMs: number | undefined = undefined,
    attemptId: string | undefined = undefined,
  ): Received {
    this.#promote()
    const { nowMs } = this.#world.kernel
    const again =
      attemptId === undefined
        ? undefined
        : this.#attempts.again(attemptId, nowMs, (message) =>
            this.#hide(message, nowMs + visibilityTimeoutMs),
          )
    const messages = again ?? this.#take(max, visibilityTimeoutMs, sinceMs, attemptId)
    this.#arm()
    // AWS gives no error when too many are in flight here, only nothing.
    return { messages, overLimit: false }
  }

  /** By the handle of the last receive, while that lasts. */
  remove(handle: unknown): HandleRefusal | undefined {
    const message = this.#inFlightBy(handle)
    if (message === 'not there') return undefined
    if (typeof message === 'string') return message
    this.#settle(message)
    this.#tellAfter(this.#refresh(message.group))
    return undefined
  }

  changeVisibility(handle: unknown, timeoutMs: number): HandleRefusal | undefined {
    const message = this.#inFlightBy(handle)
    if (typeof message === 'string') return message
    const { nowMs } = this.#world.kernel
    if (nowMs + timeoutMs - message.receivedMs > visibilityMsMax) return 'beyond the limit'
    this.#hide(message, nowMs + timeoutMs)
    if (timeoutMs === 0) this.#promote()
    else this.#arm()
    return undefined
  }

  takeOldest(mayGo: (deadLetteredFrom: string | undefined) => boolean): NewMessage | undefined {
    this.#expireVisible()
    for (const message of this.#inOrder.all()) {
      const { group } = message
      if (group.availability === undefined) continue
      if (!mayGo(message.deadLetteredFrom)) return undefined
      const taken = leaving(message, message.deadLetteredFrom)
      this.#settle(message)
      this.#refresh(group)
      return taken
    }
    return undefined
  }

  purge(): void {
    for (const message of this.#inOrder.all()) {
      const { body } = message
      this.#settle(message)
      this.#lost('dropped', body, this.#world.kernel.nowMs, 'the queue was purged')
      this.#refresh(message.group)
    }
  }

  onVisible(listener: () => void): void {
    this.#wakeUps.add(listener)
    this.#arm()
  }

  offVisible(listener: () => void): void {
    this.#wakeUps.remove(listener)
  }

  visibleCount(sinceMs: number | undefined = undefined): number {
    this.#promote()
    let count = 0
    for (const group of this.#available.since(sinceMs)) count += group.visible
    return count
  }

  /** Messages behind a locked group count as visible, as on AWS. */
  counts(): Counts {
    this.#expireVisible()
    const { visible, delayed } = this.#counts
    return { visible, delayed, inFlight: this.#counts['in flight'] }
  }

  readingAt(atMs: number): QueueReading {
    return readingAt(this.#live, atMs, this.#settings.retentionMs, this.kind, noArrival)
  }

  bodiesAfter(newest: number): readonly string[] {
    const bodies: string[] = []
    for (const { sequence, body } of this.#live) if (sequence > newest) bodies.push(body)
    return bodies
  }

  #enter(from: NewMessage, groupId: string, deduplicationId: string, delayMs: number): FifoMessage {
    this.#sequence += 1
    const { nowMs } = this.#world.kernel
    let group = this.#groups.get(groupId)
    if (group === undefined) {
      group = new Group(groupId)
      this.#groups.set(groupId, group)
    }
    const message: FifoMessage = {
      id: from.id,
      sequence: this.#sequence,
      sequenceNumber: sequenceNumber(this.#sequence),
      group,
      deduplicationId,
      body: from.body,
      attributes: from.attributes,
      system: from.system,
      sentMs: from.sentMs,
      deadLetteredFrom: from.deadLetteredFrom,
      isCopy: false,
      state: 'delayed',
      hiddenUntilMs: nowMs,
      visibleSinceMs: nowMs,
      receives: from.receives ?? 0,
      receivedMs: 0,
      firstReceivedMs: from.firstReceivedMs ?? 0,
    }
    group.messages.add(message)
    this.#inOrder.add(message)
    this.#live.add(message)
    this.#counts.delayed += 1
    if (delayMs > 0) this.#hide(message, nowMs + delayMs)
    else this.#changeState(message, 'visible')
    this.#tellAfter(this.#refresh(group))
    return message
  }

  /** As many as possible of one group, then of the next. */
  #take(
    max: number,
    visibilityTimeoutMs: number,
    sinceMs: number | undefined,
    attemptId: string | undefined,
  ): readonly ReceivedMessage[] {
    const { kernel, accountId } = this.#world
    const taken: FifoMessage[] = []
    for (const group of this.#available.since(sinceMs)) {
      this.#takeFrom(group, max, visibilityTimeoutMs, taken)
      if (taken.length === max || this.#isFull()) break
    }
    const given = taken.map((message) => receivedOfGroup(message, this.identity.handlePrefix, accountId))
    if (attemptId !== undefined) this.#attempts.remember(attemptId, taken, given, kernel.nowMs)
    return given
  }

  #takeFrom(group: Group, max: number, visibilityTimeoutMs: number, taken: FifoMessage[]): void {
    for (const message of group.messages.all()) {
      if (taken.length === max || this.#isFull() || message.state !== 'visible') break
      if (this.#givenUp(message)) continue
      this.#takeInFlight(message, this.#world.kernel.nowMs, visibilityTimeoutMs)
      taken.push(message)
    }
    this.#refresh(group)
  }

  #isFull(): boolean {
    return this.#counts['in flight'] >= inFlightMax
  }

  /** A message that leaves instead of being delivered: too old, or received too often. */
  #givenUp(message: FifoMessage): boolean {
    const { nowMs } = this.#world.kernel
    if (nowMs >= this.#expiryMs(message)) {
      this.#expire(message)
      return true
    }
    const { redrive } = this.#settings
    if (redrive === undefined || message.receives < redrive.receivesMax) return false
    const { body } = message
    // The message's id stands for its deduplication id, so that no other message keeps it out; it counts as sent now.
    const moved = { ...leaving(message, this.identity.arn), sentMs: nowMs, deduplicationId: message.id }
    this.#settle(message)
    this.#deadLetter(redrive.deadLetterArn, moved)
    this.#lost('dead-lettered', body, nowMs, `received ${message.receives} times`)
    return true
  }

  #takeInFlight(message: FifoMessage, nowMs: number, visibilityTimeoutMs: number): void {
    message.receives += 1
    message.receivedMs = nowMs
    if (message.firstReceivedMs === 0) message.firstReceivedMs = nowMs
    this.#changeState(message, 'in flight')
    this.#hide(message, nowMs + visibilityTimeoutMs)
  }

  #inFlightBy(handle: unknown): FifoMessage | HandleRefusal {
    const named = readHandle(this.identity.handlePrefix, handle)
    if (named === undefined) return 'not a handle'
    this.#promote()
    const message = this.#live.find(named.sequence)
    if (message === undefined) return 'not there'
    return message.state === 'in flight' && message.receives === named.receives ? message : 'expired'
  }

  #changeState(message: FifoMessage, state: FifoMessage['state']): void {
    const { group } = message
    if (message.state === 'in flight') group.inFlight -= 1
    if (message.state === 'visible') group.visible -= 1
    this.#counts[message.state] -= 1
    message.state = state
    this.#counts[state] += 1
    if (state === 'in flight') group.inFlight += 1
    if (state === 'visible') group.visible += 1
  }

  #hide(message: FifoMessage, untilMs: number): void {
    message.hiddenUntilMs = untilMs
    this.#hidden.push(untilMs, message)
  }

  /** Works out anew whether something of the group may be received; true when that is news. */
  #refresh(group: Group): boolean {
    const first = group.messages.first()
    if (first === undefined && this.#groups.get(group.id) === group) this.#groups.delete(group.id)
    if (first?.state !== 'visible' || group.inFlight > 0) {
      group.availability = undefined
      return false
    }
    if (group.availability !== undefined) return false
    this.#available.add(group, this.#world.kernel.nowMs)
    return true
  }

  /** The message is gone for good; its body is let go of, since its deadline may stay in the heap for a while. */
  #settle(message: FifoMessage): void {
    this.#changeState(message, 'gone')
    message.group.messages.countGone()
    this.#inOrder.countGone()
    this.#live.remove(message)
    message.body = ''
  }

  #expiryMs(message: FifoMessage): number {
    return message.sentMs + this.#settings.retentionMs
  }

  #expire(message: FifoMessage): void {
    const { body } = message
    const atMs = this.#expiryMs(message)
    this.#settle(message)
    this.#lost('expired', body, atMs, `older than ${this.#settings.retentionMs / 1000} s`)
  }

  /** What was sent first is too old first. */
  #expireVisible(): void {
    this.#promote()
    const { nowMs } = this.#world.kernel
    for (const message of this.#inOrder.all()) {
      if (nowMs < this.#expiryMs(message)) break
      if (message.state !== 'visible') continue
      this.#expire(message)
      this.#refresh(message.group)
    }
  }

  #lost(how: 'expired' | 'dead-lettered' | 'dropped', body: string, atMs: number, reason: string): void {
    this.#world.observer.lost({ how, resource: this.identity.logicalId, body, atMs, reason })
  }

  /** Shows what has waited long enough. */
  #promote(): void {
    const { nowMs } = this.#world.kernel
    let isNews = false
    for (let first = this.#hidden.first(); first !== undefined; first = this.#hidden.first()) {
      const message = first.thing
      if (stillHolds(first.atMs, message)) {
        if (first.atMs > nowMs) break
        if (nowMs >= this.#expiryMs(message)) this.#expire(message)
        else this.#changeState(message, 'visible')
        isNews = this.#refresh(message.group) || isNews
      }
      this.#hidden.pop()
    }
    this.#tellAfter(isNews)
  }

  #tellAfter(isNews: boolean): void {
    this.#arm()
    if (isNews) this.#wakeUps.tell()
  }

  #arm(): void {
    this.#wakeUps.arm(this.#hidden.first()?.atMs)
  }
}

const stillHolds = (atMs: number, message: FifoMessage): boolean =>
  message.hiddenUntilMs === atMs && (message.state === 'in flight' || message.state === 'delayed')

/** A dead letter counts as sent when it is moved. */
const noArrival = (): undefined => undefined

/** Twenty digits that rise, not one by one. */
const sequenceNumber = (sequence: number): string => `1885${String(sequence * 256).padStart(16, '0')}`

const leaving = (message: FifoMessage, deadLetteredFrom: string | undefined): NewMessage => ({
  ...onItsWay(message, deadLetteredFrom),
  groupId: message.group.id,
  deduplicationId: message.deduplicationId,
})

const receivedOfGroup = (message: FifoMessage, handlePrefix: string, senderId: string): ReceivedMessage =>
  received(message, handlePrefix, senderId, {
    MessageGroupId: message.group.id,
    MessageDeduplicationId: message.deduplicationId,
    SequenceNumber: message.sequenceNumber,
  })
