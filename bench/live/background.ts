import type { Clock } from '../../shared/runtime.ts'
import { wallClock } from './pace.ts'

const pauseAfterErrorMs = 1_000
/** In a row; one failure alone is no reason to give up what an hour has brought. */
const failuresMax = 10

/**
 * Does a step again and again beside other work, until it is stopped or has failed eleven times in a row: whoever
 * depends on it hears of that at once. Gives what stops it, which never fails.
 */
export const inBackground = (
  step: () => Promise<unknown>,
  onFailure: (error: unknown) => void,
  clock: Clock = wallClock,
): (() => Promise<void>) => {
  let isStopped = false
  const loop = async (): Promise<void> => {
    let failures = 0
    while (!isStopped) {
      try {
        await step()
        failures = 0
      } catch (error) {
        failures += 1
        if (failures > failuresMax) return onFailure(error)
        await clock.sleep(pauseAfterErrorMs)
      }
    }
  }
  const looping = loop()
  return () => {
    isStopped = true
    return looping
  }
}
