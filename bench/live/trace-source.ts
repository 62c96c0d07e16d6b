import { type FilteredLogEvent, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import type { Clock } from '../../shared/runtime.ts'
import { type Gaps, noGaps } from './gaps.ts'
import type { LiveFunction } from './instruments.ts'
import { paced, wallClock } from './pace.ts'
import type { LiveClients } from './target.ts'
import { joined, logLine, type Report, type TraceLine, type TracePart } from './trace-line.ts'

/** An invocation as its function told it. */
export interface LoggedInvocation {
  readonly functionId: string
  readonly line: TraceLine
}

/** Whose invocations a source takes in. */
export interface TracedRun {
  /** New to every run: an environment that was made before it tells another. */
  readonly id: string
  /** Whether an invocation with this event is about an order of the run; a straggler of another run is not. */
  readonly isOurs: (event: unknown) => boolean
  readonly signal: AbortSignal
}

/** What the functions of a stack tell of their invocations while a run goes on. */
export interface TraceSource {
  /** What functions are told of where and for which run to tell: the value of `TRACE`. */
  readonly traceTo: string
  /** Takes in what is new, and gives how much that was; from the beginning it finds what was delivered late, too. */
  read(from?: 'newest' | 'beginning'): Promise<number>
  /** Those of the run. */
  readonly invocations: readonly LoggedInvocation[]
  /** By request id; what Lambda itself says of an invocation, where it can be read. */
  readonly reports: ReadonlyMap<string, Report>
  /** What of the run's invocations is not told, as far as it was read. */
  gaps(): Gaps
  close(): void
}

/** A line may turn up later than one that was written after it; how late, nobody promises. */
const overlapMs = 60_000
/** Of 5 that an account and region are given: https://repost.aws/knowledge-center/cloudwatch-logs-throttling (read 2026-11-25). */
const readsPerSecond = 4

/** Read from the functions' logs, where lines turn up some seconds after they were written. */
export const logSource = (
  { logs }: LiveClients,
  functions: readonly LiveFunction[],
  { id: runId, isOurs, signal }: TracedRun,
  clock: Clock = wallClock,
): TraceSource => {
  const pace = paced(readsPerSecond, clock)
  const invocations: LoggedInvocation[] = []
  const reports = new Map<string, Report>()
  /** Requests that a function told of, whatever they were about. */
  const told = new Set<string>()
  const parts = new Map<string, Map<number, TracePart>>()
  const seen = new Set<string>()
  const newestMs = new Map<string, number>()
  const startMs = clock.nowMs()
  let astray = 0

  const takeLine = (functionId: string, line: TraceLine): void => {
    told.add(line.requestId)
    if (!isOurs(line.event)) return
    if (line.run === runId) invocations.push({ functionId, line })
    else astray += 1
  }
  const takePart = (functionId: string, part: TracePart): void => {
    const known = (parts.get(part.requestId) ?? new Map<number, TracePart>()).set(part.part, part)
    parts.set(part.requestId, known)
    const line = joined(known)
    if (line === undefined) return
    parts.delete(part.requestId)
    takeLine(functionId, line)
  }
  const take = (functionId: string, { eventId, logStreamName, message = '' }: FilteredLogEvent): boolean => {
    // Not every endpoint gives its events an id; what matters of a line bears the id of its request.
    const id = eventId ?? `${logStreamName} ${message}`
    if (seen.has(id)) return false
    seen.add(id)
    const read = logLine(message)
    if (read?.kind === 'trace') takeLine(functionId, read.line)
    if (read?.kind === 'part') takePart(functionId, read.part)
    if (read?.kind === 'report') reports.set(read.report.requestId, read.report)
    return read !== undefined
  }
  const readOne = async (
    { logicalId, logGroup: logGroupName }: LiveFunction,
    isAnew: boolean,
  ): Promise<number> => {
    const startTime = isAnew ? startMs : Math.max(startMs, (newestMs.get(logGroupName) ?? 0) - overlapMs)
    let fresh = 0
    let nextToken: string | undefined
    do {
      const page = new FilterLogEventsCommand({ logGroupName, startTime, nextToken })
      const { events = [], nextToken: token } = await pace(() => logs.send(page), signal)
      for (const event of events) {
        if (take(logicalId, event)) fresh += 1
        newestMs.set(logGroupName, Math.max(newestMs.get(logGroupName) ?? 0, event.timestamp ?? 0))
      }
      // A page may be empty, and others follow it.
      nextToken = token
    } while (nextToken !== undefined)
    return fresh
  }
  return {
    traceTo: `log ${runId}`,
    invocations,
    reports,
    close: () => undefined,
    read: async (from = 'newest') => {
      let fresh = 0
      for (const each of functions) fresh += await readOne(each, from === 'beginning')
      return fresh
    },
    gaps: () => {
      const untold = [...reports.values()].filter(({ requestId }) => !told.has(requestId))
      return {
        ...noGaps,
        untold: untold.length,
        timedOut: untold.filter(({ isTimeout }) => isTimeout).length,
        unreported: invocations.filter(({ line }) => !reports.has(line.requestId)).length,
        astray,
      }
    },
  }
}
