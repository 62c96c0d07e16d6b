/**
 * Does a step again and again beside other work, until it is stopped or fails: whoever depends on it hears of that at
 * once. What may pass the step bears itself; its signal is aborted when it is stopped. Gives what stops it, which never
 * fails.
 */
export const inBackground = (
  step: (stopped: AbortSignal) => Promise<unknown>,
  onFailure: (error: unknown) => void,
): (() => Promise<void>) => {
  const stopping = new AbortController()
  const { signal } = stopping
  const loop = async (): Promise<void> => {
    try {
      while (!signal.aborted) await step(signal)
    } catch (error) {
      if (!signal.aborted) onFailure(error)
    }
  }
  const looping = loop()
  return () => {
    stopping.abort()
    return looping
  }
}
