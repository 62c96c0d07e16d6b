import type { InvocationAnswer, World } from '../../world.ts'
import { countedIds } from '../identifiers.ts'
import { Environment, type FunctionIdentity } from './environment.ts'

/**
 * Concurrent executions of one account in one region, by default. Source:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (read 2026-11-22).
 */
export const accountConcurrencyMax = 1000

/**
 * How long an idle environment is kept. Assumption: AWS publishes no figure; observers report some minutes to an hour.
 * Effect on results: the share of cold starts at rates below one invocation in this time.
 */
export const environmentIdleMsMax = 10 * 60_000

/** Request ids are counted, in a series of their own. */
const requestIdSeries = 0x1a3b

/** The account's concurrency that no function has reserved. */
export interface AccountConcurrency {
  unreserved: number
  active: number
}

/** A function: its environments, cold and warm, within its concurrency. */
export class LambdaFunction {
  readonly arn: string
  readonly identity: FunctionIdentity
  readonly #world: World
  readonly #account: AccountConcurrency
  readonly #nextRequestId = countedIds(requestIdSeries)
  /** Least recently used first; Lambda prefers the most recently used. */
  readonly #idle: Environment[] = []
  #active = 0

  constructor(world: World, arn: string, identity: FunctionIdentity, account: AccountConcurrency) {
    this.#world = world
    this.arn = arn
    this.identity = identity
    this.#account = account
    const { reservedConcurrency } = identity.settings
    if (reservedConcurrency !== undefined) account.unreserved -= reservedConcurrency
  }

  /**
   * Invokes in `delayMs`, or at once when it is 0; a cold start comes on top. Refused when the function's
   * concurrency is used up.
   */
  invoke(event: unknown, delayMs: number, done: (answer: InvocationAnswer) => void): void {
    if (!this.#take()) {
      done(refusal)
      return
    }
    const warm = this.#warm()
    const environment = warm ?? new Environment(this.#world, this.identity)
    const initMs = warm === undefined ? this.#world.latencyMs('lambda.init') : 0
    const waitMs = delayMs + initMs + (warm === undefined ? this.#world.latencyMs('lambda.placement') : 0)
    if (waitMs === 0) this.#run(environment, event, initMs, done)
    else this.#world.kernel.after(waitMs, () => this.#run(environment, event, initMs, done))
  }

  #run(
    environment: Environment,
    event: unknown,
    initMs: number,
    done: (answer: InvocationAnswer) => void,
  ): void {
    environment.run(event, this.#nextRequestId(), initMs, (answer) => {
      this.#release(environment)
      done(answer)
    })
  }

  #take(): boolean {
    const { reservedConcurrency } = this.identity.settings
    const isFree =
      reservedConcurrency === undefined
        ? this.#account.active < this.#account.unreserved
        : this.#active < reservedConcurrency
    if (!isFree) {
      const { kernel, observer } = this.#world
      observer.throttled({
        quota: 'lambda.ConcurrentExecutions',
        effect: 'rejected',
        delayMs: 0,
        atMs: kernel.nowMs,
      })
      return false
    }
    this.#active += 1
    if (reservedConcurrency === undefined) this.#account.active += 1
    return true
  }

  /** The environment used last, unless even that one has been idle for too long: then all have. */
  #warm(): Environment | undefined {
    const environment = this.#idle.pop()
    if (environment === undefined) return undefined
    if (this.#world.kernel.nowMs - environment.idleSinceMs <= environmentIdleMsMax) return environment
    this.#idle.length = 0
    return undefined
  }

  #release(environment: Environment): void {
    this.#active -= 1
    if (this.identity.settings.reservedConcurrency === undefined) this.#account.active -= 1
    if (environment.isDead) return
    environment.idleSinceMs = this.#world.kernel.nowMs
    this.#idle.push(environment)
  }
}

const refusal: InvocationAnswer = {
  ok: false,
  errorType: 'TooManyRequestsException',
  errorMessage: 'Rate Exceeded.',
  refused: true,
}
