import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../shared/runtime.ts'

/** Makes a call when it is its turn, and again when it was throttled all the same. */
export type Pace = <Answer>(call: () => Promise<Answer>, signal?: AbortSignal) => Promise<Answer>

export const wallClock: Clock = { nowMs: () => Date.now(), sleep: (ms) => sleep(ms) }

/** The names under which AWS refuses what it might take later. */
export const throttles = [
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'RequestLimitExceeded',
] as const

const pauseMs = 1_000
/** A quota that others use up for longer is an error. */
const throttledMsMax = 600_000

/** Calls follow each other no faster than a quota refills, whoever asks; an aborted signal is seen before each. */
export const paced = (perSecond: number, clock: Clock = wallClock): Pace => {
  let nextMs = 0
  const turn = async (): Promise<void> => {
    const nowMs = clock.nowMs()
    const atMs = Math.max(nextMs, nowMs)
    nextMs = atMs + 1_000 / perSecond
    if (atMs > nowMs) await clock.sleep(atMs - nowMs)
  }
  return async (call, signal) => {
    let untilMs: number | undefined
    for (;;) {
      await turn()
      signal?.throwIfAborted()
      try {
        return await call()
      } catch (error) {
        const nowMs = clock.nowMs()
        untilMs ??= nowMs + throttledMsMax
        if (!isThrottle(error) || nowMs >= untilMs) throw error
        nextMs = Math.max(nextMs, nowMs + pauseMs)
      }
    }
  }
}

const isThrottle = (error: unknown): boolean =>
  error instanceof Error && throttles.some((name) => name === error.name)
