import { field } from '../measure/messages.ts'
import { referredId } from '../references.ts'
import type { TraceEntry } from '../trace.ts'
import type { Template } from '../virtual-aws/deploy.ts'

/** Lines of a diagram at most, counted from its beginning and its end: in between retries look alike. */
const linesMax = { first: 60, last: 40 } as const

/** Calls that say nothing of who told whom what. */
const untold: ReadonlySet<string> = new Set([
  'ReceiveMessage',
  'DeleteMessage',
  'DeleteMessageBatch',
  'GetItem',
  'ChangeMessageVisibility',
  'ChangeMessageVisibilityBatch',
])

/**
 * What happened to an order as a Mermaid sequence diagram: the messages, each attempt of a function, and where one died.
 * Times are seconds since the order's intended start.
 */
export const sequenceDiagram = (
  entries: readonly TraceEntry[],
  intendedMs: number,
  template: Template,
): string => {
  const queues = queuesByFunction(template)
  const attempts = new Map<string, number>()
  const told = entries.flatMap((entry) => {
    const at = `${((entry.startedMs - intendedMs) / 1_000).toFixed(1)} s`
    const [first, end] = linesOf(entry, entries, { at, queues, attempts })
    return [
      ...(first === undefined ? [] : [{ atMs: entry.startedMs, line: first }]),
      ...(end === undefined ? [] : [{ atMs: entry.endedMs, line: end }]),
    ]
  })
  const lines = told.toSorted((a, b) => a.atMs - b.atMs).map(({ line }) => line)
  return ['sequenceDiagram', ...shortened(lines).map((line) => `  ${line}`)].join('\n')
}

interface Place {
  readonly at: string
  /** By function, the queue that it reads. */
  readonly queues: ReadonlyMap<string, string>
  /** By function, how often it was invoked so far. */
  readonly attempts: Map<string, number>
}

/** What an entry begins with, and how it ends where that is worth a line. */
const linesOf = (entry: TraceEntry, entries: readonly TraceEntry[], place: Place): readonly string[] => {
  const [kind = '', target = ''] = entry.what.split(' ')
  const [service, action = ''] = kind.split(':')
  const mark = entry.error === undefined ? '' : ` ✗ ${entry.error}`
  switch (service) {
    case 'lambda':
      return action === 'invocation'
        ? attemptLines(entry, place)
        : [arrow(entry.by, target, `${action}${mark}`, entry.error !== undefined)]
    case 'states':
      if (action === 'transition') return [note(entry.by, `${target} ${entry.detail}`.trim())]
      if (action === 'execution') return [note(entry.by, `${target}${mark}, ${place.at}`)]
      return [arrow(entry.by, target, `${entry.detail || action}${mark}`, entry.error !== undefined)]
    case 'provider':
      return [arrow(callerOf(entry, entries), entry.by, `${action}${mark}`, entry.error !== undefined)]
    case 'sqs':
    case 'events':
    case 'dynamodb':
      return untold.has(action)
        ? []
        : [arrow(entry.by, target, `${entry.detail || action}${mark}`, entry.error !== undefined)]
    default:
      return [note(entry.by, `${entry.what}: ${entry.detail}, ${place.at}`)]
  }
}

/** An invocation begins with its message and, unless it simply returns, ends with how it died. */
const attemptLines = (entry: TraceEntry, { at, queues, attempts }: Place): readonly string[] => {
  const attempt = (attempts.get(entry.by) ?? 0) + 1
  attempts.set(entry.by, attempt)
  const queue = queues.get(entry.by)
  const told = `attempt ${attempt}, ${at}`
  return [
    queue === undefined ? note(entry.by, told) : arrow(queue, entry.by, told, false),
    ...(entry.error === undefined ? [] : [note(entry.by, `✗ ${entry.error} in attempt ${attempt}`)]),
  ]
}

/** A provider does not know who asks: the attempt that was under way. */
const callerOf = ({ startedMs }: TraceEntry, entries: readonly TraceEntry[]): string =>
  entries.findLast(
    (other) =>
      other.what.startsWith('lambda:invocation') &&
      other.startedMs <= startedMs &&
      startedMs <= other.endedMs,
  )?.by ?? 'somebody'

const arrow = (from: string, to: string, text: string, isLost: boolean): string =>
  `${named(from)}${isLost ? '-x' : '->>'}${named(to)}: ${plain(text)}`

const note = (over: string, text: string): string => `Note over ${named(over)}: ${plain(text)}`

/** A participant's name may hold letters and digits alone. */
const named = (name: string): string => name.replaceAll(/\W/g, '_')

/** What ends a line or begins a comment in Mermaid. */
const plain = (text: string): string => text.replaceAll(/[;#\n]/g, ' ').replaceAll('%%', '%')

const shortened = (lines: readonly string[]): readonly string[] => {
  const left = lines.length - linesMax.first - linesMax.last
  if (left <= 1) return lines
  return [
    ...lines.slice(0, linesMax.first),
    `%% ${left} lines are left out here`,
    ...lines.slice(-linesMax.last),
  ]
}

const queuesByFunction = ({ Resources }: Template): ReadonlyMap<string, string> =>
  new Map(
    Object.values(Resources).flatMap(({ Type, Properties }) => {
      if (Type !== 'AWS::Lambda::EventSourceMapping') return []
      const name = referredId(field(Properties, 'FunctionName'))
      const queue = referredId(field(Properties, 'EventSourceArn'))
      return name === undefined || queue === undefined ? [] : [[name, queue] as const]
    }),
  )
