import type { Clock } from '../../shared/runtime.ts'
import type { Submission } from './front-door.ts'
import { wallClock } from './pace.ts'

const pollMs = 500

/** Until every order that was let in has ended, or so long; `onPoll` is asked in between, and may throw. */
export const untilEnded = async (
  ended: ReadonlyMap<string, unknown>,
  submissions: readonly Submission[],
  stragglersMs: number,
  onPoll: () => void,
  clock: Clock = wallClock,
): Promise<void> => {
  // An order whose answer was lost may end too: it stands for no other.
  const open = new Set(submissions.flatMap(({ orderId, error }) => (error === undefined ? [orderId] : [])))
  const untilMs = clock.nowMs() + stragglersMs
  for (;;) {
    for (const orderId of open) if (ended.has(orderId)) open.delete(orderId)
    if (open.size === 0 || clock.nowMs() >= untilMs) return
    await clock.sleep(pollMs)
    onPoll()
  }
}
