import { createKernel } from '../virtual-aws/kernel.ts'
import { createLatency } from '../virtual-aws/latency.ts'
import { forkRandom } from '../virtual-aws/random.ts'

const pending = 1_000

/** Events per second of the yardstick: pop, draw a latency, push, with a thousand events waiting. */
export const bareEventsPerSecond = async (forMs: number): Promise<number> => {
  const kernel = createKernel({ startMs: 0, eventsMax: Number.MAX_SAFE_INTEGER })
  const latency = createLatency()
  const stream = forkRandom(1)('bare')
  const event = (): void => {
    kernel.after(latency('sqs.deliver', stream.next()), event)
  }
  for (let index = 0; index < pending; index += 1) kernel.after(index, event)
  const startedMs = performance.now()
  let elapsedMs = 0
  while (elapsedMs < forMs) {
    await kernel.run(kernel.nowMs + 1_000)
    elapsedMs = performance.now() - startedMs
  }
  return (kernel.eventsRun / elapsedMs) * 1000
}
