import { type FilteredLogEvent, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs'
import type { LiveFunction } from './instruments.ts'
import type { LiveClients } from './target.ts'
import { logLine, type Report, type TraceLine } from './trace-line.ts'

/** An invocation as its function told it, with what Lambda reported of it. */
export interface LoggedInvocation {
  readonly functionId: string
  readonly line: TraceLine
}

/** What the functions of a stack have logged since the run began. */
export interface FunctionLog {
  /** Reads what is new, and gives how many invocations that were. */
  read(): Promise<number>
  readonly invocations: readonly LoggedInvocation[]
  /** By request id. */
  readonly reports: ReadonlyMap<string, Report>
}

/** A line may turn up later than one that was written after it. */
const overlapMs = 60_000

export const createFunctionLog = (
  { logs }: LiveClients,
  functions: readonly LiveFunction[],
  startMs: number,
): FunctionLog => {
  const invocations: LoggedInvocation[] = []
  const reports = new Map<string, Report>()
  const seen = new Set<string>()
  const newestMs = new Map<string, number>()

  const take = (functionId: string, { eventId = '', message = '' }: FilteredLogEvent): void => {
    if (seen.has(eventId)) return
    seen.add(eventId)
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
    invocations,
    reports,
    read: async () => {
      const before = invocations.length
      for (const each of functions) await readOne(each)
      return invocations.length - before
    },
  }
}
