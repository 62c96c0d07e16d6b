import type { Clock } from '../../shared/runtime.ts'
import { field, listOf, orderIn, ordersIn, parse } from '../measure/messages.ts'
import { type Gaps, isWhole } from './gaps.ts'
import { wallClock } from './pace.ts'
import type { TraceSource } from './trace-source.ts'

/** How long a run waits after its last order, in ms. */
export interface Patience {
  /** For orders that have not ended; then they count as stuck. */
  readonly stragglersMs: number
  /** The functions' logs are whole when they have told nothing new for so long. */
  readonly quietMs: number
}

/** An invocation that is not told while all others are may be late, or have died: it is waited for so much longer. */
const quietTimesWithGaps = 3
const pollMs = 500

/**
 * Reads until every invocation is told and how each order ended that the bus says has; gives what is missing. Nothing is
 * missing before the log was read from its beginning: a line may be delivered long after younger ones.
 */
export const wholeLog = async (
  log: TraceSource,
  ends: ReadonlyMap<string, unknown>,
  { stragglersMs, quietMs }: Patience,
  signal: AbortSignal,
  clock: Clock = wallClock,
): Promise<Gaps> => {
  const untilMs = clock.nowMs() + stragglersMs
  let quietSinceMs = clock.nowMs()
  let readAnewMs = 0
  let from: 'newest' | 'beginning' = 'newest'
  for (;;) {
    const fresh = await log.read(from)
    from = 'newest'
    signal.throwIfAborted()
    const nowMs = clock.nowMs()
    const isLate = nowMs >= untilMs
    if (fresh > 0) quietSinceMs = nowMs
    const quietForMs = nowMs - quietSinceMs
    if (quietForMs >= quietMs || isLate) {
      const gaps = gapsOf(log, ends)
      const isGivenUp = isLate || isSilent(gaps, quietForMs / quietMs)
      if (isWhole(gaps) || (isGivenUp && readAnewMs > 0)) return gaps
      if (nowMs >= readAnewMs) {
        from = 'beginning'
        readAnewMs = nowMs + quietMs
      }
    }
    await clock.sleep(pollMs)
  }
}

/** An end that the bus tells was published by somebody: that line must come. */
const isSilent = ({ endsUntold }: Gaps, quietTimes: number): boolean =>
  endsUntold === 0 && quietTimes >= quietTimesWithGaps

const gapsOf = (log: TraceSource, ends: ReadonlyMap<string, unknown>): Gaps => {
  const told = toldEnds(log)
  return { ...log.gaps(), endsUntold: [...ends.keys()].filter((orderId) => !told.has(orderId)).length }
}

const terminalFacts: ReadonlySet<unknown> = new Set(['OrderCompleted', 'OrderRejected'])

/** Orders of which a function told that it published their end. */
const toldEnds = ({ invocations }: TraceSource): ReadonlySet<string | undefined> =>
  new Set(
    invocations
      .flatMap(({ line }) => line.calls.filter(({ action }) => action === 'PutEvents'))
      .flatMap(({ input }) => listOf(field(input, 'Entries')))
      .filter((entry) => terminalFacts.has(field(entry, 'DetailType')))
      .map((entry) => orderIn(field(entry, 'Detail'))),
  )

/** The orders that an invocation was about; the deadline of the order view is no message of the flow, and names its own. */
export const ordersOf = (event: unknown): readonly string[] => [
  ...ordersIn(event),
  ...listOf(field(event, 'Records')).flatMap((record) => {
    const orderId = field(field(parse(field(record, 'body')), 'order'), 'orderId')
    return typeof orderId === 'string' ? [orderId] : []
  }),
]
