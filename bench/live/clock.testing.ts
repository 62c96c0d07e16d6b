import type { Clock } from '../../shared/runtime.ts'

/** A clock that moves when everybody sleeps: to where the first one wakes. */
export const testClock = (startMs = 0): Clock => {
  let nowMs = startMs
  const sleepers: { readonly atMs: number; readonly wake: () => void }[] = []
  const wakeNext = (): void => {
    sleepers.sort((a, b) => a.atMs - b.atMs)
    const next = sleepers.shift()
    nowMs = Math.max(nowMs, next?.atMs ?? nowMs)
    next?.wake()
  }
  return {
    nowMs: () => nowMs,
    sleep: (ms) =>
      new Promise((wake) => {
        sleepers.push({ atMs: nowMs + ms, wake })
        setImmediate(wakeNext)
      }),
  }
}
