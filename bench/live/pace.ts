import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../shared/runtime.ts'
import { isPassing } from './passing.ts'

/** Makes a call when it is its turn, and again while what it meets may pass; what it is refused for good it throws. */
export type Pace = <Answer>(call: () => Promise<Answer>, signal?: AbortSignal) => Promise<Answer>

export const wallClock: Clock = { nowMs: () => Date.now(), sleep: (ms) => sleep(ms) }

const pauseMs = 1_000
/** What lasts longer without one answer is an error; 15 s of a lost network are none. */
const failingMsMax = 600_000
/** Of one pace in all: what others use up of a quota, call by call, holds a run up no longer. */
const lostMsMax = 3_600_000

/** Calls follow each other no faster than a quota refills, whoever asks; an aborted signal is seen before each. */
export const paced = (perSecond: number, clock: Clock = wallClock): Pace => {
  let nextMs = 0
  const outage = createOutage(clock)
  const turn = async (): Promise<void> => {
    const nowMs = clock.nowMs()
    const atMs = Math.max(nextMs, nowMs)
    nextMs = atMs + 1_000 / perSecond
    if (atMs > nowMs) await clock.sleep(atMs - nowMs)
  }
  return async (call, signal) => {
    for (;;) {
      await turn()
      signal?.throwIfAborted()
      const calledMs = clock.nowMs()
      try {
        const answer = await call()
        outage.end()
        return answer
      } catch (error) {
        if (!isPassing(error) || outage.isTooLong(calledMs)) throw error
        nextMs = Math.max(nextMs, clock.nowMs() + pauseMs)
      }
    }
  }
}

/** How long no call of a pace was answered, whichever it was. */
const createOutage = (clock: Clock) => {
  let sinceMs: number | undefined
  let lostMs = 0
  return {
    end: (): void => {
      if (sinceMs !== undefined) lostMs += clock.nowMs() - sinceMs
      sinceMs = undefined
    },
    isTooLong: (calledMs: number): boolean => {
      sinceMs ??= calledMs
      const ms = clock.nowMs() - sinceMs
      return ms >= failingMsMax || lostMs + ms >= lostMsMax
    },
  }
}
