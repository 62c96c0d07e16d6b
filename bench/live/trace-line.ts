import { z } from 'zod'

/** What a function told of one of its calls; see infra/trace.ts, which writes it. Times in ms since the Unix epoch. */
const callSchema = z.object({
  action: z.string(),
  input: z.unknown(),
  output: z.unknown().optional(),
  error: z.string().optional(),
  attempts: z.number(),
  startedMs: z.number(),
  endedMs: z.number(),
})

const traceSchema = z.object({
  trace: z.literal(1),
  /** The run that the environment was made for, as its variable `TRACE` says. */
  run: z.string().optional(),
  functionName: z.string(),
  cold: z.boolean(),
  memoryMiB: z.number(),
  requestId: z.string(),
  startedMs: z.number(),
  endedMs: z.number(),
  event: z.unknown(),
  result: z.unknown().optional(),
  error: z.object({ name: z.string(), message: z.string() }).optional(),
  calls: z.array(callSchema),
  providers: z.array(callSchema),
})

/** A piece of a line that was too long for a log; its text is Base64. */
const partSchema = z.object({
  tracePart: z.literal(1),
  requestId: z.string(),
  part: z.number().int().nonnegative(),
  parts: z.number().int().positive(),
  text: z.string(),
})

export type TracePart = z.infer<typeof partSchema>
export type TracedCall = z.infer<typeof callSchema>
export type TraceLine = z.infer<typeof traceSchema>

/** What Lambda itself reports of an invocation. */
export interface Report {
  readonly requestId: string
  readonly billedMs: number
  readonly initMs: number
  readonly isTimeout: boolean
}

/** A line of a function's log: what it told or a part of that, what Lambda reported, or none of these. */
export type LogLine =
  | { readonly kind: 'trace'; readonly line: TraceLine }
  | { readonly kind: 'part'; readonly part: TracePart }
  | { readonly kind: 'report'; readonly report: Report }
  | undefined

/** Reads a line that a function posted. */
export const traceLine = (text: string): TraceLine | undefined => {
  const read = fromJson(text)
  return read?.kind === 'trace' ? read.line : undefined
}

/** Puts the parts of a line together; undefined as long as one lacks. */
export const joined = (parts: ReadonlyMap<number, TracePart>): TraceLine | undefined => {
  const inOrder = [...parts.values()].toSorted((a, b) => a.part - b.part)
  if (inOrder.length !== inOrder[0]?.parts) return undefined
  return traceLine(Buffer.concat(inOrder.map(({ text }) => Buffer.from(text, 'base64'))).toString('utf8'))
}

/** Reads a log event in Lambda's JSON format or in its text format. */
export const logLine = (message: string): LogLine => {
  const text = message.trim()
  if (text.startsWith('{')) return fromJson(text)
  const from = text.search(beginning)
  if (from >= 0) return told(parsed(text.slice(from)))
  return fromReportText(text)
}

const beginning = /\{"trace(?:Part)?":1,/

const fromJson = (text: string): LogLine => {
  const value = parsed(text)
  if (!isObject(value)) return undefined
  if (value['type'] === 'platform.report') return fromReportJson(value['record'])
  const { message } = value
  return typeof message === 'string' && message.search(beginning) === 0 ? told(parsed(message)) : told(value)
}

/** What a function wrote. */
const told = (value: unknown): LogLine => {
  const line = traceSchema.safeParse(value)
  if (line.success) return { kind: 'trace', line: line.data }
  const part = partSchema.safeParse(value)
  return part.success ? { kind: 'part', part: part.data } : undefined
}

const reportSchema = z.object({
  requestId: z.string(),
  status: z.string().optional(),
  metrics: z.object({ billedDurationMs: z.number(), initDurationMs: z.number().optional() }),
})

const fromReportJson = (record: unknown): LogLine => {
  const read = reportSchema.safeParse(record)
  if (!read.success) return undefined
  const { requestId, status, metrics } = read.data
  const { billedDurationMs: billedMs, initDurationMs: initMs = 0 } = metrics
  return { kind: 'report', report: { requestId, billedMs, initMs, isTimeout: status === 'timeout' } }
}

const reportText =
  /^REPORT RequestId: (\S+).*?Billed Duration: ([\d.]+) ms(?:.*?Init Duration: ([\d.]+) ms)?/s

const fromReportText = (text: string): LogLine => {
  const [, requestId, billed, init] = reportText.exec(text) ?? []
  if (requestId === undefined) return undefined
  return {
    kind: 'report',
    report: {
      requestId,
      billedMs: Number(billed),
      initMs: Number(init ?? 0),
      isTimeout: /Status: timeout/.test(text),
    },
  }
}

/** Undefined for a text that is no JSON: a function may log what it likes. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object'
