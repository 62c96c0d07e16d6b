import { createHops, type HopFold, type HopTotals } from '../measure/hops.ts'
import type { LiveTraces } from './observations.ts'

/**
 * Stretches of a live run, as the functions' own clocks, the queues' timestamps and the histories date them. A cold
 * invocation's calls are left out, since they open connections, and so are calls that the SDK made more than once.
 */
export const hopsOf = (traces: LiveTraces): HopTotals => {
  const fold = createHops()
  tellDoor(fold, traces)
  tellFunctions(fold, traces)
  for (const { transitions, end } of traces.executions) {
    for (const transition of transitions) fold.transition(transition)
    if (end !== undefined) fold.execution(end)
  }
  return fold.finish()
}

const tellDoor = (fold: HopFold, { submissions, wiring }: LiveTraces): void => {
  const action = wiring.stateMachine === undefined ? 'SendMessage' : 'StartExecution'
  for (const { sentMs, answeredMs, attempts, error } of submissions) {
    if (attempts !== 1) continue
    fold.call({
      action,
      by: 'caller',
      input: undefined,
      output: undefined,
      error,
      startedMs: sentMs,
      endedMs: answeredMs,
    })
  }
}

const tellFunctions = (fold: HopFold, { invocations, reports }: LiveTraces): void => {
  for (const { functionId, line } of invocations) {
    const { cold, requestId, event, startedMs, endedMs } = line
    const initMs = cold ? Math.max(reports.get(requestId)?.initMs ?? 0, Number.MIN_VALUE) : 0
    fold.invocation({ functionId, event, startedMs, endedMs, initMs })
    if (cold) continue
    for (const { error, output, ...call } of line.calls)
      if (call.attempts === 1) fold.call({ ...call, output, error, by: functionId })
  }
}
