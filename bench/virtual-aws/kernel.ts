/** Why a run ended: nothing left to do, the horizon was reached, or the bound on events was. */
export type RunEnd = 'idle' | 'horizon' | 'runaway'

/** What happens at its time; an object is run without a closure of its own for each. */
export type KernelEvent = (() => void) | { run(): void }

/** The event loop of the virtual AWS: time stands still while an event runs, ties break by sequence. */
export interface Kernel {
  /** Virtual time, milliseconds since the Unix epoch, fractions included. */
  readonly nowMs: number
  /** Runs `event` at that time, after all that was scheduled for it before. Returns a handle for `cancel`. */
  at(timeMs: number, event: KernelEvent): number
  after(delayMs: number, event: KernelEvent): number
  /** Forgets an event that has not run; a handle that has run is ignored. */
  cancel(handle: number): void
  /**
   * Promises may be pending in handler code: the kernel lets them all run before it moves on. Whoever resolves or
   * starts a promise in an event must call it.
   */
  wake(): void
  run(untilMs: number): Promise<RunEnd>
  readonly eventsRun: number
}

export interface KernelOptions {
  readonly startMs: number
  /** Events that may run, over all calls of `run`; the next one ends it as `runaway`. */
  readonly eventsMax?: number
  /** Events that may wait at once; one more ends the run as `runaway`. */
  readonly pendingMax?: number
  /** How handler code is given its turn; both do the same. A macrotask works everywhere, and is slower. */
  readonly drain?: 'fastest' | 'macrotask'
  readonly clock?: Clock
}

/**
 * Is told when time comes to each multiple of `everyMs` since the Unix epoch, before anything that happens then. It
 * costs no event: time that nothing happens in is told of when the next event is due, and not at all when none is.
 */
export interface Clock {
  readonly everyMs: number
  /** May look, and schedule nothing. */
  passed(atMs: number): void
}

const eventsMaxDefault = 200_000_000
const pendingMaxDefault = 16_000_000
/** A handle is generation × slotsMax + slot, exact in a double as long as a slot is used fewer than 2^27 times. */
const slotsMax = 2 ** 26
const generationsMax = 2 ** 27
const capacityFirst = 1024
/** Below this many forgotten events, rebuilding the heap costs more than they do. */
const forgottenMin = 512

/**
 * A 4-ary heap in parallel typed arrays, keyed (time, sequence); `slot` points into the array of closures:
 *
 *     times     [ 10   10   12 … ]      a parent at i has its children at 4i+1 … 4i+4
 *     sequences [  3    7    1 … ]
 *     slots     [  2    0    1 … ] ──▶  events[slot], undefined once forgotten; generations[slot]
 *
 * Rejected: a heap of objects (a third of the speed, and the collector walks it), a calendar queue (token timeouts
 * lie hours ahead of the rest, so no bucket width fits).
 */
class EventHeap {
  size = 0
  forgotten = 0
  #times = new Float64Array(capacityFirst)
  #sequences = new Float64Array(capacityFirst)
  #slots = new Int32Array(capacityFirst)
  #generations = new Int32Array(capacityFirst)
  #events: (KernelEvent | undefined)[] = []
  #freeSlots: number[] = []

  get firstTime(): number {
    return this.#times[0] ?? Number.POSITIVE_INFINITY
  }

  get firstIsForgotten(): boolean {
    return this.#events[this.#slots[0] ?? 0] === undefined
  }

  push(time: number, sequence: number, event: KernelEvent): number {
    if (this.size === this.#times.length) this.#grow()
    const slot = this.#freeSlots.pop() ?? this.#events.length
    this.#events[slot] = event
    this.#siftUp(this.size, time, sequence, slot)
    this.size += 1
    return (this.#generations[slot] ?? 0) * slotsMax + slot
  }

  /** Takes the first event out; undefined when it was forgotten. */
  pop(): KernelEvent | undefined {
    const slot = this.#slots[0] ?? 0
    const event = this.#events[slot]
    if (event === undefined) this.forgotten -= 1
    this.#free(slot)
    this.size -= 1
    this.#moveDown(0, this.size)
    return event
  }

  forget(handle: number): void {
    const slot = handle % slotsMax
    const generation = (handle - slot) / slotsMax
    if (this.#generations[slot] !== generation || this.#events[slot] === undefined) return
    this.#events[slot] = undefined
    this.forgotten += 1
    if (this.forgotten > forgottenMin && this.forgotten > this.size / 2) this.#compact()
  }

  #free(slot: number): void {
    this.#events[slot] = undefined
    this.#generations[slot] = ((this.#generations[slot] ?? 0) + 1) % generationsMax
    this.#freeSlots.push(slot)
  }

  #siftUp(from: number, time: number, sequence: number, slot: number): void {
    const times = this.#times
    const sequences = this.#sequences
    const slots = this.#slots
    let index = from
    while (index > 0) {
      const parent = (index - 1) >> 2
      const parentTime = times[parent] as number
      if (parentTime < time || (parentTime === time && (sequences[parent] as number) < sequence)) break
      times[index] = parentTime
      sequences[index] = sequences[parent] as number
      slots[index] = slots[parent] as number
      index = parent
    }
    times[index] = time
    sequences[index] = sequence
    slots[index] = slot
  }

  /** Puts the element that lies at `last` into the gap at `from`, below which the heap holds. */
  #moveDown(from: number, last: number): void {
    const times = this.#times
    const sequences = this.#sequences
    const slots = this.#slots
    const time = times[last] as number
    const sequence = sequences[last] as number
    const slot = slots[last] as number
    let index = from
    for (let child = 4 * index + 1; child < last; child = 4 * index + 1) {
      const least = this.#leastChild(child, Math.min(child + 4, last))
      const leastTime = times[least] as number
      if (leastTime > time || (leastTime === time && (sequences[least] as number) > sequence)) break
      times[index] = leastTime
      sequences[index] = sequences[least] as number
      slots[index] = slots[least] as number
      index = least
    }
    times[index] = time
    sequences[index] = sequence
    slots[index] = slot
  }

  #leastChild(first: number, end: number): number {
    const times = this.#times
    const sequences = this.#sequences
    let least = first
    let leastTime = times[first] as number
    for (let child = first + 1; child < end; child += 1) {
      const time = times[child] as number
      if (
        time < leastTime ||
        (time === leastTime && (sequences[child] as number) < (sequences[least] as number))
      ) {
        least = child
        leastTime = time
      }
    }
    return least
  }

  #grow(): void {
    const capacity = this.#times.length * 2
    this.#times = grown(this.#times, new Float64Array(capacity))
    this.#sequences = grown(this.#sequences, new Float64Array(capacity))
    this.#slots = grown(this.#slots, new Int32Array(capacity))
    this.#generations = grown(this.#generations, new Int32Array(capacity))
  }

  /** Rebuilds the heap without what was forgotten, so that long timeouts that were called off do not pile up. */
  #compact(): void {
    const kept = this.size - this.forgotten
    const total = this.size
    let size = 0
    for (let index = 0; index < total; index += 1) {
      const slot = this.#slots[index] as number
      if (this.#events[slot] === undefined) {
        this.#free(slot)
        continue
      }
      this.#siftUp(size, this.#times[index] as number, this.#sequences[index] as number, slot)
      size += 1
    }
    assert(size === kept, `expected ${kept} events after compaction, found ${size}`)
    this.size = size
    this.forgotten = 0
  }
}

const grown = <Numbers extends Float64Array | Int32Array>(from: Numbers, to: Numbers): Numbers => {
  to.set(from)
  return to
}

function assert(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(`Kernel: ${message}`)
}

export const createKernel = (options: KernelOptions): Kernel => new HeapKernel(options)

class HeapKernel implements Kernel {
  nowMs: number
  eventsRun = 0
  #heap = new EventHeap()
  #sequence = 0
  #woken = false
  #running = false
  #overflowed = false
  readonly #eventsMax: number
  readonly #pendingMax: number
  readonly #quiesce: Quiesce
  readonly #clock: Clock | undefined
  /** When the clock is to be told next; never without one. */
  #nextTickMs = Number.POSITIVE_INFINITY
  /** The earlier of that and the horizon: before it, events only run. */
  #stopMs = Number.POSITIVE_INFINITY

  constructor(options: KernelOptions) {
    this.nowMs = options.startMs
    this.#clock = options.clock
    if (options.clock !== undefined) this.#nextTickMs = nextMultiple(options.startMs, options.clock.everyMs)
    this.#eventsMax = options.eventsMax ?? eventsMaxDefault
    this.#pendingMax = options.pendingMax ?? pendingMaxDefault
    this.#quiesce = options.drain === 'macrotask' ? macrotask : fastest
    assert(this.#pendingMax <= slotsMax, `pendingMax is at most ${slotsMax}, was ${this.#pendingMax}`)
  }

  at(timeMs: number, event: KernelEvent): number {
    // The negated comparison refuses NaN too.
    if (!(timeMs >= this.nowMs)) throw new Error(`Kernel: scheduled at ${timeMs}, but it is ${this.nowMs}`)
    if (this.#heap.size >= this.#pendingMax) {
      this.#overflowed = true
      return -1
    }
    this.#sequence += 1
    return this.#heap.push(timeMs, this.#sequence, event)
  }

  after(delayMs: number, event: KernelEvent): number {
    return this.at(this.nowMs + delayMs, event)
  }

  cancel(handle: number): void {
    if (handle >= 0) this.#heap.forget(handle)
  }

  wake(): void {
    this.#woken = true
  }

  async run(untilMs: number): Promise<RunEnd> {
    assert(!this.#running, 'run was called while running')
    this.#running = true
    try {
      // What was sent before the run started may have left promises behind.
      await macrotaskTurn()
      this.#woken = false
      return await new Promise((resolve, reject) => {
        new Turns(this.#quiesce, () => this.#runEvents(untilMs), resolve, reject).next()
      })
    } finally {
      this.#running = false
    }
  }

  /** Runs events until the run ends or one of them has woken handler code, which then goes first: undefined. */
  #runEvents(untilMs: number): RunEnd | undefined {
    const heap = this.#heap
    // Whatever was woken in the turn before has run in it, too.
    this.#woken = false
    this.#stopMs = Math.min(untilMs, this.#nextTickMs)
    while (heap.size > 0) {
      if (heap.firstIsForgotten) {
        heap.pop()
        continue
      }
      const timeMs = heap.firstTime
      // One comparison serves the clock and the horizon, as long as neither is near.
      if (timeMs >= this.#stopMs && this.#isBeyond(timeMs, untilMs)) return 'horizon'
      if (this.eventsRun >= this.#eventsMax || this.#overflowed) return 'runaway'
      const event = heap.pop()
      assert(event !== undefined, 'a forgotten event came up')
      this.#advance(timeMs)
      if (typeof event === 'function') event()
      else event.run()
      if (this.#woken) return undefined
    }
    return this.#overflowed ? 'runaway' : 'idle'
  }

  #advance(timeMs: number): void {
    // Not by assert, whose message would be put together for every event.
    if (timeMs < this.nowMs) throw new Error(`Kernel: time ran back from ${this.nowMs} to ${timeMs}`)
    this.nowMs = timeMs
    this.eventsRun += 1
  }

  /** Tells the clock of what comes before an event at `timeMs`; whether that lies beyond the horizon, which then is now. */
  #isBeyond(timeMs: number, untilMs: number): boolean {
    const clock = this.#clock
    const byMs = Math.min(timeMs, untilMs)
    while (clock !== undefined && this.#nextTickMs <= byMs) {
      clock.passed(this.#nextTickMs)
      this.#nextTickMs += clock.everyMs
    }
    this.#stopMs = Math.min(untilMs, this.#nextTickMs)
    if (timeMs <= untilMs) return false
    this.nowMs = Math.max(this.nowMs, untilMs)
    return true
  }
}

const nextMultiple = (afterMs: number, everyMs: number): number =>
  (Math.floor(afterMs / everyMs) + 1) * everyMs

/**
 * Makes what calls `then` when every microtask that is ready has run: all that handler code can do without a further
 * event.
 */
type Quiesce = (then: () => void) => () => void

/** Stretches of events, with a turn of the handlers' code between any two. */
class Turns {
  readonly #quiesce: () => void
  readonly #breathe: () => void
  readonly #runEvents: () => RunEnd | undefined
  readonly #resolve: (end: RunEnd) => void
  readonly #reject: (error: unknown) => void
  #count = 0

  constructor(
    quiesce: Quiesce,
    runEvents: () => RunEnd | undefined,
    resolve: (end: RunEnd) => void,
    reject: (error: unknown) => void,
  ) {
    this.#quiesce = quiesce(() => this.next())
    this.#breathe = macrotask(() => this.next())
    this.#runEvents = runEvents
    this.#resolve = resolve
    this.#reject = reject
  }

  next(): void {
    let end: RunEnd | undefined
    try {
      end = this.#runEvents()
    } catch (error) {
      this.#reject(error)
      return
    }
    this.#count += 1
    if (end !== undefined) this.#resolve(end)
    // The host's own work, as signals and messages, has its turn now and then.
    else if (this.#count % turnsPerBreath === 0) this.#breathe()
    else this.#quiesce()
  }
}

const turnsPerBreath = 1024

/**
 * A macrotask of its own runs when no microtask is left. Rejected: counting pending sends, which is wrong under
 * Promise.all.
 */
const macrotask: Quiesce = (() => {
  const immediate: ((callback: () => void) => unknown) | undefined = globalThis.setImmediate
  if (immediate !== undefined) return (then: () => void) => () => void immediate(then)
  const channel = new MessageChannel()
  const waiting: (() => void)[] = []
  const port = channel.port1 as unknown as { onmessage: () => void }
  port.onmessage = () => waiting.shift()?.()
  return (then: () => void) => () => {
    waiting.push(then)
    channel.port2.postMessage(undefined)
  }
})()

const macrotaskTurn = (): Promise<void> => new Promise((resolve) => macrotask(resolve)())

/**
 * Node runs its ticks when the queue of microtasks is empty, without the trip through the host's event loop that a
 * macrotask takes: a tenth of the time. It looks at the ticks first when it comes from one, hence the microtask
 * between them. Elsewhere a macrotask serves.
 */
const fastest: Quiesce = (() => {
  const nextTick = globalThis.process?.nextTick
  if (nextTick === undefined) return macrotask
  // A reaction of a settled promise is a microtask, too, and a tenth of what queueMicrotask costs in Node.
  const settled = Promise.resolve()
  return (then: () => void) => {
    const tick = (): void => nextTick(then)
    return () => void settled.then(tick)
  }
})()
