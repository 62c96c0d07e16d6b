import { field } from '../measure/messages.ts'
import { referredId } from '../references.ts'
import type { TraceEntry } from '../trace.ts'
import type { Template } from '../virtual-aws/deploy.ts'
import { clock } from './clock.ts'
import type { ExplainedOrder } from './explained.ts'
import { partsOf, queuedBy } from './waits.ts'

/** A message that was sent to a queue and is not deleted. */
interface OpenMessage {
  readonly queue: string
  /** Ids of its envelope. */
  readonly about: readonly string[]
  readonly says: string
  receives: number
  lost?: TraceEntry
}

/** What of an order is not done when all is at rest, one thing a line. */
export const openEnds = ({
  entries,
  template,
  intendedMs,
  unheard,
}: Pick<ExplainedOrder, 'entries' | 'template' | 'intendedMs' | 'unheard'>): readonly string[] => [
  ...refusedAtDoor(entries),
  ...unheard.map(
    ({ resource, bus, fromMs }) =>
      `${resource} never handed on the event that ${bus} took at ${clock(fromMs - intendedMs)}`,
  ),
  ...openMessages(entries).map((message) => whereItLies(message, template, intendedMs)),
  ...openExecutions(entries),
]

/** The customer was told, and would have to order again. */
const refusedAtDoor = (entries: readonly TraceEntry[]): readonly string[] => {
  const error = entries.findLast(({ by }) => by === 'caller')?.error
  return error === undefined ? [] : [`the front door took no order: ${error}`]
}

const openMessages = (entries: readonly TraceEntry[]): readonly OpenMessage[] => {
  const open = new Map<string, OpenMessage>()
  for (const entry of entries)
    if (losses.includes(partsOf(entry).action)) lose([...open.values()], entry)
    else for (const id of queuedBy(entry)) follow(open, `${partsOf(entry).target}/${id}`, entry)
  return [...open.values()]
}

const losses = ['dead-lettered', 'expired', 'dropped']

/** Of a loss only the envelope is known: among several messages of one it was the one received most, else the first sent. */
const lose = (open: readonly OpenMessage[], entry: TraceEntry): void => {
  const { about = [] } = entry.context
  const [message] = open
    .filter(({ queue, lost }) => queue === entry.by && lost === undefined)
    .filter((each) => each.about.some((name) => about.includes(name)))
    .toSorted((a, b) => b.receives - a.receives)
  if (message !== undefined) message.lost = entry
}

const follow = (open: Map<string, OpenMessage>, key: string, entry: TraceEntry): void => {
  const { action, target } = partsOf(entry)
  const message = open.get(key)
  const isDone = entry.error === undefined
  if (action === 'sqs:SendMessage' && isDone)
    open.set(key, {
      queue: target,
      about: entry.context.about ?? [],
      says: entry.detail || 'a message',
      receives: 0,
    })
  else if (action.startsWith('sqs:Delete') && isDone) open.delete(key)
  else if (message !== undefined && action === 'sqs:ReceiveMessage') message.receives += 1
}

const whereItLies = (
  { queue, says, receives, lost }: OpenMessage,
  template: Template,
  intendedMs: number,
): string => {
  const received = `received ${receives} ${receives === 1 ? 'time' : 'times'}`
  if (lost === undefined) return `${says} lies in ${queue}, ${receives === 0 ? 'never received' : received}`
  const at = clock(lost.startedMs - intendedMs)
  if (lost.what !== 'dead-lettered') return `${says} is gone from ${queue}: ${lost.what} at ${at}`
  return `${says} lies in ${deadLetterQueueOf(queue, template) ?? 'a dead-letter queue'} since ${at}, ${received} from ${queue}`
}

const deadLetterQueueOf = (queue: string, { Resources }: Template): string | undefined =>
  referredId(field(field(Resources[queue]?.Properties, 'RedrivePolicy'), 'deadLetterTargetArn'))

/** Executions of the order that have not ended, or that ended badly. */
const openExecutions = (entries: readonly TraceEntry[]): readonly string[] => {
  const last = new Map<string, TraceEntry>()
  for (const entry of entries)
    if (entry.what.startsWith('states:transition') || entry.what.startsWith('states:execution'))
      last.set(entry.by, entry)
  return [...last].flatMap(([machine, entry]) => {
    const { action, target } = partsOf(entry)
    if (action === 'states:transition') return [`the execution of ${machine} is still in ${target}`]
    return target === 'SUCCEEDED'
      ? []
      : [
          `the execution of ${machine} ended as ${target}${entry.error === undefined ? '' : `: ${entry.error}`}`,
        ]
  })
}
