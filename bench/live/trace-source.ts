import { type FilteredLogEvent, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs'
import type { LiveFunction } from './instruments.ts'
import type { LiveClients } from './target.ts'
import { logLine, type Report, type TraceLine } from './trace-line.ts'

/** An invocation as its function told it, with what Lambda reported of it. */
export interface LoggedInvocation {
  readonly functionId: string
  readonly line: TraceLine
}

/** What the functions of a stack tell of their invocations while a run goes on. */
export interface TraceSource {
  /** What functions are told of where to tell: the value of `TRACE`. */
  readonly traceTo: string
  /** Takes in what is new, and gives how many invocations that were. */
  read(): Promise<number>
  readonly invocations: readonly LoggedInvocation[]
  /** By request id; what Lambda itself says of an invocation, where it can be read. */
  readonly reports: ReadonlyMap<string, Report>
  close(): void
}

/** A line may turn up later than one that was written after it. */
const overlapMs = 60_000

/** Read from the functions' logs, where lines turn up some seconds after they were written. */
export const logSource = (
  { logs }: LiveClients,
  functions: readonly LiveFunction[],
  startMs: number,
): TraceSource => {
  const invocations: LoggedInvocation[] = []
  const reports = new Map<string, Report>()
  const seen = new Set<string>()
  const newestMs = new Map<string, number>()

  const take = (functionId: string, { eventId, logStreamName, message = '' }: FilteredLogEvent): void => {
    // Not every endpoint gives its events an id; what matters of a line bears the id of its request.
    const id = eventId ?? `${logStreamName} ${message}`
    if (seen.has(id)) return
    seen.add(id)
    const read = logLine(message)
    if (read?.kind === 'trace') invocations.push({ functionId, line: read.line })
    if (read?.kind === 'report') reports.set(read.report.requestId, read.report)
  }
  const readOne = async ({ logicalId, logGroup }: LiveFunction): Promise<void> => {
    const newest = newestMs.get(logGroup) ?? 0
    const request = { logGroupName: logGroup, startTime: Math.max(startMs, newest - overlapMs) }
    for await (const { events = [] } of paginateFilterLogEvents({ client: logs }, request)) {
      for (const event of events) take(logicalId, event)
      newestMs.set(logGroup, Math.max(newest, events.at(-1)?.timestamp ?? 0))
    }
  }
  return {
    traceTo: 'log',
    invocations,
    reports,
    close: () => undefined,
    read: async () => {
      const before = invocations.length
      for (const each of functions) await readOne(each)
      return invocations.length - before
    },
  }
}
