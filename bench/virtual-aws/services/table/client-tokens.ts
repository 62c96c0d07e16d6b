import { idempotentParameterMismatch } from './errors.ts'

/** Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html (read 2026-11-25). */
const validMs = 10 * 60_000

interface Done {
  readonly request: string
  readonly atMs: number
  /** What reading its items costs, which is what a repetition of it costs. */
  readonly readUnits: number
}

/**
 * Transactions that were done under a `ClientRequestToken`: the same again within ten minutes changes nothing. Without
 * one the SDK makes up a token for each command, the same for all its attempts; since no attempt of the SDK is repeated
 * here after it took effect, that token would never be seen again, and is none.
 */
export class ClientTokens {
  readonly #done = new Map<string, Done>()

  /** What was done under the token, if anything; refuses another request under it. */
  repeated(token: string, items: unknown, nowMs: number): { readonly readUnits: number } | undefined {
    this.#forget(nowMs)
    const done = this.#done.get(token)
    if (done !== undefined && done.request !== written(items)) throw idempotentParameterMismatch()
    return done
  }

  remember(token: string, items: unknown, nowMs: number, readUnits: number): void {
    this.#done.set(token, { request: written(items), atMs: nowMs, readUnits })
  }

  #forget(nowMs: number): void {
    for (const [token, { atMs }] of this.#done) {
      if (nowMs - atMs < validMs) return
      this.#done.delete(token)
    }
  }
}

const written = (items: unknown): string =>
  JSON.stringify(items, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
