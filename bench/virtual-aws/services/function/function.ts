import type { InvocationAnswer, World } from '../../world.ts'
import { countedIds } from '../identifiers.ts'
import { type AccountConcurrency, FunctionConcurrency } from './concurrency.ts'
import { Environment, type FunctionIdentity } from './environment.ts'

/**
 * How long an idle environment is kept. Assumption: AWS publishes no figure; observers report some minutes to an hour.
 * Effect on results: the share of cold starts at rates below one invocation in this time.
 */
export const environmentIdleMsMax = 10 * 60_000

/** Request ids are counted, in a series of their own. */
const requestIdSeries = 0x1a3b

/** A function: its environments, cold and warm, within its concurrency. */
export class LambdaFunction {
  readonly arn: string
  readonly identity: FunctionIdentity
  readonly #world: World
  readonly #concurrency: FunctionConcurrency
  readonly #nextRequestId = countedIds(requestIdSeries)
  /** Least recently used first; Lambda prefers the most recently used. */
  readonly #idle: Environment[] = []

  constructor(world: World, arn: string, identity: FunctionIdentity, account: AccountConcurrency) {
    this.#world = world
    this.arn = arn
    this.identity = identity
    const { functionId, settings } = identity
    this.#concurrency = new FunctionConcurrency(world, account, functionId, settings.reservedConcurrency)
  }

  /** The id of a request before it is invoked, for one that may be invoked several times. */
  nextRequestId(): string {
    return this.#nextRequestId()
  }

  /**
   * Invokes in `delayMs`, or at once when it is 0; a cold start comes on top. Refused when the function's
   * concurrency is used up, or when it grows too fast.
   */
  invoke(
    event: unknown,
    delayMs: number,
    done: (answer: InvocationAnswer) => void,
    requestId?: string,
  ): void {
    const refused = this.#concurrency.take()
    if (refused !== undefined) {
      done(refused)
      return
    }
    const warm = this.#warm()
    if (warm === undefined) this.#start(event, delayMs, done, requestId)
    else if (delayMs === 0) this.#run(warm, event, 0, done, requestId)
    else this.#runIn(delayMs, warm, event, 0, done, requestId)
  }

  #start(
    event: unknown,
    delayMs: number,
    done: (answer: InvocationAnswer) => void,
    requestId: string | undefined,
  ): void {
    const refused = this.#concurrency.grow()
    if (refused !== undefined) {
      done(refused)
      return
    }
    const environment = new Environment(this.#world, this.identity, this.#release)
    const initMs = this.#world.latencyMs('lambda.init')
    const waitMs = delayMs + initMs + this.#world.latencyMs('lambda.placement')
    this.#runIn(waitMs, environment, event, initMs, done, requestId)
  }

  #runIn(
    waitMs: number,
    environment: Environment,
    event: unknown,
    initMs: number,
    done: (answer: InvocationAnswer) => void,
    requestId: string | undefined,
  ): void {
    this.#world.kernel.after(waitMs, () => this.#run(environment, event, initMs, done, requestId))
  }

  #run(
    environment: Environment,
    event: unknown,
    initMs: number,
    done: (answer: InvocationAnswer) => void,
    requestId: string | undefined,
  ): void {
    environment.run(event, requestId ?? this.#nextRequestId(), initMs, done)
  }

  /** The environment used last, unless even that one has been idle for too long: then all have. */
  #warm(): Environment | undefined {
    const environment = this.#idle.pop()
    if (environment === undefined) return undefined
    if (this.#world.kernel.nowMs - environment.idleSinceMs <= environmentIdleMsMax) return environment
    this.#idle.length = 0
    return undefined
  }

  readonly #release = (environment: Environment): void => {
    this.#concurrency.release()
    if (environment.isDead) return
    environment.idleSinceMs = this.#world.kernel.nowMs
    this.#idle.push(environment)
  }
}
