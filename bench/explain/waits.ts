import { field } from '../measure/messages.ts'
import { span } from '../report/format.ts'
import type { TraceEntry } from '../trace.ts'
import type { Template } from '../virtual-aws/deploy.ts'

/** From so long on it is said that nothing happens, and what is waited for. */
export const waitFromMs = 1_000

/** What is known of a message in a queue. */
interface Lying {
  readonly delaySeconds: number | undefined
  receivedMs?: number
  /** Asked for by a function since the last receive. */
  againSeconds?: number | undefined
}

type Remembering = Readonly<Record<string, () => unknown>>

/** A poller comes by a little after a message is visible again. */
const visibilitySlackMs = 1_500

/**
 * What each entry's beginning was waited for, in the order of the entries, as far as the entries before it tell;
 * undefined where they do not.
 */
export const reasonsOf = (
  entries: readonly TraceEntry[],
  template: Template,
): readonly (string | undefined)[] => {
  const visibility = visibilitySecondsIn(template)
  /** By queue and message; a message that was deleted is not among them. */
  const lying = new Map<string, Lying>()
  const published = new Map<string, { readonly bus: string; readonly atMs: number }>()
  /** Queue and envelope: was there once. */
  const lain = new Set<string>()
  /** Rule and event: refused by the target before. */
  const tried = new Set<string>()
  /** By machine, the step of which an answer is awaited. */
  const asked = new Map<string, string>()

  const lyingIn = (queue: string, entry: TraceEntry): Lying | undefined =>
    queuedBy(entry)
      .map((id) => lying.get(`${queue}/${id}`))
      .find((known) => known !== undefined)

  const whyReceived = (queue: string, entry: TraceEntry): string => {
    const message = lyingIn(queue, entry)
    if (message?.receivedMs === undefined)
      return message?.delaySeconds === undefined
        ? `a message lies in ${queue}`
        : `${queue} holds a message back for the ${span(message.delaySeconds * 1_000)} that it was sent with`
    const { againSeconds } = message
    if (againSeconds !== undefined)
      return `${queue} gives the message again after ${span(againSeconds * 1_000)}, as its reader asked`
    const seconds = visibility.get(queue)
    const lateMs = entry.startedMs - message.receivedMs - (seconds ?? 0) * 1_000
    return seconds !== undefined && lateMs >= 0 && lateMs < visibilitySlackMs
      ? `${queue} gives the message again after its visibility timeout of ${span(seconds * 1_000)}`
      : `the message comes back to ${queue}`
  }

  const whySent = ({ by, startedMs, context: { about = [] } }: TraceEntry): string | undefined => {
    if (about.some((name) => tried.has(`${by}/${name}`))) return `${by} tries again`
    const event = about.map((name) => published.get(name)).find((known) => known !== undefined)
    return event !== undefined && startedMs - event.atMs >= waitFromMs
      ? `${event.bus} has the event, ${by} not yet`
      : undefined
  }

  const whyEntered = (machine: string, state: string, { detail }: TraceEntry): string | undefined => {
    const step = asked.get(machine)
    if (step !== undefined) return `${machine} gets no answer to its task token of ${step}`
    return detail === '' ? undefined : `${machine} waits before it retries ${state}`
  }

  const reasonOf = (entry: TraceEntry): string | undefined => {
    const { action, target } = partsOf(entry)
    switch (action) {
      case 'sqs:ReceiveMessage':
        return whyReceived(target, entry)
      case 'sqs:SendMessage':
        return whySent(entry)
      case 'states:transition':
      case 'states:execution':
        return whyEntered(entry.by, target, entry)
      case 'dead-lettered':
      case 'expired':
        return entry.context.about?.some((name) => lain.has(`${entry.by}/${name}`)) === true
          ? `the message lies in ${entry.by}`
          : undefined
      default:
        return undefined
    }
  }

  const sent = (entry: TraceEntry, queue: string): void => {
    const { about = [], delaySeconds, asks } = entry.context
    if (entry.error !== undefined) {
      for (const name of about) tried.add(`${entry.by}/${name}`)
      return
    }
    for (const name of about) lain.add(`${queue}/${name}`)
    for (const id of queuedBy(entry)) lying.set(`${queue}/${id}`, { delaySeconds })
    if (asks === true) asked.set(entry.by, entry.detail)
  }

  const received = (entry: TraceEntry, queue: string): void => {
    for (const name of entry.context.about ?? []) lain.add(`${queue}/${name}`)
    for (const id of queuedBy(entry))
      lying.set(`${queue}/${id}`, { delaySeconds: undefined, receivedMs: entry.startedMs })
  }

  const deleted = (ids: readonly string[], queue: string) => (): void => {
    for (const id of ids) lying.delete(`${queue}/${id}`)
  }

  const done = (entry: TraceEntry, target: string): Remembering => ({
    'sqs:ChangeMessageVisibility': () => {
      for (const id of queuedBy(entry)) {
        const message = lying.get(`${target}/${id}`)
        if (message !== undefined) message.againSeconds = entry.context.againSeconds
      }
    },
    'sqs:DeleteMessage': deleted(queuedBy(entry), target),
    'sqs:DeleteMessageBatch': deleted(queuedBy(entry), target),
    'events:PutEvents': () => {
      for (const name of entry.context.about ?? []) published.set(name, { bus: target, atMs: entry.endedMs })
    },
    'states:SendTaskSuccess': () => asked.delete(target),
    'states:SendTaskFailure': () => asked.delete(target),
  })

  const remember = (entry: TraceEntry): void => {
    const { action, target } = partsOf(entry)
    if (action === 'sqs:SendMessage') sent(entry, target)
    else if (action === 'sqs:ReceiveMessage') received(entry, target)
    else if (action === 'states:transition') asked.delete(entry.by)
    else if (entry.error === undefined) done(entry, target)[action]?.()
  }

  return entries.map((entry) => {
    const reason = reasonOf(entry)
    remember(entry)
    return reason
  })
}

/** The messages in queues that an entry is about, each by the id of SQS: of those that tell none, by their envelopes'. */
export const queuedBy = ({
  context: { about = [], queued = about },
}: Pick<TraceEntry, 'context'>): readonly string[] => queued

/** `sqs:ReceiveMessage` and the queue, `states:transition` and the state: what an entry is, and what it is done to. */
export const partsOf = ({
  what,
}: Pick<TraceEntry, 'what'>): { readonly action: string; readonly target: string } => {
  const [action = '', target = ''] = what.split(' ')
  return { action, target }
}

const visibilitySecondsIn = ({ Resources }: Template): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(Resources).flatMap(([id, { Type, Properties }]) => {
      const seconds = Type === 'AWS::SQS::Queue' ? field(Properties, 'VisibilityTimeout') : undefined
      return typeof seconds === 'number' ? [[id, seconds] as const] : []
    }),
  )
