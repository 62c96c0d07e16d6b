import type { InvocationAnswer, World } from '../../world.ts'
import { InvalidTemplate } from '../properties.ts'

/**
 * Concurrent executions of one account in one region, by default. Source:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (read 2026-11-22).
 */
export const accountConcurrencyMax = 1000

/**
 * What reservations must leave to the functions that reserve nothing. Source:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html (read 2026-11-25).
 */
export const unreservedMin = 100

/**
 * New environments of one function: at most so many at once, refilled continuously at 1,000 in 10 s, never saved up.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html ("Concurrency scaling rate", read
 * 2026-11-25).
 */
export const environmentsAtOnceMax = 1000
const environmentsPerMs = 1000 / 10_000

type Refusal = Extract<InvocationAnswer, { readonly ok: false }>

/**
 * Reasons of a `TooManyRequestsException`:
 * https://docs.aws.amazon.com/botocore/latest/reference/services/lambda/client/exceptions/TooManyRequestsException.html
 * (read 2026-11-25). No page says which of them stands
 * for the scaling rate; the page on scaling calls it a rate of the function.
 */
const refusal = (reason: string): Refusal => ({
  ok: false,
  errorType: 'TooManyRequestsException',
  errorMessage: 'Rate Exceeded.',
  refused: true,
  reason,
})
const reservedUsedUp = refusal('ReservedFunctionConcurrentInvocationLimitExceeded')
const unreservedUsedUp = refusal('ConcurrentInvocationLimitExceeded')
const scalesTooFast = refusal('FunctionInvocationRateLimitExceeded')

/** The concurrency of the account that no function has reserved, shared by all that reserve nothing. */
export class AccountConcurrency {
  unreserved = accountConcurrencyMax
  active = 0
  /** Executions of functions of other stacks in the account. */
  neighbours = 0

  reserve(count: number, where: string): void {
    this.unreserved -= count
    if (this.unreserved >= unreservedMin) return
    throw new InvalidTemplate(
      `${where}: Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${unreservedMin}].`,
    )
  }
}

/** How many invocations of one function may run at once, and how fast it may grow. */
export class FunctionConcurrency {
  readonly #world: World
  readonly #account: AccountConcurrency
  readonly #functionId: string
  readonly #reserved: number | undefined
  #active = 0
  /** New environments that may start now, as of `#tokensMs`. */
  #tokens = environmentsAtOnceMax
  #tokensMs = 0

  constructor(world: World, account: AccountConcurrency, functionId: string, reserved: number | undefined) {
    this.#world = world
    this.#account = account
    this.#functionId = functionId
    this.#reserved = reserved
  }

  /** Takes a place for one invocation; or says why there is none. */
  take(): Refusal | undefined {
    if (this.#reserved === undefined) {
      if (this.#account.active + this.#account.neighbours >= this.#account.unreserved)
        return this.#refused(unreservedUsedUp)
      this.#account.active += 1
    } else if (this.#active >= this.#reserved) return this.#refused(reservedUsedUp)
    this.#active += 1
    return undefined
  }

  release(): void {
    this.#active -= 1
    if (this.#reserved === undefined) this.#account.active -= 1
  }

  /** The place that was taken needs a new environment: refused, and given back, when too many were started. */
  grow(): Refusal | undefined {
    const { nowMs } = this.#world.kernel
    const refill = (nowMs - this.#tokensMs) * environmentsPerMs
    this.#tokens = Math.min(environmentsAtOnceMax, this.#tokens + refill)
    this.#tokensMs = nowMs
    if (this.#tokens < 1) {
      this.release()
      return this.#refused(scalesTooFast, 'lambda.ConcurrencyScalingRate')
    }
    this.#tokens -= 1
    return undefined
  }

  #refused(answer: Refusal, quota = 'lambda.ConcurrentExecutions'): Refusal {
    const { kernel, observer } = this.#world
    const resource = this.#functionId
    observer.throttled({ quota, resource, effect: 'rejected', delayMs: 0, atMs: kernel.nowMs })
    return answer
  }
}
