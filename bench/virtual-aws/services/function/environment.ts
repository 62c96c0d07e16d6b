import { type Caller, createClients, type Home } from '../../clients.ts'
import type { Invocation } from '../../observer.ts'
import type { InvocationAnswer, World } from '../../world.ts'
import { logBytes } from './log-lines.ts'
import type { FunctionSettings } from './settings.ts'

/** What a handler gets: clients bound to its role, its environment, and a clock of its own environment. */
export interface FunctionRuntime {
  readonly clients: ReturnType<typeof createClients>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: { nowMs(): number; sleep(ms: number): Promise<void> }
}

type Handler = (event: unknown) => Promise<unknown>

/** The code behind a template's `Handler`: called once per cold start. */
export type FunctionCode = (runtime: FunctionRuntime) => Handler

export interface FunctionIdentity {
  readonly functionId: string
  readonly settings: FunctionSettings
  readonly code: FunctionCode
}

interface Running {
  readonly event: unknown
  readonly requestId: string
  readonly startedMs: number
  readonly initMs: number
  readonly timer: number
  readonly done: (answer: InvocationAnswer) => void
}

/** One execution environment: runs one invocation at a time, and is gone when it crashed or timed out. */
export class Environment implements Home {
  isDead = false
  /** When it last became idle; set by its owner. */
  idleSinceMs = 0
  readonly #world: World
  readonly #identity: FunctionIdentity
  readonly #release: (environment: Environment) => void
  #handler: Handler | undefined
  #running: Running | undefined
  // Made once: one invocation runs at a time, and none after one that was cut short, whose outcome comes to nothing.
  readonly #timeout = () => this.#timeOut()
  readonly #hasReturned = (result: unknown) => this.#settle(true, result)
  readonly #hasFailed = (error: unknown) => this.#settle(false, error)

  /** `release` is told when an invocation has ended, before its invoker is. */
  constructor(world: World, identity: FunctionIdentity, release: (environment: Environment) => void) {
    this.#world = world
    this.#identity = identity
    this.#release = release
  }

  get event(): unknown {
    return this.#running?.event
  }

  crash(): void {
    const running = this.#running
    if (running === undefined) return
    const message = `RequestId: ${running.requestId} Error: Runtime exited with error: exit status 1`
    this.#finish(running, 'crashed', this.#failure('Runtime.ExitError', message))
  }

  /** Starts the handler now; on a cold start INIT took the last `initMs`. */
  run(event: unknown, requestId: string, initMs: number, done: (answer: InvocationAnswer) => void): void {
    const { kernel } = this.#world
    if (this.isDead || this.#running !== undefined) {
      throw new Error(`${this.#identity.functionId}: an environment that is dead or busy was invoked`)
    }
    const timer = kernel.after(this.#identity.settings.timeoutMs, this.#timeout)
    this.#running = { event, requestId, startedMs: kernel.nowMs, initMs, timer, done }
    const { beforeStart } = this.#world.faults
    const struck = beforeStart?.({ functionId: this.#identity.functionId, event, atMs: kernel.nowMs })
    if (struck === 'crash') this.crash()
    if (struck !== undefined) return
    kernel.wake()
    this.#promise(event).then(this.#hasReturned, this.#hasFailed)
  }

  /** A handler may throw before its first await, and so may the factory. */
  #promise(event: unknown): Promise<unknown> {
    try {
      this.#handler ??= this.#identity.code(this.#runtime())
      return Promise.resolve(this.#handler(event))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #settle(hasReturned: boolean, outcome: unknown): void {
    const running = this.#running
    if (running === undefined) return
    try {
      if (hasReturned) this.#returned(running, outcome)
      else this.#failed(running, outcome)
    } catch (defect) {
      // What throws here is not the handler but its invoker: a defect, which ends the run.
      this.#world.kernel.after(0, () => {
        throw defect
      })
    }
  }

  #runtime(): FunctionRuntime {
    const { kernel } = this.#world
    const { functionId, settings } = this.#identity
    const caller: Caller = {
      by: functionId,
      principal: { kind: 'role', arn: settings.roleArn },
      home: this,
    }
    return {
      clients: createClients(this.#world, caller),
      env: settings.env,
      clock: { nowMs: () => kernel.nowMs, sleep: (ms) => this.#sleep(ms) },
    }
  }

  #sleep(ms: number): Promise<void> {
    const { kernel } = this.#world
    return new Promise((resolve) => {
      if (this.isDead) return
      kernel.after(ms, () => {
        if (this.isDead) return
        kernel.wake()
        resolve()
      })
    })
  }

  #returned(running: Running, result: unknown): void {
    const { functionId } = this.#identity
    const struck = this.#world.faults.beforeReturn?.({ functionId, event: running.event })
    if (struck === 'crash') this.crash()
    else this.#finish(running, 'returned', { ok: true, payload: result })
  }

  #failed(running: Running, error: unknown): void {
    const answer =
      error instanceof Error
        ? this.#failure(error.name, error.message)
        : this.#failure('Error', String(error))
    this.#finish(running, 'failed', answer)
  }

  #timeOut(): void {
    const running = this.#running
    if (running === undefined) return
    const seconds = (this.#identity.settings.timeoutMs / 1000).toFixed(2)
    const message = `RequestId: ${running.requestId} Error: Task timed out after ${seconds} seconds`
    this.#finish(running, 'timed out', this.#failure('Sandbox.Timedout', message))
  }

  #failure(errorType: string, errorMessage: string): InvocationAnswer {
    return { ok: false, errorType, errorMessage, refused: false }
  }

  #finish(running: Running, end: Invocation['end'], answer: InvocationAnswer): void {
    const { kernel, observer } = this.#world
    const { functionId, settings } = this.#identity
    this.#running = undefined
    this.isDead = end === 'crashed' || end === 'timed out'
    kernel.cancel(running.timer)
    // INIT is billed since 2025-08-01; the sum is rounded up to a whole millisecond.
    const billedMs = Math.ceil(kernel.nowMs - running.startedMs + running.initMs)
    observer.metered('lambda.request', functionId, 1)
    observer.metered('lambda.gbMs', functionId, (settings.memoryMiB / 1024) * billedMs)
    observer.metered('logs.bytes', functionId, logBytes(settings.logFormat, running.initMs > 0))
    observer.invocation({
      functionId,
      event: running.event,
      startedMs: running.startedMs - running.initMs,
      endedMs: kernel.nowMs,
      billedMs,
      initMs: running.initMs,
      memoryMiB: settings.memoryMiB,
      end,
      result: answer.ok ? answer.payload : undefined,
    })
    this.#release(this)
    running.done(answer)
  }
}
