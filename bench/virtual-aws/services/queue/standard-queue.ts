import type { QueueReading, ReceivedMessage, World } from '../../world.ts'
import { Deadlines } from './deadlines.ts'
import { LiveMessages } from './live-messages.ts'
import { type Message, type NewMessage, onItsWay, readHandle, received } from './message.ts'
import {
  type Counts,
  type DeadLetter,
  type HandleRefusal,
  inFlightMax,
  type Queue,
  type QueueIdentity,
  type Received,
  visibilityMsMax,
} from './queue.ts'
import { type Arrival, readingAt } from './reading.ts'
import type { QueueSettings } from './settings.ts'
import { VisibleMessages } from './visible-messages.ts'
import { WakeUps } from './wake-ups.ts'

/**
 * A standard queue: at least once, in no order that one may rely on (here: the order in which messages became
 * visible).
 *
 * A message that is received and deleted in time costs no kernel event: deadlines are looked at when somebody
 * looks at the queue. Only while somebody waits for messages does one timer stand, at the earliest deadline that
 * still holds. Retention has no timer of its own: a message past it is found when it would become visible, be
 * received or be counted, and nobody can tell the difference.
 */
export class StandardQueue implements Queue {
  readonly kind = 'standard'
  readonly identity: QueueIdentity
  readonly #world: World
  readonly #deadLetter: DeadLetter
  #settings: QueueSettings
  readonly #live = new LiveMessages<Message>()
  readonly #hidden = new Deadlines<Message>()
  readonly #visible = new VisibleMessages()
  readonly #wakeUps: WakeUps
  /** Of dead letters, by sequence. */
  readonly #arrivals = new Map<number, Arrival>()
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

  /** A new delay is for messages to come: that of messages in the queue stays. */
  configure(settings: QueueSettings): void {
    this.#settings = settings
  }

  send(message: NewMessage, delayMs: number | undefined): NewMessage {
    const hiddenMs = (delayMs ?? this.#settings.delayMs) + this.#heldMs(message)
    this.#enter(message, hiddenMs)
    this.#tellAfter(hiddenMs === 0)
    return message
  }

  receive(
    max: number,
    visibilityTimeoutMs = this.#settings.visibilityTimeoutMs,
    sinceMs: number | undefined = undefined,
  ): Received {
    this.#promote()
    const messages: ReceivedMessage[] = []
    const visible = this.#visible
    for (let place = visible.first(sinceMs); place >= 0; place = visible.after(place, sinceMs)) {
      if (messages.length === max) break
      if (this.#counts['in flight'] >= inFlightMax) return { messages, overLimit: messages.length === 0 }
      const message = visible.at(place)
      if (this.#givenUp(message)) continue
      this.#takeInFlight(message, this.#world.kernel.nowMs, visibilityTimeoutMs)
      messages.push(
        received(this.#asTold(message), this.identity.handlePrefix, this.#world.accountId, undefined),
      )
    }
    visible.dropTaken()
    this.#arm()
    return { messages, overLimit: false }
  }

  /** Deletes by a handle of the last receive; an older handle does nothing. */
  remove(handle: unknown): HandleRefusal | undefined {
    const named = readHandle(this.identity.handlePrefix, handle)
    if (named === undefined) return 'not a handle'
    const message = this.#live.find(named.sequence)
    if (message !== undefined && message.receives === named.receives) this.#settle(message)
    return undefined
  }

  changeVisibility(handle: unknown, timeoutMs: number): HandleRefusal | undefined {
    const named = readHandle(this.identity.handlePrefix, handle)
    if (named === undefined) return 'not a handle'
    const message = this.#live.find(named.sequence)
    if (message === undefined) return 'not there'
    this.#promote()
    if (message.state !== 'in flight' || message.receives !== named.receives) return 'not in flight'
    const now = this.#world.kernel.nowMs
    if (now + timeoutMs - message.receivedMs > visibilityMsMax) return 'beyond the limit'
    this.#hide(message, now + timeoutMs)
    if (timeoutMs === 0) this.#promote()
    else this.#arm()
    return undefined
  }

  takeOldest(mayGo: (deadLetteredFrom: string | undefined) => boolean): NewMessage | undefined {
    this.#promote()
    const visible = this.#visible
    for (let place = visible.first(); place >= 0; place = visible.after(place)) {
      const message = visible.at(place)
      if (this.#world.kernel.nowMs >= this.#expiryMs(message)) {
        this.#expire(message)
        continue
      }
      if (!mayGo(message.deadLetteredFrom)) return undefined
      const taken = onItsWay(message, message.deadLetteredFrom)
      this.#settle(message)
      visible.dropTaken()
      return taken
    }
    return undefined
  }

  purge(): void {
    for (const message of this.#live.all()) {
      const { body } = message
      this.#settle(message)
      this.#lost('dropped', body, this.#world.kernel.nowMs, 'the queue was purged')
    }
    this.#visible.dropTaken()
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
    if (sinceMs === undefined || this.#counts.visible === 0) return this.#counts.visible
    const visible = this.#visible
    let count = 0
    for (let place = visible.first(sinceMs); place >= 0; place = visible.after(place, sinceMs)) count += 1
    return count
  }

  counts(): Counts {
    this.#promote()
    const now = this.#world.kernel.nowMs
    const shown = this.#visible
    for (let place = shown.first(); place >= 0; place = shown.after(place)) {
      const message = shown.at(place)
      if (now >= this.#expiryMs(message)) this.#expire(message)
    }
    const { visible, delayed } = this.#counts
    return { visible, delayed, inFlight: this.#counts['in flight'] }
  }

  readingAt(atMs: number): QueueReading {
    return readingAt(this.#live, atMs, this.#settings.retentionMs, this.kind, (sequence) =>
      this.#arrivals.get(sequence),
    )
  }

  bodiesAfter(newest: number): readonly string[] {
    const bodies: string[] = []
    for (const { sequence, body } of this.#live) if (sequence > newest) bodies.push(body)
    return bodies
  }

  #enter(from: NewMessage, delayMs: number): void {
    this.#sequence += 1
    const now = this.#world.kernel.nowMs
    const message: Message = {
      id: from.id,
      sequence: this.#sequence,
      body: from.body,
      attributes: from.attributes,
      system: from.system,
      sentMs: from.sentMs,
      deadLetteredFrom: from.deadLetteredFrom,
      isCopy: from.isCopy ?? false,
      state: 'delayed',
      hiddenUntilMs: now,
      visibleSinceMs: now,
      receives: from.receives ?? 0,
      receivedMs: 0,
      firstReceivedMs: from.firstReceivedMs ?? 0,
    }
    this.#live.add(message)
    if (from.deadLetteredFrom !== undefined)
      this.#arrivals.set(this.#sequence, { atMs: now, receives: message.receives })
    this.#counts.delayed += 1
    if (delayMs > 0) this.#hide(message, now + delayMs)
    else this.#show(message)
  }

  /** A message that leaves instead of being delivered: too old, or received too often. */
  #givenUp(message: Message): boolean {
    if (this.#world.kernel.nowMs >= this.#expiryMs(message)) {
      this.#expire(message)
      return true
    }
    const { redrive } = this.#settings
    if (redrive === undefined || message.receives < redrive.receivesMax) return false
    const { body } = message
    this.#deadLetter(redrive.deadLetterArn, onItsWay(message, this.identity.arn))
    this.#settle(message)
    this.#lost('dead-lettered', body, this.#world.kernel.nowMs, `received ${message.receives} times`)
    return true
  }

  #takeInFlight(message: Message, now: number, visibilityTimeoutMs: number): void {
    message.receives += 1
    message.receivedMs = now
    if (message.firstReceivedMs === 0) message.firstReceivedMs = now
    this.#changeState(message, 'in flight')
    this.#hide(message, now + visibilityTimeoutMs)
    if (message.isCopy) this.#world.observer.duplicate(this.identity.logicalId, message.body)
    else if (message.receives === 1) this.#copy(message)
  }

  /** A fault may keep a message back; it is then delayed like any other. */
  #heldMs({ body }: NewMessage): number {
    const { held } = this.#world.faults
    if (held === undefined) return 0
    return held({ resource: this.identity.logicalId, body, atMs: this.#world.kernel.nowMs })
  }

  /** A fault may change what is told of a message; the queue keeps what was sent. */
  #asTold(message: Message): Message {
    const { rewritten } = this.#world.faults
    if (rewritten === undefined) return message
    const { logicalId: resource } = this.identity
    const body = rewritten({ resource, body: message.body, atMs: this.#world.kernel.nowMs })
    return body === undefined ? message : { ...message, body }
  }

  /** What may go wrong with a standard queue: a copy survives on a server that did not hear of the deletion. */
  #copy(message: Message): void {
    const delays = this.#world.faults.copies?.({
      resource: this.identity.logicalId,
      body: message.body,
    })
    if (delays === undefined) return
    for (const delayMs of delays) this.#enter({ ...message, isCopy: true }, Math.max(delayMs, Number.EPSILON))
  }

  #changeState(message: Message, state: Message['state']): void {
    this.#counts[message.state] -= 1
    this.#counts[state] += 1
    message.state = state
  }

  #hide(message: Message, untilMs: number): void {
    message.hiddenUntilMs = untilMs
    this.#hidden.push(untilMs, message)
  }

  #show(message: Message): void {
    this.#changeState(message, 'visible')
    message.visibleSinceMs = this.#world.kernel.nowMs
    this.#visible.add(message)
  }

  /** The message is gone for good; its body is let go of, since its deadline may stay in the heap for a while. */
  #settle(message: Message): void {
    this.#changeState(message, 'gone')
    this.#live.remove(message)
    if (message.deadLetteredFrom !== undefined) this.#arrivals.delete(message.sequence)
    message.body = ''
  }

  #expiryMs(message: Message): number {
    return message.sentMs + this.#settings.retentionMs
  }

  #expire(message: Message): void {
    const { body } = message
    const atMs = this.#expiryMs(message)
    this.#settle(message)
    this.#lost('expired', body, atMs, `older than ${this.#settings.retentionMs / 1000} s`)
  }

  #lost(how: 'expired' | 'dead-lettered' | 'dropped', body: string, atMs: number, reason: string): void {
    this.#world.observer.lost({ how, resource: this.identity.logicalId, body, atMs, reason })
  }

  /** Shows what has waited long enough. */
  #promote(): void {
    const now = this.#world.kernel.nowMs
    let promoted = false
    for (let first = this.#hidden.first(); first !== undefined; first = this.#hidden.first()) {
      const message = first.thing
      if (stillHolds(first.atMs, message)) {
        if (first.atMs > now) break
        if (now >= this.#expiryMs(message)) this.#expire(message)
        else this.#show(message)
        promoted ||= message.state === 'visible'
      }
      this.#hidden.pop()
    }
    this.#tellAfter(promoted)
  }

  #tellAfter(isNews: boolean): void {
    this.#arm()
    if (isNews) this.#wakeUps.tell()
  }

  #arm(): void {
    this.#wakeUps.arm(this.#hidden.first()?.atMs)
  }
}

const stillHolds = (atMs: number, message: Message): boolean =>
  message.hiddenUntilMs === atMs && (message.state === 'in flight' || message.state === 'delayed')
